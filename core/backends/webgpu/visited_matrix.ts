/** Which passes go over the elements of a matrix, and what they sum. */
import type { Shape } from "../../axes.ts";
import type { Pass } from "../../schedule/pass.ts";

/** The elements that all lanes of a pass visit together, each once for a sequence. */
export interface VisitedMatrix {
  /** A matrix, or a vector. */
  readonly shape: Shape;
  /** What is summed: along each row, along each column, or nothing. A vector is a row. */
  readonly sums: "rows" | "columns" | undefined;
}

/** What a pass visits; undefined if it sums over sequences or steps, multiplies matrices, or has no matrix. */
export function visitedMatrix({ domain, reduction }: Pass): VisitedMatrix | undefined {
  const { shape } = domain;
  if (!reduction) return shape.length === 2 ? { shape, sums: undefined } : undefined;
  const { axes, operand } = reduction;
  if (axes.length !== 1) return undefined;
  if (axes[0] === "pre") return { shape: operand, sums: "rows" };
  if (axes[0] !== "post") return undefined;
  return { shape: operand, sums: operand.length === 2 ? "columns" : "rows" };
}
