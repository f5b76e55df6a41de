/** The time that runs still take, by the pace that was seen since somebody looks at them. */
import { createPaceMeter, type PaceMeter } from "../store/progress/pace_meter.ts";
import type { RunFacts } from "../store/index/run_facts.ts";

export interface TimeLeft {
  /**
   * Seconds from `now` to the end of a run; undefined for one that does not train, or says no end. Until two
   * rows were seen, it is told by the pace since the beginning of the run. What the run did since its last row counts.
   *
   * @param now milliseconds since 1970.
   */
  of(run: RunFacts, now: number): number | undefined;
}

interface Paced {
  readonly meter: PaceMeter;
  /** Iterations of the newest sample. */
  iterations: number;
}

export function createTimeLeft(): TimeLeft {
  const paces = new Map<string, Paced>();
  return {
    of(run, now) {
      const goal = run.settings["training.iterations"];
      if (run.state !== "running" || typeof goal !== "number") {
        paces.delete(run.path);
        return undefined;
      }
      const { iterations, sequences, seconds } = run;
      let paced = paces.get(run.path);
      // A run that was resumed begins behind where it was.
      if (!paced || iterations < paced.iterations) {
        paced = { meter: createPaceMeter({ iteration: -1 }), iterations: -1 };
        paces.set(run.path, paced);
      }
      if (iterations > paced.iterations) {
        paced.meter.add({ seconds, iteration: iterations, sequences });
        paced.iterations = iterations;
      }
      const left = paced.meter.pace(goal).secondsLeft ??
        Math.max(0, goal - iterations) * seconds / iterations;
      const since = Math.max(0, now - Date.parse(run.updated)) / 1000;
      return Number.isFinite(left) ? Math.max(0, left - since) : undefined;
    },
  };
}
