/** What the runs of a configuration have passed, from their folders. */
import { join } from "node:path";
import { readConfig } from "../store/files/config_file.ts";
import { type MetricsRow, readMetrics } from "../store/files/metrics.ts";
import { readStatus, type StoredRunStatus } from "../store/files/status.ts";
import type { Configuration } from "./experiment.ts";
import { hasEndedEarly } from "./jobs/job_state.ts";
import { forEachRun, keepFurther } from "./jobs/run_folders.ts";

export interface PassedLevel {
  readonly level: number;
  /** Updates done when it was passed. */
  readonly updates: number;
  /** Training time until then. */
  readonly seconds: number;
}

/** What one replica of one run has learned. */
export interface SeedCurriculum {
  readonly seed: number;
  /** Name of the run's folder. */
  readonly run: string;
  /** Updates done. */
  readonly updates: number;
  /** Sequences seen by this replica. */
  readonly sequences: number;
  /** More updates would change nothing: it diverged, gave up, or passed all levels. */
  readonly hasEnded: boolean;
  /** Lowest first. */
  readonly passed: readonly PassedLevel[];
}

export interface ConfigurationRuns {
  /** One for each seed, in order; of a seed that was trained twice, the one that got further. */
  readonly seeds: readonly SeedCurriculum[];
  /** Training time of all runs. */
  readonly seconds: number;
}

/** The highest level passed within so many updates; 0: none. */
export const levelAt = ({ passed }: SeedCurriculum, updates: number): number =>
  passed.reduce((best, one) => one.updates <= updates ? Math.max(best, one.level) : best, 0);

/**
 * Reads the runs of a configuration.
 *
 * @param options.problem told of each folder that cannot be used, in a line.
 */
export function readConfigurationRuns(
  out: string,
  { configuration, problem }: {
    configuration: Configuration;
    problem: (line: string) => void;
  },
): ConfigurationRuns {
  const bySeed = new Map<number, SeedCurriculum>();
  let seconds = 0;
  forEachRun(out, {
    configuration,
    problem,
    use({ run, folder }) {
      const read = readRun(folder, run);
      seconds += read.seconds;
      for (const one of read.seeds) {
        keepFurther(bySeed, { key: one.seed, found: one, rank: ({ updates }) => [updates] });
      }
    },
  });
  return { seeds: [...bySeed.values()].sort((a, b) => a.seed - b.seed), seconds };
}

function readRun(folder: string, run: string): ConfigurationRuns {
  const { training } = readConfig(folder) as { training: { seeds: number[] } };
  const rows = readMetrics(join(folder, "metrics.jsonl"));
  const status = readStatus(folder);
  const last = rows.at(-1);
  return {
    seeds: training.seeds.map((seed, replica) => ({
      seed,
      run,
      updates: last?.iteration ?? 0,
      sequences: last?.sequences ?? 0,
      hasEnded: hasEnded(folder, status),
      passed: passedLevels(rows, replica),
    })),
    seconds: last?.seconds ?? 0,
  };
}

const hasEnded = (folder: string, status: StoredRunStatus | undefined): boolean =>
  status?.state === "finished" &&
  (status.end_reason === "diverged" || hasEndedEarly(folder, status));

/** A row is logged with every level that is passed, so the updates are exact. */
function passedLevels(rows: readonly MetricsRow[], replica: number): PassedLevel[] {
  const passed: PassedLevel[] = [];
  let best = 0;
  for (const { iteration, seconds, values } of rows) {
    const value = values["curriculum/passed"];
    const level = typeof value === "number" ? value : value?.[replica];
    while (level !== undefined && best < level) {
      passed.push({ level: ++best, updates: iteration, seconds });
    }
  }
  return passed;
}
