/** Forward-mode differentiation of a graph: graph in, larger graph out (Wengert, 1964). */
import {
  add,
  column,
  concat,
  filled,
  mul,
  neg,
  outer,
  perSequence,
  reduce,
  reshape,
  row,
  slice,
  transpose,
  where,
} from "../program/language.ts";
import { broadcast, type Node, reachable, type ReduceAxis } from "../program/node.ts";
import { isElementwise, isLeaf, type MovementOp, type ReductionOp } from "../program/operations.ts";
import { pullBack } from "./rules.ts";
import { type OuterProduct, separate } from "./separate.ts";

/** The tangents of a node's inputs; undefined: it does not move. At least one does. */
type Tangents = readonly (Node | undefined)[];
type ForwardRule = (node: Node, tangents: Tangents) => Node | undefined;

const sumOf = (a: Node | undefined, b: Node | undefined): Node | undefined =>
  a && b ? add(a, b) : a ?? b;

/** Of an elementwise operation: what pulls a cotangent back to an input pushes its tangent forward. */
const diagonal: ForwardRule = (node, tangents) =>
  tangents.map((tangent, index) => tangent && pullBack(node, tangent)[index])
    .reduce(sumOf, undefined);

/** A term of a matrix with factors that a sum over one axis can leave outside. */
interface Framed extends OuterProduct {
  /** Element (i, j) is post_i pre_j, times that of this matrix if there is one. */
  readonly matrix?: Node;
}

/** A matrix taken apart: framed terms, and what is none. */
interface Parts {
  readonly framed: readonly Framed[];
  readonly rest: Node | undefined;
}

function partsOf(node: Node): Parts {
  const product = separate(node);
  if (product) return { framed: [product], rest: undefined };
  const [first, second] = node.inputs as [Node, Node];
  switch (node.operation.op) {
    case "add": {
      const [a, b] = [partsOf(first), partsOf(second)];
      return { framed: [...a.framed, ...b.framed], rest: sumOf(a.rest, b.rest) };
    }
    case "negate": {
      const { framed, rest } = partsOf(first);
      return {
        framed: framed.map((each) => ({ ...each, post: neg(each.post) })),
        rest: rest && neg(rest),
      };
    }
    case "multiply":
      return scaled(first, second) ?? scaled(second, first) ?? { framed: [], rest: node };
    default:
      return { framed: [], rest: node };
  }
}

/** The parts of node · factor, if the node has framed terms and all of them stay so. */
function scaled(node: Node, factor: Node): Parts | undefined {
  const { framed, rest } = partsOf(node);
  const both = framed.map((each) => framedProduct(each, factor));
  if (both.length === 0 || !both.every((each) => each !== undefined)) return undefined;
  return { framed: both, rest: rest && mul(rest, factor) };
}

function framedProduct({ post, pre, matrix }: Framed, factor: Node): Framed | undefined {
  // A row, a column or a number goes into the frame.
  const wider = separate(mul(outer(post, pre), factor));
  if (wider) return { ...wider, ...matrix ? { matrix } : {} };
  // A matrix goes inside, if it is shared and the product would be made anew for every sequence.
  const isOwn = post.hasBatchAxis && pre.hasBatchAxis && !factor.hasBatchAxis;
  return isOwn ? { post, pre, matrix: matrix ? mul(matrix, factor) : factor } : undefined;
}

/**
 * A sum over one axis of a matrix, with what does not change along it left outside. A tangent that
 * moves one weight alone then costs a product of vectors, not one of matrices.
 */
function sumOver(axis: "post" | "pre", tangent: Node): Node {
  const { framed, rest } = partsOf(tangent);
  const sums = framed.map(({ post, pre, matrix }) => {
    const [outside, inside] = axis === "pre" ? [post, pre] : [pre, post];
    const frame = axis === "pre" ? row(inside) : column(inside);
    const sum = matrix
      ? reduce(mul(matrix, frame), { axes: [axis] })
      : reduce(inside, { axes: ["post"] });
    return mul(outside, sum);
  });
  return [...rest ? [reduce(rest, { axes: [axis] })] : [], ...sums].reduce((a, b) => add(a, b));
}

/** Chosen tangents, in one node. */
const chosen: ForwardRule = ({ inputs }, [, yes, no]) =>
  yes || no ? where(inputs[0]!, yes ?? 0, no ?? 0) : undefined;

/** Linear maps, and the maximum. */
const rules: Readonly<Record<MovementOp | ReductionOp, ForwardRule>> = {
  stopGradient: () => undefined,
  perSequence: (_node, [t]) => perSequence(t!),
  broadcast: (node, [t]) => broadcast(t!, node.shape),
  reshape: (node, [t]) => reshape(t!, node.shape),
  transpose: (_node, [t]) => transpose(t!),
  concat: ({ inputs }, tangents) =>
    concat(...inputs.map((part, index) => tangents[index] ?? filled(part, 0, part.shape))),
  slice: (node, [t]) => slice(t!, (node.operation as { start: number }).start, node.shape[0]!),
  reduce(node, [t]) {
    const { axes, kind } = node.operation as { axes: readonly ReduceAxis[]; kind: string };
    if (kind === "max") {
      // Ties share the slope, as they do a cotangent.
      const shares = pullBack(node, filled(node, 1, node.shape))[0]!;
      return reduce(mul(shares, t!), { axes });
    }
    const [axis] = axes;
    const isOwn = axes.length === 1 && (axis === "pre" || axis === "post");
    return t!.shape.length === 2 && isOwn ? sumOver(axis, t!) : reduce(t!, { axes });
  },
};

function ruleOf({ operation: { op } }: Node): ForwardRule {
  if (isLeaf(op)) throw new TypeError(`A ${op} has no inputs that could move`);
  if (isElementwise(op)) return op === "where" ? chosen : diagonal;
  return rules[op];
}

/**
 * Σ over x of ∂value/∂x · tangent of x, for each of `values`; undefined where nothing moves.
 *
 * Nothing flows into an x from what it is made of. A tangent of its own in every sequence gives
 * every value that it moves one, whatever the sequences share.
 *
 * @param tangents [same shape as x] by x.
 */
export function jvp(
  values: readonly Node[],
  tangents: ReadonlyMap<Node, Node>,
): (Node | undefined)[] {
  const known = new Map<Node, Node | undefined>(tangents);
  for (const node of reachable(values)) {
    if (known.has(node)) continue;
    const moves = node.inputs.map((input) => known.get(input));
    if (moves.every((each) => each === undefined)) continue;
    known.set(node, ruleOf(node)(node, moves));
  }
  return values.map((value) => known.get(value));
}
