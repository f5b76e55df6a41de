/**
 * Simulates one lane of a pass in float64. It shares no code with the backends but the schedule and the
 * meaning of operations.
 */
import { type Extents, sizeOf } from "../axes.ts";
import type { Node, Slot } from "../program/node.ts";
import { meaningOf } from "../program/operations.ts";
import { drawNumber, KEY_SIZE } from "../program/random_keys.ts";
import type { Pass, Place, Reduction, Temporary } from "../schedule/pass.ts";

/** Values of slots, [T?, P, B?, ...shape]. */
export type Memory = ReadonlyMap<string, Float64Array>;

/** The replica, sequence, step and element of a lane, or of a visit of its loops. */
export interface At {
  readonly p: number;
  readonly b: number;
  readonly t: number;
  readonly element: readonly number[];
}

/** The memory that a lane works on. */
export interface Machine {
  readonly memory: Memory;
  readonly temporaries: ReadonlyMap<Temporary, Float64Array>;
  readonly places: ReadonlyMap<Node, Place>;
  readonly extents: Extents;
}

const moved = (at: At, element: readonly number[]): At => ({ ...at, element });
const range = (length: number): number[] => Array.from({ length }, (_, i) => i);
const isMax = ({ operation }: Node): boolean =>
  operation.op === "reduce" && operation.kind === "max";

/** The element of a place that `at` says. @throws RangeError if it is outside of memory. */
function cell(
  { memory, temporaries, extents }: Machine,
  place: Place,
  { p, b, t, element }: At,
): { array: Float64Array; index: number } {
  const array = "slot" in place ? memory.get(place.slot.name)! : temporaries.get(place.temporary)!;
  const { shape, hasBatchAxis }: Slot | Temporary = "slot" in place ? place.slot : place.temporary;
  const sequences = hasBatchAxis ? extents.sequences : 1;
  const step = "slot" in place && place.slot.hasTimeAxis ? t : 0;
  const offset = element.reduce((offset, i, axis) => offset * shape[axis]! + i, 0);
  const index =
    ((step * extents.replicas + p) * sequences + (hasBatchAxis ? b : 0)) * sizeOf(shape) + offset;
  if (index >= array.length) throw new RangeError(`read outside ${JSON.stringify(element)}`);
  return { array, index };
}

function read(machine: Machine, place: Place, at: At): number {
  const { array, index } = cell(machine, place, at);
  return array[index]!;
}

function write(machine: Machine, place: Place, at: At, result: number): void {
  const { array, index } = cell(machine, place, at);
  array[index] = result;
}

/** Runs one lane of a pass. @throws RangeError if it reads outside of memory. */
export function runLane(machine: Machine, pass: Pass, lane: At): void {
  const registers = new Map<Node, number>();
  const value = createEvaluator(machine, { pass, lane, registers });
  if (pass.reduction) {
    const sums = new Map(pass.reduced.map((node) => [node, isMax(node) ? -Infinity : 0]));
    for (const at of visits(pass.reduction, lane)) {
      for (const node of pass.reduced) {
        const operand = operandAt(node, at, value);
        const sum = sums.get(node)!;
        sums.set(node, isMax(node) ? Math.max(sum, operand) : sum + operand);
      }
      for (const store of pass.innerStores) write(machine, store.to, at, value(store.value, at));
    }
    for (const [node, sum] of sums) registers.set(node, sum);
  }
  for (const node of pass.locals) registers.set(node, value(node, lane));
  const results = pass.stores.map((store) => [store, value(store.value, lane)] as const);
  for (const [store, result] of results) write(machine, store.to, lane, result);
}

/** What a reduction adds up (or compares) at a visit. */
function operandAt(node: Node, at: At, value: (node: Node, at: At) => number): number {
  const [a, b] = node.inputs as [Node, Node];
  if (node.operation.op !== "matmul") return value(a, at);
  const [i, j, q] = at.element as [number, number, number];
  return value(a, moved(at, [i, q])) * value(b, moved(at, [q, j]));
}

/** All visits of the loops of a reduction, in order. */
function visits({ axes, lengths, operand }: Reduction, lane: At): At[] {
  const turns = lengths.reduce<number[][]>(
    (all, length) => all.flatMap((outer) => range(length).map((q) => [...outer, q])),
    [[]],
  );
  return turns.map((turn) => {
    let { b, t, element } = lane;
    axes.forEach((axis, depth) => {
      const q = turn[depth]!;
      if (axis === "sequence") b = q;
      else if (axis === "time") t = q;
      else if (axis === "shared") element = [...element, q];
      else if (axis === "pre") element = [element[0]!, q];
      else element = operand.length === 2 ? [q, element[0]!] : [q];
    });
    return { p: lane.p, b, t, element };
  });
}

/** Makes the function that computes a value at a position. */
function createEvaluator(
  machine: Machine,
  { pass, lane, registers }: { pass: Pass; lane: At; registers: ReadonlyMap<Node, number> },
): (node: Node, at: At) => number {
  const computed = new Set([...pass.reduced, ...pass.locals]);
  const isLane = ({ b, t, element }: At): boolean =>
    b === lane.b && t === lane.t && element.join() === lane.element.join();

  return function value(node: Node, at: At): number {
    const { operation, inputs } = node;
    if (operation.op === "constant") return operation.value;
    if (registers.has(node) && isLane(at)) return registers.get(node)!;
    if (operation.op === "load") return read(machine, { slot: operation.slot }, at);
    const place = machine.places.get(node);
    if (place && !computed.has(node)) return read(machine, place, at);
    const first = inputs[0]!;
    switch (operation.op) {
      case "iota":
        return at.element[0]!;
      case "step":
        return at.t;
      case "sequence":
        return at.b;
      case "random": {
        const { slot } = operation;
        const key = Array.from(
          { length: KEY_SIZE },
          (_, index) => read(machine, { slot }, { ...at, element: [index] }),
        );
        const element = at.element.reduce((row, index, axis) => row * node.shape[axis]! + index, 0);
        return drawNumber(operation, { key, element, step: at.t });
      }
      case "broadcast":
        return value(
          first,
          moved(at, first.shape.map((n, axis) => n === 1 ? 0 : at.element[axis]!)),
        );
      case "reshape": {
        const moving = at.element.reduce((a, b) => a + b, 0);
        return value(first, moved(at, first.shape.map((n) => n === 1 ? 0 : moving)));
      }
      case "transpose":
        return value(first, moved(at, [at.element[1]!, at.element[0]!]));
      case "slice":
        return value(first, moved(at, [at.element[0]! + operation.start]));
      case "concat": {
        let i = at.element[0]!;
        for (const part of inputs) {
          if (i < part.shape[0]!) return value(part, moved(at, [i]));
          i -= part.shape[0]!;
        }
        throw new RangeError("outside a concatenation");
      }
      case "reduce":
      case "matmul":
        throw new TypeError(`value ${node.id} is reduced elsewhere and has no memory`);
      case "perSequence":
      case "stopGradient":
        return value(first, at);
      default:
        return meaningOf(operation.op)(...inputs.map((input) => value(input, at)));
    }
  };
}
