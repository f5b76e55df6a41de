/** What a pass waits for: it follows from what the pass reads and overwrites. */
import type { Node, Slot } from "../program/node.ts";
import { accessesOf } from "./accesses.ts";
import type { Pass, Place, SyncScope, Temporary } from "./pass.ts";

const order: readonly SyncScope[] = ["lane", "sequence", "replica"];

/** The wider of two scopes. */
export function widest(a: SyncScope, b: SyncScope): SyncScope {
  return order.indexOf(a) >= order.indexOf(b) ? a : b;
}

/**
 * What must be finished before a lane of the pass begins: the lane's own part of earlier passes, all
 * lanes of its sequence, or all lanes of its replica. Replicas never wait for each other.
 */
export function waitScope(
  pass: Pass,
  { materialized, written, readAcross }: {
    materialized: ReadonlySet<Node>;
    written: ReadonlySet<Slot>;
    /** From `readAcrossSequences`. */
    readAcross: ReadonlySet<Slot | Temporary>;
  },
): SyncScope {
  let scope: SyncScope = "lane";
  const computed = new Set([...pass.reduced, ...pass.locals]);
  const read = (value: Node, whole: boolean) => {
    for (const { node, sameLane, sameSequence } of accessesOf(value, materialized, { whole })) {
      const { operation } = node;
      const changes = operation.op === "load" ? written.has(operation.slot) : !computed.has(node);
      if (!changes) continue;
      const narrow = pass.domain.hasBatchAxis && node.hasBatchAxis && sameSequence;
      if (!narrow) scope = "replica";
      else if (!sameLane || operation.op !== "load") scope = widest(scope, "sequence");
    }
  };
  for (const value of computed) read(value, false);
  for (const { value } of [...pass.innerStores, ...pass.stores]) read(value, true);
  // Every sequence reads shared values, and some passes read values of all sequences. A pass that
  // overwrites such a value waits for all readers, those of the step before included.
  const overwrites = [...pass.innerStores, ...pass.stores].some(({ to }) => {
    const place = memoryOf(to);
    return !place.hasBatchAxis || readAcross.has(place);
  });
  return overwrites ? "replica" : scope;
}

const memoryOf = (place: Place): Slot | Temporary => "slot" in place ? place.slot : place.temporary;

/** Memory with a batch axis that passes without one read, over all sequences. */
export function readAcrossSequences(
  passes: readonly Pass[],
  { materialized, places }: {
    materialized: ReadonlySet<Node>;
    places: ReadonlyMap<Node, Place>;
  },
): Set<Slot | Temporary> {
  const across = new Set<Slot | Temporary>();
  for (const { domain, reduced, locals } of passes) {
    if (domain.hasBatchAxis) continue;
    for (const value of [...reduced, ...locals]) {
      for (const { node } of accessesOf(value, materialized)) {
        if (!node.hasBatchAxis) continue;
        const place = node.operation.op === "load"
          ? { slot: node.operation.slot }
          : places.get(node);
        if (place) across.add(memoryOf(place));
      }
    }
  }
  return across;
}
