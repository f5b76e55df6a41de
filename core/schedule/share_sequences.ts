/**
 * Matrices of which all sequences have equal copies for a while: a stage stores one value for every sequence, and
 * later stages read the copies until they are stored anew. These stages read one copy that the sequences share. The
 * others need not even be made, where they are stored anew before the procedure ends.
 */
import { perSequence } from "../program/language.ts";
import { createGraph, loadSlot, type Node, reachable, type Slot } from "../program/node.ts";
import type { Program, Stage } from "../program/program.ts";
import { transplanter } from "../program/transplant.ts";

/** A matrix that sequences share from one stage to another. */
interface Sharing {
  /** Of which every sequence has a copy. */
  readonly slot: Slot;
  /** The one that they share. */
  readonly shared: Slot;
  /** The stage that stores it, the last one that reads it, and whether copies are stored anew. */
  readonly from: number;
  readonly to: number;
  readonly isStoredAnew: boolean;
}

/**
 * The same program with one matrix in place of equal ones.
 *
 * @returns a program with more slots (`shared/...`); its results have the same bits.
 */
export function shareSequences(program: Program): Program {
  if (program.extents.sequences === 1) return program;
  const slots = new Map(program.slots);
  const procedures = new Map<string, readonly Stage[]>();
  for (const [procedure, stages] of program.procedures) {
    const sharings = sharingsOf(procedure, stages);
    for (const { shared } of sharings) slots.set(shared.name, shared);
    procedures.set(procedure, stages.map((stage, position) => sharing(stage, position, sharings)));
  }
  return { ...program, slots, procedures };
}

function sharingsOf(procedure: string, stages: readonly Stage[]): Sharing[] {
  // A run of a single step goes on where another one ended.
  if (stages.some(({ loop }) => loop === "one")) return [];
  return stages.flatMap((stage, from) => {
    if (!runsOnce(stage)) return [];
    return stage.stores.flatMap(({ slot, value }): Sharing[] => {
      if (slot.shape.length !== 2 || !slot.hasBatchAxis || sharedValue(value).hasBatchAxis) {
        return [];
      }
      const next = stages.findIndex((other, position) => position > from && stores(other, slot));
      const to = next < 0 ? stages.length - 1 : next;
      const isStoredAnew = next >= 0;
      const isReadInLoop = stages.slice(from + 1, to + 1).some((other) =>
        !runsOnce(other) && reads(other, slot)
      );
      if (!isReadInLoop || isStoredAnew && !runsOnce(stages[to]!)) return [];
      const name = `shared/${procedure}/${from}/${slot.name}`;
      const shared: Slot = { ...slot, name, kind: "state", hasBatchAxis: false };
      return [{ slot, shared, from, to, isStoredAnew }];
    });
  });
}

const runsOnce = ({ loop, segments }: Stage): boolean => loop === "none" && !segments;

const stores = (stage: Stage, slot: Slot): boolean =>
  stage.stores.some((store) => store.slot === slot);

const reads = (stage: Stage, slot: Slot): boolean =>
  reachable(stage.stores.map(({ value }) => value))
    .some(({ operation }) => operation.op === "load" && operation.slot === slot);

/** The value that all sequences get. */
const sharedValue = (value: Node): Node =>
  value.operation.op === "perSequence" ? value.inputs[0]! : value;

/** A stage that stores or reads what is shared. */
function sharing(stage: Stage, position: number, sharings: readonly Sharing[]): Stage {
  const read = new Map(
    sharings.filter(({ from, to }) => from < position && position <= to)
      .map(({ slot, shared }) => [slot, shared]),
  );
  const stored = new Map(
    sharings.filter(({ from }) => from === position).map((each) => [each.slot, each]),
  );
  if (read.size === 0 && stored.size === 0) return stage;
  const old = stage.stores[0]!.value.graph;
  const graph = createGraph(old.insideLoop, old.sequences);
  const move = transplanter(graph, ({ operation }) => {
    const shared = operation.op === "load" ? read.get(operation.slot) : undefined;
    return shared && perSequence(loadSlot(graph, shared));
  });
  return {
    ...stage,
    stores: stage.stores.flatMap(({ slot, value }) => {
      const copy = { slot, value: move(value) };
      const one = stored.get(slot);
      if (!one) return [copy];
      const only = { slot: one.shared, value: sharedValue(copy.value) };
      return one.isStoredAnew ? [only] : [only, copy];
    }),
  };
}
