/**
 * One pass as a WebAssembly function over one sequence (or one replica's shared values).
 *
 * Lanes always run along the last own axis, whose elements are neighbours in memory. A strategy says
 * how the pass goes over its elements, and where it keeps the sums of its reductions.
 */
import type { Pass } from "../../schedule/pass.ts";
import { columnSums } from "./column_sums.ts";
import { elements } from "./elements.ts";
import { createExpressions, type ExpressionContext } from "./expressions.ts";
import { createFunctionWriter } from "./function_writer.ts";
import type { PassBody } from "./pass_body.ts";
import { type Strategy, strategyOf } from "./pass_strategy.ts";
import { rowSums, vectorSum } from "./row_sums.ts";

/**
 * k: iteration row, t: step, r: replica, b: sequence; rows lo .. hi - 1 of a matrix, or of the matrix
 * that is reduced row by row: there lo is a multiple of `MOST_ROWS`, and hi unless it is the last row.
 */
const passParameters = ["k", "t", "r", "b", "lo", "hi"] as const;

const strategies: Record<Strategy, (body: PassBody) => void> = {
  vectorSum,
  rowSums,
  columnSums,
  elements,
};

/** @returns the text of the function. */
export function emitPass(name: string, pass: Pass, context: ExpressionContext): string {
  const { places } = context;
  const writer = createFunctionWriter(passParameters);
  const made = new Set([...pass.reduced, ...pass.locals]);
  const expressions = createExpressions(writer, made, context);
  const columns = pass.domain.shape.at(-1) ?? 1;
  strategies[strategyOf(pass, places)]({ pass, places, columns, writer, expressions });
  return writer.text(name);
}
