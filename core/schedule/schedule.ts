/**
 * Turns a stage into passes: which values get memory, which run in one pass, and what waits for what.
 *
 * A value gets memory only where it must: a reduction, a vector that a matrix expression reads again
 * and again, a value that several expressions share. Everything else is recomputed inline by the lane
 * that needs it. Reductions over the same matrix extents run in one loop.
 */
import type { Extents } from "../axes.ts";
import { type Node, reachable, type Slot } from "../program/node.ts";
import { isReduction } from "../program/operations.ts";
import type { Stage, Store } from "../program/program.ts";
import { accessesOf } from "./accesses.ts";
import { type Assignment, assignPasses } from "./assign_passes.ts";
import { commitPasses } from "./commits.ts";
import { delayWriters } from "./delay_writers.ts";
import { unsafeInPlace } from "./in_place.ts";
import { innerStoresOf } from "./inner_stores.ts";
import { mustMaterialize } from "./materialize.ts";
import type { Pass, Place, Schedule, Temporary } from "./pass.ts";
import { type PassBuilder, type Reading, readingsOf, sameDomain } from "./pass_builder.ts";
import { pastRows } from "./past_rows.ts";
import { readAcrossSequences, waitScope } from "./wait_scope.ts";

/**
 * The passes of a stage, in order, and the temporaries between them.
 *
 * @example
 * const { groups, temporaries } = scheduleStage(program.procedures.get("train")![0]!, program.extents);
 *
 * @throws RangeError if the stage reduces a value of every step before the sum over the steps, or if
 * two of its stores each read what the other writes.
 */
export function scheduleStage(stage: Stage, extents: Extents): Schedule {
  const roots = rootsOf(stage);
  if (roots.some(({ hasTimeAxis }) => hasTimeAxis)) {
    throw new RangeError(
      `Stage ${stage.name}: a value of every step is reduced before the sum over the steps; do it inside a loop`,
    );
  }
  const rootSet = new Set(roots);
  const assignment = assignPasses(roots, extents);
  const places = new Map<Node, Place>();
  const building = { ...assignment, rootSet, places };
  const uncomputed = stage.stores.filter(({ value }) => !rootSet.has(value));
  const readElsewhere = valuesReadElsewhere(uncomputed, building);
  delayWriters(stage.stores, { ...assignment, rootSet, readElsewhere });
  const late = placeStores(stage.stores, building);
  const temporaries = placeTemporaries(late, building);
  const commits = commitPasses(late, building);
  const groups = groupByLevel([...assignment.builders, ...commits])
    .map((group) => group.map(toPass));
  const readAcross = readAcrossSequences(groups.flat(), { materialized: rootSet, places });
  const written = new Set(stage.stores.map(({ slot }) => slot));
  const context = { materialized: rootSet, written, readAcross };
  const past = pastRows(groups.flat(), rootSet);
  return {
    groups: groups.map((group) =>
      group.map((pass) => ({ ...pass, waitsFor: waitScope(pass, context), past: past.get(pass) }))
    ),
    temporaries,
    places,
  };
}

/** The values that get memory or a register, operands before users. */
function rootsOf({ stores }: Stage): Node[] {
  const nodes = reachable(stores.map(({ value }) => value));
  const expensive = mustMaterialize(nodes, stores);
  const unsafe = unsafeInPlace(stores, new Set(expensive));
  const chosen = new Set([...expensive, ...unsafe]);
  return nodes.filter((node) => chosen.has(node));
}

/** Passes under construction, and where their values lie so far. */
interface Building extends Assignment {
  readonly rootSet: ReadonlySet<Node>;
  readonly places: Map<Node, Place>;
}

/**
 * Assigns stores to passes: into the loop of a pass, or to the end of the pass that computes the value.
 *
 * @returns the stores that wait for passes of their own.
 */
function placeStores(
  stores: readonly Store[],
  { builders, passOf, rootSet, places }: Building,
): Store[] {
  const readings = readingsOf(builders, rootSet);
  const inner = innerStoresOf(stores, { readings, rootSet, passOf });
  // The map is ordered: readers of a slot come before the store that overwrites it.
  for (const [{ slot, value }, pass] of inner) pass.innerStores.push({ value, to: { slot } });
  const readLate = readByStores(stores, { passOf, rootSet });
  const late: Store[] = [];
  for (const store of stores) {
    const { slot, value } = store;
    if (inner.has(store)) continue;
    const pass = passOf.get(value);
    // A value has one place. A second slot gets its copy later.
    if (!pass || readLate.has(slot) || places.has(value) || !canStore(pass, slot, readings)) {
      late.push(store);
      continue;
    }
    pass.stores.push({ value, to: { slot } });
    places.set(value, { slot });
  }
  return late;
}

/** Whether a pass may overwrite a slot: all readers of the old values are done by then. */
const canStore = (pass: PassBuilder, slot: Slot, readings: readonly Reading[]): boolean =>
  sameDomain(pass.domain, slot) &&
  readings.every((reading) =>
    reading.slot !== slot || reading.pass.level < pass.level ||
    reading.pass === pass && reading.sameLane
  );

/** Makes temporaries for the values that another pass reads and that no slot holds. */
function placeTemporaries(late: readonly Store[], building: Building): Temporary[] {
  const { passOf, places } = building;
  const temporaries: Temporary[] = [];
  const needed = valuesReadElsewhere(late, building);
  for (const [value, pass] of passOf) {
    if (!needed.has(value) || places.has(value)) continue;
    const { id, shape, hasBatchAxis } = value;
    const temporary = { name: `v${id}`, shape, hasBatchAxis };
    temporaries.push(temporary);
    places.set(value, { temporary });
    pass.stores.push({ value, to: { temporary } });
  }
  return temporaries;
}

/**
 * Slots that are read by stores whose value no pass computes. Stores that overwrite these slots wait
 * for passes of their own.
 */
function readByStores(
  stores: readonly Store[],
  { passOf, rootSet }: { passOf: ReadonlyMap<Node, PassBuilder>; rootSet: ReadonlySet<Node> },
): Set<Slot> {
  const read = new Set<Slot>();
  for (const { slot, value } of stores) {
    if (passOf.has(value)) continue;
    for (const { node } of accessesOf(value, rootSet, { whole: true })) {
      const { operation } = node;
      if (operation.op === "load" && operation.slot !== slot) read.add(operation.slot);
    }
  }
  return read;
}

/** Values that a pass reads which does not compute them: they need memory. */
function valuesReadElsewhere(
  late: readonly Store[],
  { builders, passOf, rootSet }: Building,
): Set<Node> {
  const needed = new Set<Node>();
  const read = (value: Node, by: PassBuilder | undefined, whole: boolean) => {
    for (const { node } of accessesOf(value, rootSet, { whole })) {
      const producer = passOf.get(node);
      if (producer && producer !== by) needed.add(node);
    }
  };
  for (const builder of builders) {
    for (const root of builder.roots) read(root, builder, false);
    for (const { value } of builder.innerStores) read(value, builder, true);
  }
  for (const { value } of late) {
    if (passOf.has(value)) needed.add(value);
    else read(value, undefined, true);
  }
  return needed;
}

function groupByLevel(builders: readonly PassBuilder[]): PassBuilder[][] {
  const groups: PassBuilder[][] = [];
  for (const builder of builders) (groups[builder.level] ??= []).push(builder);
  return groups.filter((group) => group !== undefined);
}

function toPass({ domain, reduction, roots, innerStores, stores }: PassBuilder): Pass {
  return {
    domain,
    reduction,
    reduced: roots.filter(({ operation }) => isReduction(operation.op)),
    locals: roots.filter(({ operation }) => !isReduction(operation.op)),
    innerStores,
    stores,
    waitsFor: "lane",
  };
}
