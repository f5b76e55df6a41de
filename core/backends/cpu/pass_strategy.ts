/** How a pass goes over its elements: chosen from its shape, before any text. */
import { sizeOf } from "../../axes.ts";
import type { Node } from "../../program/node.ts";
import { accessesOf } from "../../schedule/accesses.ts";
import type { Pass, Place } from "../../schedule/pass.ts";

/** Lanes of an instruction. */
export const WIDTH = 4;
/** Rows handled together share what they read of the vectors, and their sums do not wait for each other. */
export const ROWS = 4;
/** The same where registers are left for more: a matrix times a vector, and nothing else. */
export const MOST_ROWS = 8;

/** Bytes of a matrix whose rows are in cache whatever the order in which they are read. */
const ANY_ORDER = 1 << 16;

/** How a pass goes over its elements. */
export type Strategy =
  /** A vector to one number. */
  | "vectorSum"
  /** A matrix to one number a row. */
  | "rowSums"
  /** A matrix to one number a column, row by row. */
  | "columnSums"
  /** Every element by itself, in blocks; what it reduces is summed in registers. */
  | "elements";

type Places = ReadonlyMap<Node, Place>;

/** Whether a pass sums one product of two values: then many registers are left for the sums. */
export function isPlainSum({ reduced, innerStores }: Pass, places: Places): boolean {
  const [first, ...others] = reduced;
  return first !== undefined && others.length === 0 && innerStores.length === 0 &&
    accessesOf(first, new Set(places.keys())).length <= 2;
}

/** Whether a pass sums the columns of a matrix in the order in which its rows lie in memory. */
function sumsColumns(pass: Pass, places: Places): boolean {
  const { domain, reduction } = pass;
  if (reduction?.axes.join() !== "post" || reduction.operand.length !== 2) return false;
  const inRegisters = isPlainSum(pass, places) && 4 * sizeOf(reduction.operand) <= ANY_ORDER;
  return !inRegisters && domain.shape[0]! >= WIDTH;
}

/**
 * The strategy of a pass.
 *
 * @param places where values lie that earlier passes of the stage made.
 */
export function strategyOf(pass: Pass, places: Places): Strategy {
  const { domain: { shape }, reduction } = pass;
  const axes = reduction?.axes.join();
  if (axes === "post" && shape.length === 0 && reduction!.operand.length === 1) return "vectorSum";
  if (axes === "pre") return "rowSums";
  return sumsColumns(pass, places) ? "columnSums" : "elements";
}

/** Bytes of scratch memory that a pass needs: one number a row (or column) and reduction. */
export function scratchBytes(pass: Pass, places: Places): number {
  const strategy = strategyOf(pass, places);
  const needed = strategy === "rowSums" || strategy === "columnSums";
  return needed ? 4 * (pass.domain.shape[0] ?? 1) * pass.reduced.length : 0;
}

/** The blocks of rows, largest first, that all rows of a reduced matrix fall into. */
export function rowBlocks(rows: number, pass: Pass, places: Places): number[] {
  const most = isPlainSum(pass, places) ? MOST_ROWS : ROWS;
  return [most, WIDTH, 1].filter((block, index, all) =>
    all.indexOf(block) === index &&
    (index === 0 ? rows >= block : rows % all[index - 1]! >= block)
  );
}
