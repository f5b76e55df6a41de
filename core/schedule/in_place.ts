/** Finds stored values that cannot be computed in place. */
import { describeShape } from "../axes.ts";
import type { Node, Slot } from "../program/node.ts";
import type { Store } from "../program/program.ts";
import { accessesOf } from "./accesses.ts";
import { sameDomain } from "./pass_builder.ts";

const domainOf = ({ hasBatchAxis, shape }: Slot): string =>
  `${hasBatchAxis} ${describeShape(shape)}`;

/**
 * Stored values that need a temporary, since storing them at once would overwrite what is still read.
 * There are two cases. A value reads elements that other lanes of its pass overwrite:
 * m <- transpose(m). Or the stores of two domains each read what the other writes.
 *
 * @param materialized values that have memory or a register anyway.
 */
export function unsafeInPlace(
  stores: readonly Store[],
  materialized: ReadonlySet<Node>,
): Set<Node> {
  const written = new Set(stores.map(({ slot }) => slot));
  const unsafe = new Set<Node>();
  /** By domain and stored value: the other domains whose slots the value reads. */
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
  // The stores of a domain go before those that overwrite what they read. Where no order does that, the
  // values of one domain get temporaries, which are computed before all of these stores.
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
