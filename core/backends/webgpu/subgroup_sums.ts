/**
 * Sums across neighbouring lanes in registers, where the device has subgroups whose lanes follow each other: each
 * lane adds what the lane beside it has, then the lane two further, and so on. That is the order of `total`, so the
 * bits are the same as without.
 */
import type { Node } from "../../program/node.ts";
import type { Grid } from "./grid.ts";
import type { LaneWriter } from "./lane_writer.ts";
import { isMax } from "./sums.ts";

/** Lanes of a subgroup that sum up. */
export interface Joined {
  /** How many, a power of two; 1: none. */
  readonly count: number;
  /** From one to the next. */
  readonly stride: number;
}

/**
 * The lanes of a subgroup that share a row (axis 0) or column (axis 1) of a grid.
 *
 * @param subgroup lanes of which it is known that they are in one subgroup, in order; 1: nothing is known.
 */
export function joinedLanes({ lanes }: Grid, axis: 0 | 1, subgroup: number): Joined {
  const stride = axis === 0 ? 1 : lanes[1];
  const isPower = Number.isInteger(Math.log2(stride));
  let count = 1;
  while (isPower && lanes[1 - axis]! % (2 * count) === 0 && 2 * count * stride <= subgroup) {
    count *= 2;
  }
  return { count, stride };
}

/** Statements after which each of these lanes has the sum, or maximum, of all in the variable `sum`. */
export function joinLanes(
  writer: LaneWriter,
  { node, sum }: { node: Node; sum: string },
  { count, stride }: Joined,
): void {
  for (let step = stride; step < stride * count; step *= 2) {
    const other = `subgroupShuffleXor(${sum}, ${step}u)`;
    writer.push(
      `${sum} = ${isMax(node) ? `ieee_maximum(${sum}, ${other})` : `${sum} + ${other}`};`,
    );
  }
}
