/**
 * Every rewriting of expressions, by name. Identities are applied to whatever is built. The others
 * undo work that derived gradients would do on whole matrices, and are asked for where those are
 * made: in `jvp` and `throughTime`, and in the updates of fast weights.
 */
import { mul, outer } from "../language.ts";
import type { Node } from "../node.ts";
import { type Expression, identities, type Identity } from "./identities.ts";
import { scaleRows, separate } from "./outer_products.ts";
import { sumOverAxis } from "./sum_over_axis.ts";

type Rule = Omit<Identity, "of">;

const reordered = "up to rounding: products and sums are in another order";

/** Two vectors instead of a matrix. */
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

export const rewriteRules = { ...identities, ...factorisations } as const;

export type RewriteRuleName = keyof typeof rewriteRules;

/** What one rule makes of an expression; undefined where it does not fit. */
export const rewriteWith = (
  name: RewriteRuleName,
  expression: Expression,
  build: (expression: Expression) => Node,
): Node | number | undefined => (rewriteRules[name] as Rule).apply(expression, build);
