/** Chooses the values of a stage that get memory or a register; the others are recomputed inline. */
import { sizeOf } from "../axes.ts";
import type { Node } from "../program/node.ts";
import { isReduction, recordOf } from "../program/operations.ts";
import type { Store } from "../program/program.ts";

/** Most operations per element of an expression that is computed again by every lane that needs it. */
const CHEAP = 1;

/** Rough number of operations that an element takes when computed inline. */
function inlineCost(node: Node, costs: ReadonlyMap<Node, number>): number {
  const record = recordOf(node.operation.op);
  const inputs = node.inputs.reduce((total, input) => total + costs.get(input)!, 0);
  switch (record.class) {
    case "leaf":
      return record.cost;
    case "movement":
      return inputs + record.cost * node.inputs.length;
    case "elementwise":
      return inputs + record.cost;
    case "reduction":
      return Infinity;
  }
}

/** Whether a node only renames the elements of its operand, in the same order: the operand gets the memory. */
function isView({ operation }: Node): boolean {
  const record = recordOf(operation.op);
  return record.class === "movement" && record.keepsOrder;
}

/** Matrices shared by all sequences that take more than one operation per element to compute. */
export function costlyMatrices(nodes: readonly Node[]): Node[] {
  const costs = new Map<Node, number>();
  for (const node of nodes) costs.set(node, inlineCost(node, costs));
  return nodes.filter((node) =>
    isMatrix(node) && !node.hasBatchAxis && !node.hasTimeAxis && costs.get(node)! > CHEAP
  );
}

const isMatrix = ({ shape }: Node): boolean =>
  shape.length === 2 && shape[0] !== 1 && shape[1] !== 1;

/**
 * The values that get memory or a register:
 * - reductions;
 * - vectors and scalars of more than one operation that are used several times, read by a larger
 *   expression, or stored;
 * - stored matrices that are made of a reduction;
 * - factors of matrix products that take more than one operation per element, and transposed ones,
 *   whose elements are not neighbours in memory;
 * - shared matrices that depend on what the stage changes or draws, and that every sequence reads.
 *
 * @param nodes operands before users.
 * @returns the values in the order of `nodes`.
 */
export function mustMaterialize(nodes: readonly Node[], stores: readonly Store[]): Node[] {
  const costs = new Map<Node, number>();
  for (const node of nodes) costs.set(node, inlineCost(node, costs));
  const users = new Map<Node, Node[]>();
  for (const node of nodes) {
    for (const input of new Set(node.inputs)) users.set(input, [...users.get(input) ?? [], node]);
  }
  const stored = new Map<Node, Store[]>();
  for (const store of stores) stored.set(store.value, [...stored.get(store.value) ?? [], store]);

  const changing = changingNodes(nodes, stores);
  const chosen = new Set<Node>();
  const expanded = new Set<Node>();
  for (const node of [...nodes].reverse()) {
    const consumers = users.get(node) ?? [];
    const grows = consumers.some((consumer) =>
      consumer.operation.op === "broadcast" && sizeOf(consumer.shape) > sizeOf(node.shape) ||
      consumer.hasBatchAxis && !node.hasBatchAxis ||
      !chosen.has(consumer) && expanded.has(consumer)
    );
    if (isView(node)) {
      const uses = consumers.length + (stored.get(node)?.length ?? 0);
      if (grows || uses > 1) expanded.add(node);
      continue;
    }
    if (grows) expanded.add(node);
    if (isReduction(node.operation.op)) {
      chosen.add(node);
      continue;
    }
    if (node.hasTimeAxis) continue;
    const products = consumers.filter(({ operation }) => operation.op === "matmul");
    if (node.operation.op === "transpose" && products.length > 0) {
      chosen.add(node);
      continue;
    }
    if (costs.get(node)! <= CHEAP) continue;
    const stores = (stored.get(node) ?? []).filter(({ slot }) =>
      slot.hasBatchAxis === node.hasBatchAxis
    );
    if (isMatrix(node)) {
      const isShared = !node.hasBatchAxis && consumers.some(({ hasBatchAxis }) => hasBatchAxis);
      if (
        products.length > 0 || isShared && changing.has(node) ||
        stores.length > 0 && finishesReduction(node)
      ) {
        chosen.add(node);
      }
    } else if (
      grows || products.length > 0 || consumers.length + stores.length > 1 || stores.length > 0
    ) chosen.add(node);
  }
  return nodes.filter((node) => chosen.has(node));
}

/** The nodes that depend on a slot that the stage stores, or on a draw. */
function changingNodes(nodes: readonly Node[], stores: readonly Store[]): Set<Node> {
  const written = new Set(stores.map(({ slot }) => slot));
  const changing = new Set<Node>();
  for (const node of nodes) {
    const { operation, inputs } = node;
    const isChanging = operation.op === "load"
      ? written.has(operation.slot)
      : operation.op === "random" || inputs.some((input) => changing.has(input));
    if (isChanging) changing.add(node);
  }
  return changing;
}

/** Whether a matrix depends on a matrix that a reduction over steps or sequences computes. */
function finishesReduction(node: Node): boolean {
  return node.inputs.some((input) => {
    if (input.shape.length !== 2 || input.hasBatchAxis !== node.hasBatchAxis) return false;
    return isReduction(input.operation.op) || finishesReduction(input);
  });
}
