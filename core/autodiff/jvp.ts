/** Forward-mode differentiation of a graph: graph in, larger graph out (Wengert, 1964). */
import { describeShape, sameShape } from "../axes.ts";
import {
  add,
  concat,
  filled,
  mul,
  perSequence,
  reduce,
  reshape,
  slice,
  transpose,
  where,
} from "../program/language.ts";
import { broadcast, type Node, reachable, type ReduceAxis } from "../program/node.ts";
import { isElementwise, isLeaf, type MovementOp, type ReductionOp } from "../program/operations.ts";
import type { Expression } from "../program/rewrite/identities.ts";
import { factorisations } from "../program/rewrite/rules.ts";
import { productOf, pullBack } from "./rules.ts";

/** The tangents of the inputs of a node; undefined where one does not move. At least one does. */
type Tangents = readonly (Node | undefined)[];
type ForwardRule = (node: Node, tangents: Tangents) => Node | undefined;

const sumOf = (a: Node | undefined, b: Node | undefined): Node | undefined =>
  a && b ? add(a, b) : a ?? b;

/** An elementwise operation: the factor that pulls a cotangent back to an input pushes its tangent forward. */
const diagonal: ForwardRule = (node, tangents) =>
  tangents.map((tangent, index) => tangent && pullBack(node, tangent)[index])
    .reduce(sumOf, undefined);

/** `where`: the tangent of what is chosen, in one node. */
const chosen: ForwardRule = ({ inputs }, [, yes, no]) =>
  yes || no ? where(inputs[0]!, yes ?? 0, no ?? 0) : undefined;

/** Linear maps, products of matrices, and the maximum. */
const rules: Readonly<Record<MovementOp | ReductionOp, ForwardRule>> = {
  stopGradient: () => undefined,
  perSequence: (_node, [t]) => perSequence(t!),
  broadcast: (node, [t]) => broadcast(t!, node.shape),
  reshape: (node, [t]) => reshape(t!, node.shape),
  transpose: (_node, [t]) => transpose(t!),
  concat: ({ inputs }, tangents) =>
    concat(...inputs.map((part, index) => tangents[index] ?? filled(part, 0, part.shape))),
  slice: (node, [t]) => slice(t!, (node.operation as { start: number }).start, node.shape[0]!),
  matmul({ inputs: [a, b] }, [ta, tb]) {
    return sumOf(ta && productOf(ta, b!), tb && productOf(a!, tb));
  },
  reduce(node, [t]) {
    const { axes, kind } = node.operation as { axes: readonly ReduceAxis[]; kind: string };
    if (kind === "max") {
      // Ties share the slope, as they do a cotangent.
      const shares = pullBack(node, filled(node, 1, node.shape))[0]!;
      return reduce(where(shares, mul(shares, t!), 0), { axes });
    }
    // A tangent that moves one weight alone costs a product of vectors, not one of matrices.
    const sum: Expression = { operation: node.operation, inputs: [t!], shape: node.shape };
    return factorisations["sum over one axis"].apply(sum) ?? reduce(t!, { axes });
  },
};

function ruleOf({ operation: { op } }: Node): ForwardRule {
  if (isLeaf(op)) throw new TypeError(`A ${op} has no inputs that could move`);
  if (isElementwise(op)) return op === "where" ? chosen : diagonal;
  return rules[op];
}

/**
 * Jacobian-vector product: Σ over x of ∂value/∂x · tangent of x, for each of `values`; undefined where
 * no x moves a value.
 *
 * Nothing flows into an x from what it is made of. Where the tangent of an x differs between sequences,
 * so do the tangents of all that it moves, even of values that the sequences share.
 *
 * @param tangents of the shape of x, by x.
 * @example
 * const [moved] = jvp([output], new Map([[w, direction]])); // how the output moves with w
 */
export function jvp(
  values: readonly Node[],
  tangents: ReadonlyMap<Node, Node>,
): (Node | undefined)[] {
  for (const [{ shape }, tangent] of tangents) {
    if (sameShape(shape, tangent.shape)) continue;
    throw new RangeError(
      `jvp: the tangent of a ${describeShape(shape)} is a ${
        describeShape(tangent.shape)
      }, expected its shape`,
    );
  }
  const moved = new Map<Node, Node | undefined>(tangents);
  for (const node of reachable(values)) {
    if (moved.has(node)) continue;
    const inputTangents = node.inputs.map((input) => moved.get(input));
    if (inputTangents.every((tangent) => tangent === undefined)) continue;
    moved.set(node, ruleOf(node)(node, inputTangents));
  }
  return values.map((value) => moved.get(value));
}
