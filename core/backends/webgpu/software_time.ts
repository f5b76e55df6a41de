/**
 * How long kernels take where a CPU computes: whatever a lane reads or writes costs, and registers that outlive a
 * barrier lie in memory too.
 */
import type { Extents } from "../../axes.ts";
import { symbols } from "../../schedule/index.ts";
import type { StageKernels } from "./stage_kernels.ts";

/** Elements that a CPU reads in the time of a launch: 25 μs. */
const READ_IN_LAUNCH = 1 << 14;

/** What all lanes read and write in an iteration of a stage, in elements; a launch counts as some more. */
export function softwareTime({ perStep, kernels }: StageKernels, { steps }: Extents): number {
  const touched = kernels.flatMap(({ traffic }) => traffic.passes)
    .map(({ touches, lanes, owners, runs, past }) =>
      // Of the rows of steps, half are before the one that runs, on average.
      lanes * owners * runs / (past === symbols.row ? 2 : 1) *
      touches.reduce((count, { times }) => count + times, 0)
    )
    .reduce((sum, each) => sum + each, 0);
  return (perStep ? steps : 1) * (touched + READ_IN_LAUNCH * kernels.length);
}
