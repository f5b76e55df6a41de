/** Chooses how a pass goes over its elements, from its shape. */
import { sizeOf } from "../../axes.ts";
import type { Node } from "../../program/node.ts";
import { accessesOf } from "../../schedule/accesses.ts";
import type { Pass, Place } from "../../schedule/pass.ts";
import { PAIR, rowSize, WIDTH } from "./row_size.ts";

/** Rows in a block: they share what they read of vectors, and their sums do not wait for each other. */
export const ROWS = 4;
/** Rows in a block where registers are left for more: a matrix times a vector, and nothing else. */
export const MOST_ROWS = 8;

/** Most bytes of a matrix that stays in the cache, so that its elements may be read in any order. */
const CACHED_BYTES = 1 << 16;

/** How a pass goes over its elements. */
export type Strategy =
  /** A vector to one number. */
  | "vectorSum"
  /** A matrix to one number per row. */
  | "rowSums"
  /** A matrix to one number per column, row by row. */
  | "columnSums"
  /** Every element by itself, in blocks; reductions are summed in registers. */
  | "elements";

type Places = ReadonlyMap<Node, Place>;

/** Whether a pass has one reduction over at most two values: then many registers are left for sums. */
export function isPlainSum({ reduced, innerStores }: Pass, places: Places): boolean {
  const [first, ...others] = reduced;
  return first !== undefined && others.length === 0 && innerStores.length === 0 &&
    accessesOf(first, new Set(places.keys())).length <= 2;
}

/** Whether a pass reduces the columns of a matrix that is better read row by row. */
function sumsColumns(pass: Pass, places: Places): boolean {
  const { domain, reduction } = pass;
  if (reduction?.axes.join() !== "post" || reduction.operand.length !== 2) return false;
  const inRegisters = isPlainSum(pass, places) && 4 * sizeOf(reduction.operand) <= CACHED_BYTES;
  return !inRegisters && domain.shape[0]! >= WIDTH;
}

/**
 * The strategy of a pass.
 *
 * @param places where the values of other passes lie.
 */
export function strategyOf(pass: Pass, places: Places): Strategy {
  const { domain: { shape }, reduction } = pass;
  const axes = reduction?.axes.join();
  if (axes === "post" && shape.length === 0 && reduction!.operand.length === 1) return "vectorSum";
  if (axes === "pre") return "rowSums";
  return sumsColumns(pass, places) ? "columnSums" : "elements";
}

/** Where the scratch memory keeps the sums of a reduction: one float a row (or column), whole vectors. */
export const sumsScratch = ({ domain: { shape } }: Pass, reduction: number): number =>
  4 * rowSize(shape[0] ?? 1) * reduction;

/** Where the scratch memory has room for a pair of vectors a row of a block. */
export const pairScratch = (pass: Pass): number => sumsScratch(pass, pass.reduced.length);

/** Bytes of scratch memory of a pass. */
export function scratchBytes(pass: Pass, places: Places): number {
  const strategy = strategyOf(pass, places);
  if (strategy === "rowSums") return pairScratch(pass) + 4 * PAIR * MOST_ROWS;
  return keepsSums(pass, strategy) ? sumsScratch(pass, pass.reduced.length) : 0;
}

/** Whether the sums of a pass are a vector that is kept until all of it is there. */
const keepsSums = ({ domain, reduction }: Pass, strategy: Strategy): boolean =>
  strategy === "columnSums" ||
  strategy === "elements" && reduction !== undefined && domain.shape.length === 1;

/** Sizes of the blocks, largest first, that the rows of a reduced matrix are divided into. */
export function rowBlocks(rows: number, pass: Pass, places: Places): number[] {
  const most = isPlainSum(pass, places) ? MOST_ROWS : ROWS;
  return [most, WIDTH, 1].filter((block, index, all) =>
    all.indexOf(block) === index &&
    (index === 0 ? rows >= block : rows % all[index - 1]! >= block)
  );
}
