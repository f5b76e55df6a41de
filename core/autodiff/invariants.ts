import { type Node, reachable, type SlotKind } from "../program/node.ts";
import { changesEachStep, onlyRearranges } from "../program/operations.ts";

/** Values that stay the same during a sequence. */
const steadyKinds: ReadonlySet<SlotKind> = new Set(["parameter", "constant", "input"]);

/**
 * The nodes that are made of parameters, constants and fixed inputs only. They are the same at every
 * step, though sequences may differ in them.
 */
export function invariantsOf(nodes: readonly Node[]): Set<Node> {
  const invariants = new Set<Node>();
  for (const node of nodes) {
    const { operation } = node;
    const fixed = operation.op === "load"
      ? steadyKinds.has(operation.slot.kind) && !operation.slot.hasTimeAxis
      : !changesEachStep(operation.op) && node.inputs.every((input) => invariants.has(input));
    if (fixed) invariants.add(node);
  }
  return invariants;
}

const isTrained = (node: Node): boolean =>
  reachable([node]).some(({ operation }) =>
    operation.op === "load" && operation.slot.kind === "parameter"
  );

/**
 * The invariant values that the changing part of a step uses and that training can change. A gradient
 * through time is taken with respect to them; what they are made of is differentiated once, after the
 * loop.
 *
 * @param fixed the invariants among the nodes.
 * @param roots what the step computes, which may be invariant too.
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
