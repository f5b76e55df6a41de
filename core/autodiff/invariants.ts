import { type Node, reachable, type SlotKind } from "../program/node.ts";
import { changesEachStep, onlyRearranges } from "../program/operations.ts";

const steady: ReadonlySet<SlotKind> = new Set(["parameter", "constant", "input"]);

/**
 * The nodes made of parameters, constants and fixed inputs only: the same at every step, though
 * each sequence may have its own.
 */
export function invariantsOf(nodes: readonly Node[]): Set<Node> {
  const found = new Set<Node>();
  for (const node of nodes) {
    const { operation } = node;
    const fixed = operation.op === "load"
      ? steady.has(operation.slot.kind) && !operation.slot.hasTimeAxis
      : !changesEachStep(operation.op) && node.inputs.every((input) => found.has(input));
    if (fixed) found.add(node);
  }
  return found;
}

const isTrained = (node: Node): boolean =>
  reachable([node]).some(({ operation }) =>
    operation.op === "load" && operation.slot.kind === "parameter"
  );

/**
 * The invariant values that the changing part of a step uses and that training can change: what a
 * gradient through time is taken of. What they are made of is differentiated once, after the loop.
 *
 * @param roots what the step leaves behind, which may itself be invariant.
 */
export function frontierOf(
  nodes: readonly Node[],
  { fixed, roots }: { fixed: ReadonlySet<Node>; roots: readonly Node[] },
): Node[] {
  const frontier = new Set<Node>();
  const visit = (node: Node) => {
    if (onlyRearranges(node.operation.op)) node.inputs.forEach(visit);
    else if (isTrained(node)) frontier.add(node);
  };
  for (const node of nodes) {
    if (fixed.has(node)) continue;
    for (const input of node.inputs) if (fixed.has(input)) visit(input);
  }
  for (const root of roots) if (fixed.has(root)) visit(root);
  return [...frontier];
}
