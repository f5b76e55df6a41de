/** Passes that only store: they wait until all other passes have read the old values. */
import type { Node, Slot } from "../program/node.ts";
import type { Store } from "../program/program.ts";
import { accessesOf } from "./accesses.ts";
import type { Assignment } from "./assign_passes.ts";
import { type PassBuilder, readingsOf, runAfter, sameDomain } from "./pass_builder.ts";

/** A pass that only stores. */
interface Commit extends PassBuilder {
  readonly reads: Set<Slot>;
  readonly writes: Set<Slot>;
}

/**
 * Passes for the late stores, one per domain. Each runs as early as its operands and the readers of what it overwrites allow.
 *
 * @param rootSet the values that have memory or a register.
 * @throws RangeError if two passes each read what the other writes.
 */
export function commitPasses(
  late: readonly Store[],
  { builders, passOf, rootSet }: Assignment & { rootSet: ReadonlySet<Node> },
): PassBuilder[] {
  const readings = readingsOf(builders, rootSet);
  const commits: Commit[] = [];
  for (const { slot, value } of late) {
    const commit = commitOf(slot, commits);
    commit.stores.push({ value, to: { slot } });
    commit.writes.add(slot);
    for (const { node } of accessesOf(value, rootSet, { whole: true })) {
      if (node.operation.op === "load") commit.reads.add(node.operation.slot);
      const computes = passOf.get(node);
      if (computes) runAfter(commit, computes);
    }
    for (const reader of readings) if (reader.slot === slot) runAfter(commit, reader.pass);
  }
  const ordered = readersFirst(commits);
  ordered.forEach((commit, index) => {
    for (const earlier of ordered.slice(0, index)) {
      if (!earlier.reads.isDisjointFrom(commit.writes)) runAfter(commit, earlier);
    }
  });
  return ordered;
}

/** The commit over the elements of a slot; adds one if there is none. */
function commitOf({ hasBatchAxis, shape }: Slot, commits: Commit[]): Commit {
  const domain = { hasBatchAxis, shape };
  const known = commits.find((other) => sameDomain(other.domain, domain));
  if (known) return known;
  const commit = {
    level: 0,
    domain,
    reduction: undefined,
    roots: [],
    innerStores: [],
    stores: [],
    reads: new Set<Slot>(),
    writes: new Set<Slot>(),
  };
  commits.push(commit);
  return commit;
}

/** Orders commits: one that reads a slot goes before the one that writes it. */
function readersFirst(commits: readonly Commit[]): Commit[] {
  const ordered: Commit[] = [];
  const waiting = [...commits];
  while (waiting.length > 0) {
    const next = waiting.findIndex((commit) =>
      waiting.every((other) =>
        other === commit || ![...other.reads].some((slot) => commit.writes.has(slot))
      )
    );
    if (next < 0) {
      throw new RangeError(
        "Two stores of different shapes each read what the other writes; store one of them through a state",
      );
    }
    ordered.push(...waiting.splice(next, 1));
  }
  return ordered;
}
