/**
 * Runs a schedule lane by lane in float64, straight from memory: what a device may do. Lanes and
 * sequences take turns in a random order, so that a pass that reads what another lane writes gives
 * another result than the reference. It shares no code with the emitters but the schedule itself.
 */
import { type Extents, type Shape, sizeOf } from "../axes.ts";
import type { Node, Slot } from "../program/node.ts";
import { meaningOf } from "../program/operations.ts";
import type { Stage } from "../program/program.ts";
import { randomStream } from "../random.ts";
import type { Pass, PassStore, Place, Schedule, Temporary } from "../schedule/pass.ts";
import { scheduleStage } from "../schedule/schedule.ts";

/** Values of slots, [T?, P, B?, ...shape]. */
export type Memory = ReadonlyMap<string, Float64Array>;

/** Where a lane or a turn of its loops stands. */
interface At {
  readonly p: number;
  readonly b: number;
  readonly t: number;
  readonly own: readonly number[];
}

/** One position for every element of a shape. */
function positions(shape: Shape): number[][] {
  return shape.reduce<number[][]>(
    (all, extent) => all.flatMap((own) => Array.from({ length: extent }, (_, i) => [...own, i])),
    [[]],
  );
}

const moved = (at: At, own: readonly number[]): At => ({ ...at, own });
const range = (length: number): number[] => Array.from({ length }, (_, i) => i);

/**
 * Runs a stage once (at step 0), or, if it loops, for every step.
 *
 * @param lockstep all wait after every group; else every sequence, and the shared values of a
 * replica, run ahead as far as the scopes of the passes let them.
 */
export function runStage(
  stage: Stage,
  memory: Memory,
  { extents, seed, lockstep = true }: { extents: Extents; seed: number; lockstep?: boolean },
): void {
  const schedule: Schedule = scheduleStage(stage, extents);
  const random = randomStream({ seed });
  const temporaries = new Map<Temporary, Float64Array>(schedule.temporaries.map((each) => [
    each,
    new Float64Array(sizeOf(each.shape) * extents.replicas * extents.sequences).fill(NaN),
  ]));

  function cell(place: Place, { p, b, t, own }: At): { array: Float64Array; index: number } {
    const array = "slot" in place
      ? memory.get(place.slot.name)!
      : temporaries.get(place.temporary)!;
    const { shape, hasBatchAxis }: Slot | Temporary = "slot" in place
      ? place.slot
      : place.temporary;
    const sequences = hasBatchAxis ? extents.sequences : 1;
    const step = "slot" in place && place.slot.hasTimeAxis ? t : 0;
    const element = own.reduce((offset, i, axis) => offset * shape[axis]! + i, 0);
    const index =
      ((step * extents.replicas + p) * sequences + (hasBatchAxis ? b : 0)) * sizeOf(shape) +
      element;
    if (index >= array.length) throw new RangeError(`read outside ${JSON.stringify(own)}`);
    return { array, index };
  }
  const read = (place: Place, at: At) => {
    const { array, index } = cell(place, at);
    return array[index]!;
  };

  function runLane(pass: Pass, lane: At): void {
    const registers = new Map<Node, number>();
    const made = new Set([...pass.reduced, ...pass.locals]);

    function value(node: Node, at: At): number {
      const { operation, inputs } = node;
      if (operation.op === "constant") return operation.value;
      if (registers.has(node) && isLane(at)) return registers.get(node)!;
      if (operation.op === "load") return read({ slot: operation.slot }, at);
      const place = schedule.places.get(node);
      if (place && !made.has(node)) return read(place, at);
      const first = inputs[0]!;
      switch (operation.op) {
        case "iota":
          return at.own[0]!;
        case "step":
          return at.t;
        case "sequence":
          return at.b;
        case "broadcast":
          return value(first, moved(at, first.shape.map((n, axis) => n === 1 ? 0 : at.own[axis]!)));
        case "reshape": {
          const moving = at.own.reduce((a, b) => a + b, 0);
          return value(first, moved(at, first.shape.map((n) => n === 1 ? 0 : moving)));
        }
        case "transpose":
          return value(first, moved(at, [at.own[1]!, at.own[0]!]));
        case "slice":
          return value(first, moved(at, [at.own[0]! + operation.start]));
        case "concat": {
          let i = at.own[0]!;
          for (const part of inputs) {
            if (i < part.shape[0]!) return value(part, moved(at, [i]));
            i -= part.shape[0]!;
          }
          throw new RangeError("outside a concatenation");
        }
        case "reduce":
          throw new TypeError(`value ${node.id} is reduced elsewhere and has no memory`);
        case "perSequence":
        case "stopGradient":
          return value(first, at);
        default:
          return meaningOf(operation.op)(...inputs.map((input) => value(input, at)));
      }
    }
    const isLane = ({ b, t, own }: At): boolean =>
      b === lane.b && t === lane.t && own.join() === lane.own.join();

    if (pass.reduction) {
      const { axes, lengths } = pass.reduction;
      const sums = new Map(pass.reduced.map((node) => [
        node,
        (node.operation as { kind: string }).kind === "max" ? -Infinity : 0,
      ]));
      const turns = lengths.reduce<number[][]>(
        (all, n) => all.flatMap((each) => range(n).map((q) => [...each, q])),
        [[]],
      );
      for (const turn of turns) {
        let { b, t, own } = lane;
        axes.forEach((axis, position) => {
          const q = turn[position]!;
          if (axis === "sequence") b = q;
          else if (axis === "time") t = q;
          else if (axis === "pre") own = [own[0]!, q];
          else own = pass.reduction!.operand.length === 2 ? [q, own[0]!] : [q];
        });
        const at: At = { p: lane.p, b, t, own };
        for (const node of pass.reduced) {
          const element = value(node.inputs[0]!, at);
          const { kind } = node.operation as { kind: string };
          const sum = sums.get(node)!;
          sums.set(node, kind === "max" ? Math.max(sum, element) : sum + element);
        }
        for (const store of pass.innerStores) write(store, at, value(store.value, at));
      }
      for (const [node, sum] of sums) registers.set(node, sum);
    }
    for (const node of pass.locals) registers.set(node, value(node, lane));
    const results = pass.stores.map((store) => [store, value(store.value, lane)] as const);
    for (const [store, result] of results) write(store, lane, result);
  }

  function write({ to }: PassStore, at: At, result: number): void {
    const { array, index } = cell(to, at);
    array[index] = result;
  }

  const steps = range(stage.loop === "none" ? 1 : extents.steps);
  if (stage.loop === "reverse") steps.reverse();
  const turns = steps.flatMap((t) => schedule.groups.map((group) => ({ t, group })));

  /** The part of a group that one sequence does; sequence B stands for the shared values. */
  function runGroup(group: readonly Pass[], { p, b, t }: Omit<At, "own">): void {
    const isShared = b === extents.sequences;
    const lanes = group.filter(({ domain }) => domain.hasBatchAxis !== isShared).flatMap((pass) =>
      positions(pass.domain.shape).map((own) => ({ pass, at: { p, b: isShared ? 0 : b, t, own } }))
    );
    for (const { pass, at } of random.shuffle(lanes)) runLane(pass, at);
  }

  for (let p = 0; p < extents.replicas; p++) {
    const workers = range(extents.sequences + 1);
    const done = workers.map(() => 0);
    for (;;) {
      const able = workers.filter((worker) => {
        const turn = turns[done[worker]!];
        if (!turn) return false;
        const waits = lockstep || turn.group.some(({ waitsFor }) => waitsFor === "replica");
        return !waits || done.every((count) => count >= done[worker]!);
      });
      if (able.length === 0) break;
      const worker = random.sample(able);
      const { t, group } = turns[done[worker]!]!;
      runGroup(group, { p, b: worker, t });
      done[worker]!++;
    }
  }
}
