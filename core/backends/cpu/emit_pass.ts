/**
 * Prints one pass as a WebAssembly function over one sequence (or over the shared values of one replica).
 *
 * Lanes run along the last axis of the domain, whose elements are neighbours in memory. A strategy says
 * how the pass goes over its elements, and where it keeps the sums of its reductions.
 */
import type { Extents } from "../../axes.ts";
import { segmentsOf } from "../../program/segments.ts";
import type { Pass } from "../../schedule/pass.ts";
import { columnSums } from "./column_sums.ts";
import { elements } from "./elements.ts";
import { createExpressions, type ExpressionContext } from "./expressions.ts";
import { createFunctionWriter } from "./function_writer.ts";
import type { PassBody } from "./pass_body.ts";
import { type Strategy, strategyOf } from "./pass_strategy.ts";
import { rowSums, vectorSum } from "./row_sums.ts";

/**
 * Parameters of the function, and the most that each may be: k iteration of the chunk, t step, g segment and u the
 * step in it (of no meaning where stages do not go over segments), r replica, b sequence. It handles rows lo to
 * hi - 1 of its matrix, or of the operand of `rowSums`. There lo and hi are multiples of `MOST_ROWS`, but for a hi
 * that is the number of all rows.
 */
function passParameters(extents: Extents, chunk: number) {
  const { replicas, sequences, steps, segment = steps } = extents;
  const time = { t: steps - 1, g: segmentsOf(extents) - 1, u: segment - 1 };
  // No address is made of the last two: a row is counted by a symbol of its own.
  return { k: chunk - 1, ...time, r: replicas - 1, b: sequences - 1, lo: 0, hi: 0 };
}

/** What the functions of all passes of a module are written with. */
export interface PassContext extends ExpressionContext {
  readonly extents: Extents;
  /** K, most iterations of one run. */
  readonly chunk: number;
}

const strategies: Record<Strategy, (body: PassBody) => void> = {
  vectorSum,
  rowSums,
  columnSums,
  elements,
};

/** The text of the function of a pass. */
export function emitPass(name: string, pass: Pass, context: PassContext): string {
  const { places, extents, chunk } = context;
  const writer = createFunctionWriter(passParameters(extents, chunk));
  const computed = new Set([...pass.reduced, ...pass.locals]);
  const expressions = createExpressions(writer, computed, context);
  const columns = pass.domain.shape.at(-1) ?? 1;
  strategies[strategyOf(pass, places)]({ pass, places, columns, writer, expressions });
  return writer.text(name);
}
