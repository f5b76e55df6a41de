/** Reverse-mode differentiation of a graph: graph in, larger graph out (Griewank, 1989). */
import { describeShape, sameShape } from "../axes.ts";
import { add, batchSum, perSequence } from "../program/language.ts";
import { type Node, reachable } from "../program/node.ts";
import { onlyRearranges } from "../program/operations.ts";
import { pullBack } from "./rules.ts";

/** What a gradient is taken of, and how much each element of it counts. */
export interface Seed {
  /** The value. */
  readonly value: Node;
  /** Cotangent of the value, same shape; one a sequence adds up if the sequences share the value. */
  readonly cotangent: Node;
}

/** A gradient in two parts, which are kept apart so that sums over the batch can wait. */
export interface Gradient {
  /** What each sequence contributes. Where each sequence has its own value, this is all of it. */
  readonly perSequence: Node | undefined;
  /** What does not come through any sequence (a penalty on a shared weight). */
  readonly shared: Node | undefined;
}

function sumOf(a: Node | undefined, b: Node | undefined): Node | undefined {
  return a && b ? add(a, b) : a ?? b;
}

/** The gradient of a value that all sequences share: both parts, summed over the batch. */
export function sumOverBatch({ perSequence, shared }: Gradient): Node {
  return sumOf(perSequence && batchSum(perSequence), shared)!;
}

/**
 * What is pulled back through a node: usually all of its gradient at once. Where elements are only
 * rearranged, nothing is gained by a sum over the batch before.
 */
function cotangentsOf(
  node: Node,
  gradient: Gradient,
): { cotangent: Node; fromSequence: boolean }[] {
  const { perSequence, shared } = gradient;
  if (node.hasBatchAxis) return [{ cotangent: perSequence!, fromSequence: true }];
  if (!onlyRearranges(node.operation.op)) {
    return [{ cotangent: sumOverBatch(gradient), fromSequence: false }];
  }
  return [
    ...perSequence ? [{ cotangent: perSequence, fromSequence: true }] : [],
    ...shared ? [{ cotangent: shared, fromSequence: false }] : [],
  ];
}

/**
 * Vector-Jacobian product: Σ over seeds of cotangent · ∂value/∂x for every x of `wrt`.
 *
 * Nothing flows through an x into what it is made of. An x that no seed depends on is missing from
 * the result.
 *
 * @returns gradients of the shape of x, by x.
 * @throws RangeError if a value is a sum over steps, or a cotangent has another shape than its value.
 * @example
 * const gradients = vjp([{ value: loss, cotangent: filled(loss, 1, []) }], [output]);
 * const error = gradients.get(output)!.perSequence; // ∂loss/∂output
 */
export function vjp(seeds: readonly Seed[], wrt: readonly Node[]): Map<Node, Gradient> {
  const wanted = new Set(wrt);
  const order = reachable(seeds.map(({ value }) => value));
  const active = new Set<Node>();
  for (const node of order) {
    if (wanted.has(node) || node.inputs.some((input) => active.has(input))) active.add(node);
  }
  const gradients = new Map<Node, Gradient>();
  const accumulate = (node: Node, part: Node, fromSequence: boolean) => {
    const before = gradients.get(node) ?? { perSequence: undefined, shared: undefined };
    gradients.set(
      node,
      node.hasBatchAxis || fromSequence
        ? { ...before, perSequence: sumOf(before.perSequence, perSequence(part)) }
        : { ...before, shared: sumOf(before.shared, part) },
    );
  };
  for (const { value, cotangent } of seeds) {
    if (!sameShape(value.shape, cotangent.shape)) {
      throw new RangeError(
        `vjp: the cotangent of a ${describeShape(value.shape)} is a ${
          describeShape(cotangent.shape)
        }, expected its shape`,
      );
    }
    if (active.has(value)) accumulate(value, cotangent, cotangent.hasBatchAxis);
  }
  for (const node of order.reverse()) {
    const gradient = gradients.get(node);
    if (!gradient || wanted.has(node)) continue;
    for (const { cotangent, fromSequence } of cotangentsOf(node, gradient)) {
      pullBack(node, cotangent).forEach((part, index) => {
        const input = node.inputs[index]!;
        if (part && active.has(input)) accumulate(input, part, fromSequence);
      });
    }
  }
  return new Map(wrt.flatMap((node) => {
    const gradient = gradients.get(node);
    return gradient ? [[node, gradient] as const] : [];
  }));
}
