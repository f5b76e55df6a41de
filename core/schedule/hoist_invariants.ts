/**
 * Loop-invariant code motion: values that are the same at every step of a loop are computed once, in
 * a stage before it.
 *
 * This saves some arithmetic, but more waiting. Such values are mostly shared by all sequences, and a
 * loop that computes shared values makes all sequences wait for each other.
 */
import { createGraph, type Graph, loadSlot, type Node, reachable } from "../program/node.ts";
import type { Slot } from "../program/node.ts";
import { changesEachStep } from "../program/operations.ts";
import type { Program, Stage, Store } from "../program/program.ts";
import { transplanter } from "../program/transplant.ts";
import { costlyMatrices, mustMaterialize } from "./materialize.ts";
import { transposedMatrices, turnProducts } from "./transpose_invariants.ts";

/** The stage that prepares values for the loops after it. */
interface Preparation {
  readonly graph: Graph;
  readonly stores: Map<Node, Store>;
}

const writtenBy = (stages: readonly Stage[]): Set<Slot> =>
  new Set(stages.flatMap(({ stores }) => stores.map(({ slot }) => slot)));

/** The nodes of stores whose value is the same at every step of a loop that changes the slots `written`. */
function invariants(stores: readonly Store[], written: ReadonlySet<Slot>): Set<Node> {
  const invariant = new Set<Node>();
  for (const node of reachable(stores.map(({ value }) => value))) {
    const { operation, inputs } = node;
    const isInvariant = operation.op === "load"
      ? !operation.slot.hasTimeAxis && !written.has(operation.slot)
      : !changesEachStep(operation.op) && inputs.every((input) => invariant.has(input));
    if (isInvariant) invariant.add(node);
  }
  return invariant;
}

/**
 * The outermost invariant values that are worth a stage of their own: those that would take memory in
 * the loop, shared matrices that every step would compute again (symmetric weights, weights
 * without a diagonal), and transposed ones.
 *
 * @param written what the loop changes.
 */
function worthHoisting({ stores }: Stage, written: ReadonlySet<Slot>): Node[] {
  const nodes = reachable(stores.map(({ value }) => value));
  const invariant = invariants(stores, written);
  const chosen = new Set(
    [...mustMaterialize(nodes, stores), ...costlyMatrices(nodes), ...transposedMatrices(nodes)]
      .filter((node) => invariant.has(node)),
  );
  const outermost = new Set<Node>();
  const seen = new Set<Node>();
  const visit = (node: Node) => {
    if (seen.has(node)) return;
    seen.add(node);
    if (chosen.has(node)) outermost.add(node);
    else node.inputs.forEach(visit);
  };
  stores.forEach(({ value }) => visit(value));
  return [...outermost];
}

/** The first stage of the outermost loop around a stage, and the first one after this loop. */
function outermostLoop(stages: readonly Stage[], position: number): [begin: number, end: number] {
  const { segments } = stages[position]!;
  let [begin, end] = [position, position + 1];
  while (segments && stages[begin - 1]?.segments === segments) begin -= 1;
  while (segments && stages[end]?.segments === segments) end += 1;
  return [begin, end];
}

/** The earliest stage before which these values already equal what they are at stage `until`. */
function earliest(values: readonly Node[], stages: readonly Stage[], until: number): number {
  const read = reachable(values).flatMap(({ operation }) =>
    operation.op === "load" ? [operation.slot] : []
  );
  let position = until;
  while (position > 0) {
    const [begin] = outermostLoop(stages, position - 1);
    const written = writtenBy(stages.slice(begin, position));
    if (read.some((slot) => written.has(slot))) break;
    position = begin;
  }
  return position;
}

/**
 * The same program with the invariant values of its loops computed before them. They are computed as
 * early as their operands allow, so that the loops of a procedure stay next to each other.
 *
 * @returns a program with more stages (`prepare`) and slots (`prepared/...`); its results are equal but for
 * the order of sums that `turnProducts` turns.
 */
export function hoistInvariants(program: Program): Program {
  const slots = new Map(program.slots);
  const procedures = new Map<string, readonly Stage[]>();
  for (const [procedure, stages] of program.procedures) {
    const preparations = new Map<number, Preparation>();
    const loops = stages.map((original, position): Stage => {
      const [begin, end] = outermostLoop(stages, position);
      const written = writtenBy(stages.slice(begin, end));
      // A single step of a loop is turned as the loop is: what a task hears has the bits of what is learned.
      const stage = original.loop === "none"
        ? original
        : turnProducts(original, invariants(original.stores, written), program.extents);
      const hoisted = stage.loop === "none" ? [] : worthHoisting(stage, written);
      if (hoisted.length === 0) return stage;
      const at = earliest(hoisted, stages, begin);
      const graph = createGraph(false, program.extents.sequences);
      const preparation = preparations.get(at) ?? { graph, stores: new Map<Node, Store>() };
      preparations.set(at, preparation);
      const move = transplanter(preparation.graph, () => undefined);
      const prepared = new Map(hoisted.map((node) => {
        const name = `prepared/${procedure}/${at}/${move(node).id}`;
        return [node, prepare(preparation, move(node), name)] as const;
      }));
      return withPrepared(stage, prepared);
    });
    procedures.set(
      procedure,
      loops.flatMap((stage, position) => {
        const preparation = preparations.get(position);
        if (!preparation) return [stage];
        const stores = [...preparation.stores.values()];
        for (const { slot } of stores) slots.set(slot.name, slot);
        return [{ name: "prepare", loop: "none", stores }, stage];
      }),
    );
  }
  return { ...program, slots, procedures };
}

/** Stores a value in a slot of the preparing stage; loops that need the same value share the slot. */
function prepare({ stores }: Preparation, value: Node, name: string): Slot {
  const earlier = stores.get(value);
  if (earlier) return earlier.slot;
  const { shape, hasBatchAxis } = value;
  const slot: Slot = {
    name,
    kind: "state",
    shape,
    hasBatchAxis,
    hasTimeAxis: false,
    hasChunkAxis: false,
  };
  stores.set(value, { slot, value });
  return slot;
}

/** The stage, with loads of prepared slots in place of the expressions of `prepared`. */
function withPrepared(stage: Stage, prepared: ReadonlyMap<Node, Slot>): Stage {
  const old = stage.stores[0]!.value.graph;
  const graph = createGraph(old.insideLoop, old.sequences);
  const move = transplanter(graph, (node) => {
    const slot = prepared.get(node);
    return slot && loadSlot(graph, slot);
  });
  return {
    ...stage,
    stores: stage.stores.map(({ slot, value }) => ({ slot, value: move(value) })),
  };
}
