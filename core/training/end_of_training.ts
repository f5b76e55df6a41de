/** Says whether a training ends, and why; nothing else does. */
import type { Curriculum } from "./curriculum.ts";
import type { EndReason } from "./exit_codes.ts";
import type { Standing } from "./followed_metric.ts";
import type { EarlyStop, Patience, StopReason } from "./train_options.ts";

/** What the end of a training depends on. */
export interface TrainingFacts {
  readonly options: {
    readonly iterations: number;
    readonly earlyStop?: EarlyStop;
    readonly patience?: Patience;
  };
  readonly curriculum: Curriculum | undefined;
  /** Iterations done. */
  readonly iteration: number;
  /** Rows in a row whose loss was above the limit. */
  readonly highLossIntervals: number;
  /** How each replica stands in the metric of `Patience`. */
  readonly patience: Pick<Standing, "rows">;
  /** The replicas that have diverged. */
  readonly frozen: { has(replica: number): boolean };
  /** Every replica has diverged. */
  readonly isBroken: boolean;
  /** Somebody asked to stop, and what was learned is safe. */
  readonly stopped: StopReason | undefined;
  /** One line on what there was no room for. */
  readonly noRoom: string | undefined;
}

/** Why training ends: the first of these reasons that holds; undefined while there is more to train. */
export function endOfTraining(facts: TrainingFacts): EndReason | undefined {
  const { options: { iterations, earlyStop, patience }, curriculum, iteration } = facts;
  if (facts.isBroken) return "diverged";
  if (facts.stopped) return facts.stopped;
  if (facts.noRoom !== undefined) return "no_room";
  if (earlyStop && facts.highLossIntervals >= earlyStop.intervals) return "early_stopped";
  if (patience && isStuck(facts, patience)) return "early_stopped";
  const levels = curriculum?.end(iteration);
  if (levels === "unconverged") return "unconverged";
  if (levels === "passed" || iteration >= iterations) return "completed";
  return undefined;
}

/** Whether no network has got better for too many rows. */
const isStuck = (
  { patience: { rows }, frozen }: TrainingFacts,
  { rows: most }: Patience,
): boolean => rows.every((count, replica) => count >= most || frozen.has(replica));

/** Whether a training came to its own end: its network is kept and tested. */
export const isFinished = (end: EndReason): boolean =>
  end === "completed" || end === "early_stopped" || end === "unconverged";
