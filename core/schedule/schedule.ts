/**
 * From a stage to passes: what is materialized, what is fused, and what waits for what.
 *
 * A value gets a place in memory only where it must: a reduction, a vector that a matrix expression
 * reads over and over, a value that several expressions share. Everything else is recomputed inline
 * by the lane that needs it. Reductions over the same matrix extents run in one loop.
 */
import { type Extents, sameShape } from "../axes.ts";
import { type Node, reachable, type Slot } from "../program/node.ts";
import type { Stage, Store } from "../program/program.ts";
import { type Access, accessesOf } from "./accesses.ts";
import { type PassBuilder, readingsOf, sameDomain } from "./pass_builder.ts";
import { unsafeInPlace } from "./in_place.ts";
import { loopLengths } from "./index.ts";
import { innerStoresOf } from "./inner_stores.ts";
import { mustMaterialize } from "./materialize.ts";
import type { Domain, Pass, Place, Reduction, Schedule, Temporary } from "./pass.ts";
import { readAcrossSequences, waitScope } from "./wait_scope.ts";

const sameReduction = (a: Reduction | undefined, b: Reduction | undefined): boolean =>
  a !== undefined && b !== undefined && a.axes.join() === b.axes.join() &&
  a.lengths.join() === b.lengths.join() && sameShape(a.operand, b.operand);

function reductionOf(node: Node, extents: Extents): Reduction | undefined {
  if (node.operation.op !== "reduce") return undefined;
  return {
    axes: node.operation.axes,
    lengths: loopLengths(node, extents),
    operand: node.inputs[0]!.shape,
  };
}

/** @throws RangeError if the stage needs something no backend can do. */
export function scheduleStage(stage: Stage, extents: Extents): Schedule {
  const nodes = reachable(stage.stores.map(({ value }) => value));
  const expensive = mustMaterialize(nodes, stage.stores);
  const unsafe = unsafeInPlace(stage.stores, new Set(expensive));
  const chosen = new Set([...expensive, ...unsafe]);
  const roots = nodes.filter((node) => chosen.has(node));
  if (roots.some(({ hasTimeAxis }) => hasTimeAxis)) {
    throw new RangeError(
      `Stage ${stage.name}: a value of every step is reduced before the sum over the steps; do it inside a loop`,
    );
  }
  const builders: PassBuilder[] = [];
  const passOf = new Map<Node, PassBuilder>();
  const rootSet = new Set(roots);
  const accesses = new Map(roots.map((root) => [root, accessesOf(root, rootSet)]));

  for (const root of roots) {
    const domain = { hasBatchAxis: root.hasBatchAxis, shape: root.shape };
    const reduction = reductionOf(root, extents);
    let level = 0;
    const joinable = new Set<PassBuilder>();
    for (const { node, sameLane } of accesses.get(root)!) {
      const pass = passOf.get(node);
      if (!pass) continue;
      const joins = !reduction && sameLane && sameDomain(pass.domain, domain);
      level = Math.max(level, joins ? pass.level : pass.level + 1);
      if (joins) joinable.add(pass);
    }
    const partners = [...joinable].filter((pass) => pass.level === level);
    // Values of two different passes meet only after both.
    if (partners.length > 1) level += 1;
    let pass = partners.length === 1
      ? partners[0]
      : reduction
      ? loopFor(root, { level, domain, reduction })
      : builders.find((each) =>
        each.level === level && sameDomain(each.domain, domain) &&
        !dependsOn(each, accesses.get(root)!)
      );
    if (!pass) {
      pass = { level, domain, reduction, roots: [], innerStores: [], stores: [] };
      builders.push(pass);
    }
    pass.roots.push(root);
    passOf.set(root, pass);
  }
  return finish({ stage, builders, passOf, rootSet });

  /** A pass whose loop can make this reduction too; a later one only if it reads the same matrix. */
  function loopFor(
    root: Node,
    { level, domain, reduction }: { level: number; domain: Domain; reduction: Reduction },
  ): PassBuilder | undefined {
    const loops = builders.filter((each) =>
      each.level >= level && sameDomain(each.domain, domain) &&
      sameReduction(each.reduction, reduction)
    );
    const matrices = matricesOf(root);
    return loops.find((each) => each.level === level) ??
      loops.find((each) =>
        each.roots.some((other) => [...matricesOf(other)].some((node) => matrices.has(node)))
      );
  }

  /** What a reduction reads at the very elements that its loop visits. */
  function matricesOf(root: Node): Set<Node> {
    return new Set(
      accesses.get(root)!.flatMap(({ node, sameElement }) =>
        sameElement && node.shape.length === 2 ? [node] : []
      ),
    );
  }

  function dependsOn(pass: PassBuilder, needs: readonly Access[]): boolean {
    return needs.some(({ node, sameLane }) => passOf.get(node) === pass && !sameLane);
  }
}

interface Unfinished {
  readonly stage: Stage;
  readonly builders: PassBuilder[];
  readonly passOf: ReadonlyMap<Node, PassBuilder>;
  readonly rootSet: ReadonlySet<Node>;
}

/** Places the stores, gives values their memory, and orders the passes. */
function finish({ stage, builders, passOf, rootSet }: Unfinished): Schedule {
  const readings = readingsOf(builders, rootSet);
  const places = new Map<Node, Place>();
  const late: Store[] = [];
  const inner = innerStoresOf(stage.stores, { readings, rootSet, passOf });
  // In the order of the map: readers of a slot before the one that overwrites it.
  for (const [{ slot, value }, pass] of inner) pass.innerStores.push({ value, to: { slot } });
  const readLate = readByStores(stage.stores, { passOf, rootSet });
  for (const store of stage.stores) {
    const { slot, value } = store;
    if (inner.has(store)) continue;
    const pass = passOf.get(value);
    if (!pass || readLate.has(slot)) {
      late.push(store);
      continue;
    }
    // One value has one place; a second slot gets a copy at the end.
    const safe = !places.has(value) && sameDomain(pass.domain, slot) &&
      readings.every((reading) =>
        reading.slot !== slot || reading.pass.level < pass.level ||
        reading.pass === pass && reading.sameLane
      );
    if (!safe) {
      late.push(store);
      continue;
    }
    pass.stores.push({ value, to: { slot } });
    places.set(value, { slot });
  }

  const temporaries: Temporary[] = [];
  const needed = valuesReadElsewhere({ builders, passOf, rootSet, late });
  for (const [value, pass] of passOf) {
    if (!needed.has(value) || places.has(value)) continue;
    const temporary = {
      name: `v${value.id}`,
      shape: value.shape,
      hasBatchAxis: value.hasBatchAxis,
    };
    temporaries.push(temporary);
    places.set(value, { temporary });
    pass.stores.push({ value, to: { temporary } });
  }

  const groups = groupByLevel(builders);
  groups.push(...commitGroups(late, { rootSet }));
  const written = new Set(stage.stores.map(({ slot }) => slot));
  const passes = groups.map((group) => group.map(toPass));
  const readAcross = readAcrossSequences(passes.flat(), { materialized: rootSet, places });
  const known = { materialized: rootSet, written, readAcross };
  return {
    groups: passes.map((group) =>
      group.map((pass) => ({ ...pass, waitsFor: waitScope(pass, known) }))
    ),
    temporaries,
    places,
  };
}

/**
 * Slots that the expressions of stores read, at the end of the stage or inside a loop: whatever
 * overwrites them waits for the last passes.
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

/** Values that another pass than their own reads, and that therefore need memory. */
function valuesReadElsewhere({ builders, passOf, rootSet, late }: {
  builders: readonly PassBuilder[];
  passOf: ReadonlyMap<Node, PassBuilder>;
  rootSet: ReadonlySet<Node>;
  late: readonly Store[];
}): Set<Node> {
  const needed = new Set<Node>();
  const read = (value: Node, by: PassBuilder | undefined, whole: boolean) => {
    for (const { node } of accessesOf(value, rootSet, { whole })) {
      const maker = passOf.get(node);
      if (maker && maker !== by) needed.add(node);
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

/** The last passes: stores that had to wait until everything had read the old values. */
function commitGroups(
  late: readonly Store[],
  { rootSet }: { rootSet: ReadonlySet<Node> },
): PassBuilder[][] {
  const commits: (PassBuilder & { reads: Set<Slot>; writes: Set<Slot> })[] = [];
  for (const { slot, value } of late) {
    const domain = { hasBatchAxis: slot.hasBatchAxis, shape: slot.shape };
    let commit = commits.find((each) => sameDomain(each.domain, domain));
    if (!commit) {
      commit = {
        level: 0,
        domain,
        reduction: undefined,
        roots: [],
        innerStores: [],
        stores: [],
        reads: new Set(),
        writes: new Set(),
      };
      commits.push(commit);
    }
    commit.stores.push({ value, to: { slot } });
    commit.writes.add(slot);
    for (const { node } of accessesOf(value, rootSet, { whole: true })) {
      if (node.operation.op === "load") commit.reads.add(node.operation.slot);
    }
  }
  // A commit that reads what another one writes goes first.
  const ordered: typeof commits = [];
  const waiting = [...commits];
  while (waiting.length > 0) {
    const next = waiting.findIndex((each) =>
      waiting.every((other) =>
        other === each || ![...other.reads].some((slot) => each.writes.has(slot))
      )
    );
    if (next < 0) {
      throw new RangeError(
        "Two stores of different shapes each read what the other writes; store one of them through a state",
      );
    }
    ordered.push(...waiting.splice(next, 1));
  }
  return ordered.map((commit) => [commit]);
}

function toPass({ domain, reduction, roots, innerStores, stores }: PassBuilder): Pass {
  return {
    domain,
    reduction,
    reduced: roots.filter(({ operation }) => operation.op === "reduce"),
    locals: roots.filter(({ operation }) => operation.op !== "reduce"),
    innerStores,
    stores,
    waitsFor: "lane",
  };
}
