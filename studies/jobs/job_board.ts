/** Where the jobs of an experiment stand, as lines. */
import { formatDuration, formatRate } from "../../store/progress/format_progress.ts";
import type { JobProgress } from "./job_state.ts";
import { iterationsOf, type Job } from "./jobs.ts";

export interface JobBoard {
  /** A job that runs now, or whose status may have changed. */
  look(job: Job, progress: JobProgress): void;
  /** Nothing more will come of it, whatever it has done. */
  close(job: Job): void;
  /** One line for each running job, and one for all. */
  lines(): string[];
}

interface Entry {
  readonly iterations: number;
  updates: number;
  seconds: number;
  passed: JobProgress["passed"];
  /** Updates a second of training between the last two states that differ. */
  speed: number | undefined;
  phase: "waiting" | "running" | "closed";
}

/** @param options.iterations updates of each job whose configuration says no other number. */
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
      speed: undefined,
      phase: "waiting",
    },
  ]));
  const left = ({ updates, iterations }: Entry) => Math.max(0, iterations - updates);
  const width = Math.max(0, ...jobs.map(({ job }) => job.name.length));
  return {
    look({ name }, { updates, seconds, passed }) {
      const entry = entries.get(name)!;
      entry.phase = "running";
      // A run that starts again from an older checkpoint has no speed to tell yet.
      if (updates > entry.updates && seconds > entry.seconds) {
        entry.speed = (updates - entry.updates) / (seconds - entry.seconds);
      }
      Object.assign(entry, { updates, seconds, passed });
    },
    close({ name }) {
      entries.get(name)!.phase = "closed";
    },
    lines() {
      const all = [...entries.values()];
      const running = [...entries].filter(([, { phase }]) => phase === "running");
      const open = all.filter(({ phase }) => phase !== "closed");
      const speeds = running.flatMap(([, { speed }]) => speed === undefined ? [] : [speed]);
      const total = speeds.reduce((sum, speed) => sum + speed, 0);
      const work = open.reduce((sum, entry) => sum + left(entry), 0);
      // The jobs share the time, but the longest of those that run cannot be shared out.
      const seconds = Math.max(
        work / total,
        ...running.map(([, entry]) => left(entry) / (entry.speed ?? Infinity)),
      );
      const time = speeds.length > 0 ? `  at most about ${formatDuration(seconds)} left` : "";
      return [
        ...running.map(([name, entry]) => describe(name.padEnd(width), entry)),
        `${all.length - open.length} of ${all.length} jobs ended, ${running.length} running${time}`,
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

/** Such as "R 3 passed", or "R 2 to 4 passed" of several replicas. */
export const passedText = ([lowest, highest]: readonly [number, number]): string =>
  highest === 0
    ? "no R passed yet"
    : `R ${lowest === highest ? lowest : `${lowest} to ${highest}`} passed`;
