/**
 * What a loop would compute again at every step, although nothing in it changes from step to step,
 * is computed once, in a stage of its own.
 *
 * This saves less arithmetic than waiting: such values are shared by all sequences, and a loop that
 * makes shared values has to be run by all sequences together.
 */
import { createGraph, type Graph, loadSlot, type Node, reachable } from "../program/node.ts";
import type { Slot } from "../program/node.ts";
import { changesEachStep } from "../program/operations.ts";
import type { Program, Stage, Store } from "../program/program.ts";
import { transplanter } from "../program/transplant.ts";
import { costlyMatrices, mustMaterialize } from "./materialize.ts";

/** Values that a stage of a procedure prepares for the loops after it. */
interface Preparation {
  readonly graph: Graph;
  readonly stores: Map<Node, Store>;
}

const writtenBy = (stages: readonly Stage[]): Set<Slot> =>
  new Set(stages.flatMap(({ stores }) => stores.map(({ slot }) => slot)));

/** The nodes whose value is the same at every step of a loop. */
function unchanging(nodes: readonly Node[], written: ReadonlySet<Slot>): Set<Node> {
  const found = new Set<Node>();
  for (const node of nodes) {
    const { operation, inputs } = node;
    const fixed = operation.op === "load"
      ? !operation.slot.hasTimeAxis && !written.has(operation.slot)
      : !changesEachStep(operation.op) && inputs.every((input) => found.has(input));
    if (fixed) found.add(node);
  }
  return found;
}

/**
 * The outermost unchanging values that would take memory in the loop itself, and shared matrices that
 * every step would read through an expression (symmetric weights, weights without a diagonal).
 */
function worthHoisting({ stores }: Stage): Node[] {
  const nodes = reachable(stores.map(({ value }) => value));
  const fixed = unchanging(nodes, writtenBy([{ name: "", loop: "none", stores }]));
  const chosen = new Set(
    [...mustMaterialize(nodes, stores), ...costlyMatrices(nodes)].filter((node) => fixed.has(node)),
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

/** The first stage before which these values are already what they are at stage `until`. */
function earliest(values: readonly Node[], stages: readonly Stage[], until: number): number {
  const read = reachable(values).flatMap(({ operation }) =>
    operation.op === "load" ? [operation.slot] : []
  );
  let position = until;
  while (position > 0) {
    const written = writtenBy([stages[position - 1]!]);
    if (read.some((slot) => written.has(slot))) break;
    position -= 1;
  }
  return position;
}

/**
 * The same program with the unchanging values of its loops prepared before them: as early as what
 * they are made of allows, so that the loops of a procedure stay neighbours.
 */
export function hoistInvariants(program: Program): Program {
  const slots = new Map(program.slots);
  const procedures = new Map<string, readonly Stage[]>();
  for (const [procedure, stages] of program.procedures) {
    const preparations = new Map<number, Preparation>();
    const loops = stages.map((stage, position): Stage => {
      const hoisted = stage.loop === "none" ? [] : worthHoisting(stage);
      if (hoisted.length === 0) return stage;
      const at = earliest(hoisted, stages, position);
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

/** The slot that a value is prepared in; loops that need the same value share it. */
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

/** The stage, reading what is prepared instead of computing it. */
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
