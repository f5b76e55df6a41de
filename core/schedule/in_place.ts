/** Which stored values cannot be computed where they are stored. */
import { describeShape, sameShape } from "../axes.ts";
import type { Node, Slot } from "../program/node.ts";
import type { Store } from "../program/program.ts";
import { accessesOf } from "./accesses.ts";

const sameDomain = (a: Slot, b: Slot): boolean =>
  a.hasBatchAxis === b.hasBatchAxis && sameShape(a.shape, b.shape);
const domainOf = ({ hasBatchAxis, shape }: Slot): string =>
  `${hasBatchAxis} ${describeShape(shape)}`;

/**
 * Stored values that need memory of their own first, though nothing else does: they read elements
 * that other lanes of the same commit pass overwrite (m <- transpose(m)), or commits of two shapes
 * each read what the other writes.
 */
export function unsafeInPlace(
  stores: readonly Store[],
  materialized: ReadonlySet<Node>,
): Set<Node> {
  const written = new Set(stores.map(({ slot }) => slot));
  const unsafe = new Set<Node>();
  /** Slots of other domains that the commits of a domain read, by the value that reads them. */
  const reads = new Map<string, Map<Node, Set<string>>>();
  for (const { slot, value } of stores) {
    const domain = domainOf(slot);
    const others = reads.get(domain) ?? new Map<Node, Set<string>>();
    reads.set(domain, others);
    if (materialized.has(value) || value.operation.op === "load") continue;
    for (const { node, sameLane } of accessesOf(value, materialized, { whole: true })) {
      if (node.operation.op !== "load" || !written.has(node.operation.slot)) continue;
      const read = node.operation.slot;
      if (!sameDomain(read, slot)) {
        others.set(value, (others.get(value) ?? new Set()).add(domainOf(read)));
      } else if (!sameLane) unsafe.add(value);
    }
  }
  // Commits are ordered so that each comes before whatever overwrites what it reads. Where that is
  // impossible, the values of one domain are computed before all commits.
  const waiting = new Set(reads.keys());
  const isRead = (domain: string) =>
    [...waiting].some((other) =>
      other !== domain &&
      [...reads.get(other)!].some(([value, domains]) => !unsafe.has(value) && domains.has(domain))
    );
  while (waiting.size > 0) {
    const next = [...waiting].find((domain) => !isRead(domain));
    if (next !== undefined) {
      waiting.delete(next);
      continue;
    }
    const [stuck] = waiting;
    for (const [value, domains] of reads.get(stuck!)!) {
      if ([...domains].some((domain) => waiting.has(domain))) unsafe.add(value);
    }
    reads.set(stuck!, new Map());
  }
  return unsafe;
}
