/**
 * What a lane of a CPU does for one sequence after the other, instead of a lane for each: what they share is then
 * loaded once.
 */
import { symbols } from "../../schedule/index.ts";
import type { Pass } from "../../schedule/pass.ts";
import type { LaneAxis } from "./lane_axes.ts";
import type { LaneWriter } from "./lane_writer.ts";
import { MOST_SOFTWARE_TURNS } from "./loop_turns.ts";
import { loopOver } from "./reduction_loop.ts";

/** Workgroups that a CPU should have at least. */
const LEAST_WORKGROUPS = 16;

/** Axes with lanes of their own, and the one that a lane takes in turns. */
export interface Turns {
  readonly apart: readonly LaneAxis[];
  readonly inTurn: LaneAxis | undefined;
}

/**
 * The sequences in turns, if enough workgroups are left, and the adapter runs that many turns of loops.
 *
 * @param workgroupsOf how many these axes have.
 */
export function turnsOf(
  { reduction }: Pass,
  axes: readonly LaneAxis[],
  workgroupsOf: (axes: readonly LaneAxis[]) => number,
): Turns {
  const inTurn = axes.find(({ symbol, extent }) => symbol === symbols.sequence && extent > 1);
  const apart = axes.filter((axis) => axis !== inTurn);
  const { lengths = [] } = reduction ?? {};
  const visits = lengths.reduce((product, length) => product * length, 1);
  const turns = (inTurn?.extent ?? 0) * (1 + lengths.length * visits);
  return inTurn && workgroupsOf(apart) >= LEAST_WORKGROUPS && turns <= MOST_SOFTWARE_TURNS
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
