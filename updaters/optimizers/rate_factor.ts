/** The factor that a schedule puts on the learning rate: computed once a batch, read by every update in it. */
import { countAt, countUp, declareCounter } from "../../core/program/counter.ts";
import type { ProgramBuilder, StageBuilder } from "../../core/program/program.ts";
import type { Schedule } from "./schedule.ts";

/** The slot of the factor. */
export const RATE_FACTOR = "train/rate_factor";

/** Counts the batches, those of earlier starts included. */
const ITERATIONS = "optimizer/iterations";

/** Counts a batch, and stores the factor of its updates. */
export function storeRateFactor(
  stage: StageBuilder,
  { builder, schedule }: { builder: ProgramBuilder; schedule: Schedule },
): void {
  declareCounter(builder, ITERATIONS);
  builder.slot(RATE_FACTOR, { kind: "state" });
  stage.store(RATE_FACTOR, schedule(countUp(stage, ITERATIONS).before));
}

/** The slots of the count after so many batches: a schedule that comes later acts as if it had always been there. */
export const rateCounterAt = (iteration: number): ReadonlyMap<string, number> =>
  countAt(ITERATIONS, iteration);
