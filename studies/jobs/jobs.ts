/** The runs of an experiment: which configuration with which seeds, in which folder. */
import { join } from "node:path";
import type { DeviceChoice } from "../../core/backends/open_backend.ts";
import { UsageError } from "../../config/usage_error.ts";
import type { Configuration } from "../experiment.ts";

export interface Job {
  /** The name of its folder, and of its log. */
  readonly name: string;
  readonly configuration: Configuration;
  readonly seeds: readonly number[];
  /** Of the run. */
  readonly folder: string;
  /** What it says; beside the folder, which has to be empty at the start of a run. */
  readonly log: string;
}

/** A command line of ours. */
export interface JobCommand {
  readonly command: string;
  readonly args: readonly string[];
}

/** Some systems allow no more in the name of a file. */
const LONGEST_NAME = 200;

/**
 * Seed by seed, all configurations with the first seed first, so that a stopped experiment has whole
 * comparisons; side by side, one job a configuration.
 *
 * @throws UsageError where the seeds make too long a name.
 */
export function listJobs(
  configurations: readonly Configuration[],
  { seeds, sideBySide, out }: {
    seeds: readonly number[];
    sideBySide: boolean;
    out: string;
  },
): Job[] {
  const groups = sideBySide ? [seeds] : seeds.map((seed) => [seed]);
  return groups.flatMap((group) =>
    configurations.map((configuration) => {
      const name = `${configuration.name}-${seedsName(group)}`;
      if (name.length > LONGEST_NAME) {
        throw new UsageError(`--seeds: ${group.length} seeds make too long a name of a folder`);
      }
      const folder = join(out, name);
      return { name, configuration, seeds: group, folder, log: `${folder}.log` };
    })
  );
}

/** Such as "seed-1", or "seeds-1-3_7" of 1, 2, 3 and 7, in any order. */
export function seedsName(seeds: readonly number[]): string {
  if (seeds.length === 1) return `seed-${seeds[0]}`;
  const ranges: [first: number, last: number][] = [];
  for (const seed of seeds.toSorted((a, b) => a - b)) {
    const range = ranges.at(-1);
    if (range && seed === range[1] + 1) range[1] = seed;
    else ranges.push([seed, seed]);
  }
  const text = ranges.map(([first, last]) => first === last ? `${first}` : `${first}-${last}`);
  return `seeds-${text.join("_")}`;
}

/** Updates of a job, where its configuration does not say how many. */
export const iterationsOf = (
  { configuration }: Job,
  { iterations }: { iterations: number },
): number => configuration.iterations ?? iterations;

/** The arguments of `train`; those of a run that goes on repeat its settings, so they are checked. */
export function trainArguments(
  job: Job,
  { iterations, device, threads, resume }: {
    iterations: number;
    device: DeviceChoice;
    threads: number;
    resume: boolean;
  },
): string[] {
  const { configuration, seeds, folder } = job;
  return [
    resume ? "--resume" : "--out",
    folder,
    ...[
      ...configuration.settings,
      `training.seeds=${seeds.join(",")}`,
      `training.iterations=${iterationsOf(job, { iterations })}`,
      `device.name=${device}`,
      ...device === "gpu" ? [] : [`device.threads=${threads}`],
    ].flatMap((setting) => ["--set", setting]),
    "--progress",
    "none",
  ];
}
