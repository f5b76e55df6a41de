/**
 * How long kernels take where a CPU computes: whatever a lane reads or writes costs, and registers that outlive a
 * barrier lie in memory too.
 */
import type { Extents } from "../../axes.ts";
import { symbols } from "../../schedule/index.ts";
import type { StageKernels } from "./stage_kernels.ts";
import type { PassTraffic } from "./traffic.ts";

/** Elements that a CPU reads in the time of a launch: 25 μs. */
export const READ_IN_LAUNCH = 1 << 14;

/** What all lanes of a pass read and write in a launch, in elements. */
export function touchedBy({ touches, lanes, owners, runs, past }: PassTraffic): number {
  // Of the rows of steps, half are before the one that runs, on average.
  const share = past === symbols.row ? 0.5 : 1;
  return share * lanes * owners * runs * touches.reduce((count, { times }) => count + times, 0);
}

/** What all lanes read and write in an iteration of a stage, in elements; a launch counts as some more. */
export function softwareTime({ perStep, kernels }: StageKernels, { steps }: Extents): number {
  const touched = kernels.flatMap(({ traffic }) => traffic.passes).map(touchedBy)
    .reduce((sum, each) => sum + each, 0);
  return (perStep ? steps : 1) * (touched + READ_IN_LAUNCH * kernels.length);
}
