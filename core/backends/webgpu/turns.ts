/**
 * What a lane of a CPU does for one sequence after the other, instead of a lane for each: what they share is then
 * loaded once.
 */
import { symbols } from "../../schedule/index.ts";
import type { LaneAxis } from "./lane_axes.ts";
import type { LaneWriter } from "./lane_writer.ts";
import { loopOver } from "./reduction_loop.ts";

/** Workgroups that a CPU should have at least. */
const LEAST_WORKGROUPS = 16;

/** Axes with lanes of their own, and the one that a lane takes in turns. */
export interface Turns {
  readonly apart: readonly LaneAxis[];
  readonly inTurn: LaneAxis | undefined;
}

/**
 * The sequences in turns, if enough workgroups are left.
 *
 * @param workgroupsOf how many these axes have.
 */
export function turnsOf(
  axes: readonly LaneAxis[],
  workgroupsOf: (axes: readonly LaneAxis[]) => number,
): Turns {
  const inTurn = axes.find(({ symbol, extent }) => symbol === symbols.sequence && extent > 1);
  const apart = axes.filter((axis) => axis !== inTurn);
  return inTurn && workgroupsOf(apart) >= LEAST_WORKGROUPS
    ? { apart, inTurn }
    : { apart: axes, inTurn: undefined };
}

/** Writes what `body` writes, in a loop if something is taken in turns. */
export function writeTurns(
  writer: LaneWriter,
  inTurn: LaneAxis | undefined,
  body: () => void,
): void {
  if (!inTurn) return body();
  const { symbol, extent } = inTurn;
  const turn = writer.turn(symbol, extent, body);
  for (const line of loopOver(symbol, `${extent}u`, turn)) writer.push(line);
}
