import type { Node, Slot } from "../program/node.ts";
import { accessesOf } from "./accesses.ts";
import type { Pass, SyncScope } from "./pass.ts";

const order: readonly SyncScope[] = ["lane", "sequence", "replica", "device"];

export function widest(a: SyncScope, b: SyncScope): SyncScope {
  return order.indexOf(a) >= order.indexOf(b) ? a : b;
}

/**
 * What must be finished before a pass begins: nothing but its own lane, all lanes of its sequence,
 * or all of its replica. Replicas never wait for each other.
 */
export function waitScope(
  pass: Pass,
  { materialized, written }: { materialized: ReadonlySet<Node>; written: ReadonlySet<Slot> },
): SyncScope {
  let scope: SyncScope = "lane";
  const own = new Set([...pass.reduced, ...pass.locals]);
  const read = (value: Node, whole: boolean) => {
    for (const { node, sameLane, sameSequence } of accessesOf(value, materialized, { whole })) {
      const { operation } = node;
      const changes = operation.op === "load" ? written.has(operation.slot) : !own.has(node);
      if (!changes) continue;
      const narrow = pass.domain.sequence && node.sequence && sameSequence;
      if (!narrow) scope = "replica";
      else if (!sameLane || operation.op !== "load") scope = widest(scope, "sequence");
    }
  };
  for (const value of own) read(value, false);
  for (const { value } of [...pass.innerStores, ...pass.stores]) read(value, true);
  // A shared value is read by every sequence, so whoever changes it waits for all of them.
  const changesShared = [...pass.innerStores, ...pass.stores].some(({ to }) =>
    "slot" in to && !to.slot.sequence
  );
  return changesShared ? "replica" : scope;
}
