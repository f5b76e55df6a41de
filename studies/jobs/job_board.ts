/** The progress of the jobs of an experiment, as lines. */
import { formatDuration, formatRate } from "../../store/progress/format_progress.ts";
import type { JobProgress } from "./job_state.ts";
import { iterationsOf, type Job } from "./jobs.ts";

export interface JobBoard {
  /** Records the progress of a job that runs. */
  update(job: Job, progress: JobProgress): void;
  /** Records that a job will do nothing more. */
  close(job: Job): void;
  /** One line for each running job, and one for all. */
  lines(): string[];
}

interface Entry {
  readonly iterations: number;
  updates: number;
  seconds: number;
  passed: JobProgress["passed"];
  /** Where the measurement of the speed began. */
  mark: { readonly updates: number; readonly seconds: number };
  /** Updates per second of training since a mark that lies long enough back. */
  speed: number | undefined;
  phase: "waiting" | "running" | "closed";
}

/** Training time that makes a speed: a first update warms up, and tells nothing of the others. */
const LEAST_SECONDS = 1;

/** @param options.iterations updates of each job whose configuration gives no number. */
export function createJobBoard(
  jobs: readonly { readonly job: Job; readonly state: JobProgress }[],
  { iterations }: { iterations: number },
): JobBoard {
  const entries = new Map<string, Entry>(jobs.map(({ job, state }) => [
    job.name,
    {
      iterations: iterationsOf(job, { iterations }),
      updates: state.updates,
      seconds: state.seconds,
      passed: state.passed,
      mark: { updates: state.updates, seconds: state.seconds },
      speed: undefined,
      phase: "waiting",
    },
  ]));
  const updatesLeft = ({ updates, iterations }: Entry) => Math.max(0, iterations - updates);
  const width = Math.max(0, ...jobs.map(({ job }) => job.name.length));
  return {
    update({ name }, { updates, seconds, passed }) {
      const entry = entries.get(name)!;
      entry.phase = "running";
      const [done, time] = [updates - entry.mark.updates, seconds - entry.mark.seconds];
      const isMeasured = done > 0 && time >= LEAST_SECONDS;
      if (isMeasured) entry.speed = done / time;
      // A run that starts again from an older checkpoint has no speed yet.
      if (isMeasured || done < 0) entry.mark = { updates, seconds };
      Object.assign(entry, { updates, seconds, passed });
    },
    close({ name }) {
      entries.get(name)!.phase = "closed";
    },
    lines() {
      const jobCount = entries.size;
      const running = [...entries].filter(([, { phase }]) => phase === "running");
      const open = [...entries.values()].filter(({ phase }) => phase !== "closed");
      const speeds = running.flatMap(([, { speed }]) => speed === undefined ? [] : [speed]);
      const total = speeds.reduce((sum, speed) => sum + speed, 0);
      const work = open.reduce((sum, entry) => sum + updatesLeft(entry), 0);
      // All jobs share the speed, but no running job ends before its own updates are done.
      const seconds = Math.max(
        work / total,
        ...running.map(([, entry]) => updatesLeft(entry) / (entry.speed ?? Infinity)),
      );
      const time = speeds.length > 0 ? `  at most about ${formatDuration(seconds)} left` : "";
      return [
        ...running.map(([name, entry]) => describe(name.padEnd(width), entry)),
        `${jobCount - open.length} of ${jobCount} jobs ended, ${running.length} running${time}`,
      ];
    },
  };
}

function describe(name: string, { iterations, updates, passed, speed }: Entry): string {
  const percent = Math.floor(100 * Math.min(1, updates / iterations));
  return [
    `${name}  ${updates}/${iterations} (${percent}%)`,
    ...passed === undefined ? [] : [passedText(passed)],
    ...speed === undefined ? [] : [`${formatRate(speed)} updates/s`],
  ].join("  ");
}

/** The levels passed, such as "R 3 passed", or "R 2 to 4 passed" for several replicas. */
export const passedText = ([lowest, highest]: readonly [number, number]): string =>
  highest === 0
    ? "no R passed yet"
    : `R ${lowest === highest ? lowest : `${lowest} to ${highest}`} passed`;
