/**
 * Every rule that rewrites expressions, by name. Identities are applied to every expression that is
 * built. Factorisations spare derived gradients work on whole matrices. They are asked for where such
 * gradients are made: in `jvp` and `throughTime`, and in the updates of fast weights.
 */
import { lowRankProduct } from "./low_rank_products.ts";
import { matvec, mul, outer, vecmat } from "../language.ts";
import type { Node } from "../node.ts";
import { type Expression, identities, type Identity } from "./identities.ts";
import { scaleRows, separate } from "./outer_products.ts";
import { sumOverAxis } from "./sum_over_axis.ts";

type Rule = Omit<Identity, "of">;

const reordered = "up to rounding: products and sums are in another order";

/** Rules that replace a matrix by two vectors. */
export const factorisations = {
  "factors of an outer product": {
    identity: "s (p qᵀ) rowᵀ = (s p) (q row)ᵀ",
    exact: reordered,
    apply: ({ inputs, operation, shape }, build) => {
      const factors = separate(build({ inputs, operation, shape }));
      return factors && outer(factors.post, factors.pre);
    },
  },
  "scaled rows": {
    identity: "k (p qᵀ) = (k p) qᵀ",
    exact: reordered,
    apply: ({ operation, inputs: [matrix, factor] }) =>
      operation.op === "multiply" && factor!.shape.length === 0
        ? scaleRows(matrix!, (post) => mul(post, factor!))
        : undefined,
  },
  "product with an outer product": {
    identity: "(p qᵀ) B = p (Bᵀ q)ᵀ, A (p qᵀ) = (A p) qᵀ",
    exact: reordered,
    apply: ({ operation, inputs: [a, b] }) => {
      if (operation.op !== "matmul") return undefined;
      const first = separate(a!);
      if (first) return outer(first.post, vecmat(first.pre, b!));
      const second = separate(b!);
      return second && outer(matvec(a!, second.post), second.pre);
    },
  },
  "product with a low-rank matrix": {
    identity: "(W + A B) x = W x + A (B x), (M ∘ (A B)) x = Σ over columns of A ∘ (M (Bᵀ ∘ x))",
    exact: reordered,
    apply: lowRankProduct,
  },
  "sum over one axis": {
    identity: "Σ over pre of (p qᵀ + A) = p Σq + Σ over pre of A",
    exact: reordered,
    apply: ({ operation, inputs: [matrix] }) => {
      if (operation.op !== "reduce" || operation.kind === "max") return undefined;
      const [axis] = operation.axes;
      const fits = operation.axes.length === 1 && (axis === "pre" || axis === "post");
      return fits && matrix!.shape.length === 2 ? sumOverAxis(axis, matrix!) : undefined;
    },
  },
} as const satisfies Readonly<Record<string, Rule>>;

const rewriteRules = { ...identities, ...factorisations } as const;

/** Name of an identity or a factorisation. */
export type RewriteRuleName = keyof typeof rewriteRules;

/** What a rule makes of an expression; undefined where it does not fit. */
export const rewriteWith = (
  name: RewriteRuleName,
  expression: Expression,
  build: (expression: Expression) => Node,
): Node | number | undefined => (rewriteRules[name] as Rule).apply(expression, build);
