/** Says whether a training ends, and why; nothing else does. */
import type { Curriculum } from "./curriculum.ts";
import type { EndReason } from "./exit_codes.ts";
import type { EarlyStop, StopReason } from "./train_options.ts";

/** What the end of a training depends on. */
export interface TrainingFacts {
  readonly options: { readonly iterations: number; readonly earlyStop?: EarlyStop };
  readonly curriculum: Curriculum | undefined;
  /** Iterations done. */
  readonly iteration: number;
  /** Rows in a row whose loss was above the limit. */
  readonly highLossIntervals: number;
  /** Every replica has diverged. */
  readonly isBroken: boolean;
  /** Somebody asked to stop, and what was learned is safe. */
  readonly stopped: StopReason | undefined;
  /** One line on what there was no room for. */
  readonly noRoom: string | undefined;
}

/** Why training ends: the first of these reasons that holds; undefined while there is more to train. */
export function endOfTraining(facts: TrainingFacts): EndReason | undefined {
  const { options: { iterations, earlyStop }, curriculum, iteration } = facts;
  if (facts.isBroken) return "diverged";
  if (facts.stopped) return facts.stopped;
  if (facts.noRoom !== undefined) return "no_room";
  if (earlyStop && facts.highLossIntervals >= earlyStop.intervals) return "early_stopped";
  const levels = curriculum?.end(iteration);
  if (levels === "unconverged") return "unconverged";
  if (levels === "passed" || iteration >= iterations) return "completed";
  return undefined;
}

/** Whether a training came to its own end: its network is kept and tested. */
export const isFinished = (end: EndReason): boolean =>
  end === "completed" || end === "early_stopped" || end === "unconverged";
