/** Reads from the folders of a configuration when its runs passed each level. */
import { join } from "node:path";
import { readConfig } from "../store/files/config_file.ts";
import { type MetricsRow, readMetrics } from "../store/files/metrics.ts";
import { readStatus, type StoredRunStatus } from "../store/files/status.ts";
import type { Configuration } from "./experiment.ts";
import { hasEndedEarly } from "./jobs/job_state.ts";
import { forEachRun, keepFurther } from "./jobs/run_folders.ts";

/** A level, and when it was passed. */
export interface PassedLevel {
  readonly level: number;
  /** Updates done when it was passed. */
  readonly updates: number;
  /** Training time until then, in seconds. */
  readonly seconds: number;
}

/** The levels that one replica of a run has passed. */
export interface SeedCurriculum {
  readonly seed: number;
  /** Name of the run's folder. */
  readonly run: string;
  /** Updates done. */
  readonly updates: number;
  /** Sequences seen by this replica. */
  readonly sequences: number;
  /** Whether more updates would change nothing: it diverged, gave up, or passed all levels. */
  readonly hasEnded: boolean;
  /** Passed levels, lowest first. */
  readonly passed: readonly PassedLevel[];
}

export interface ConfigurationRuns {
  /** By rising seed; of a seed that was trained twice, the run that got further. */
  readonly seeds: readonly SeedCurriculum[];
  /** Training time of all runs together. */
  readonly seconds: number;
}

/** The highest level passed within a number of updates; 0: none. */
export const levelAt = ({ passed }: SeedCurriculum, updates: number): number =>
  Math.max(0, ...passed.filter((event) => event.updates <= updates).map(({ level }) => level));

/**
 * Reads the runs of a configuration.
 *
 * @param options.problem receives a line on each folder that cannot be used.
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
      const { seeds, seconds: runSeconds } = readRun(folder, run);
      seconds += runSeconds;
      for (const candidate of seeds) {
        keepFurther(bySeed, {
          key: candidate.seed,
          candidate,
          rank: ({ updates }) => [updates],
        });
      }
    },
  });
  return { seeds: [...bySeed.values()].sort((a, b) => a.seed - b.seed), seconds };
}

function readRun(folder: string, run: string): ConfigurationRuns {
  const { training } = readConfig(folder) as { training: { seeds: number[] } };
  const passed = training.seeds.map((): PassedLevel[] => []);
  let last: MetricsRow | undefined;
  for (const row of readMetrics(join(folder, "metrics.jsonl"))) {
    passed.forEach((levels, replica) => addPassed(levels, { row, replica }));
    last = row;
  }
  const status = readStatus(folder);
  return {
    seeds: training.seeds.map((seed, replica) => ({
      seed,
      run,
      updates: last?.iteration ?? 0,
      sequences: last?.sequences ?? 0,
      hasEnded: hasEnded(folder, status),
      passed: passed[replica]!,
    })),
    seconds: last?.seconds ?? 0,
  };
}

const hasEnded = (folder: string, status: StoredRunStatus | undefined): boolean =>
  status?.state === "finished" &&
  (status.end_reason === "diverged" || hasEndedEarly(folder, status));

/**
 * Adds the levels that a replica has passed by a row of metrics. A row is logged whenever a level is
 * passed, so the updates are exact.
 */
function addPassed(
  passed: PassedLevel[],
  { row: { iteration, seconds, values }, replica }: { row: MetricsRow; replica: number },
): void {
  const value = values["curriculum/passed"];
  const level = typeof value === "number" ? value : value?.[replica];
  while (level !== undefined && passed.length < level) {
    passed.push({ level: passed.length + 1, updates: iteration, seconds });
  }
}
