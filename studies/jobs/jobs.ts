/** Jobs of an experiment: a configuration, its seeds, and the folder of their run. */
import { join } from "node:path";
import type { DeviceChoice } from "../../core/backends/device_choices.ts";
import { UsageError } from "../../config/usage_error.ts";
import type { Configuration } from "../experiment.ts";

export interface Job {
  /** The name of its folder, and of its log. */
  readonly name: string;
  readonly configuration: Configuration;
  readonly seeds: readonly number[];
  /** The folder of the run. */
  readonly folder: string;
  /** The log file. It lies beside the folder, which must be empty at the start of a run. */
  readonly log: string;
}

/** A command of Hebb with its arguments. */
export interface JobCommand {
  readonly command: string;
  readonly args: readonly string[];
}

/** Longest name of a folder; some file systems allow little more. */
const LONGEST_NAME = 200;

/**
 * The jobs of an experiment, in the order in which they are run. All configurations come with the first
 * seed, then with the next, so that a stopped experiment holds whole comparisons.
 *
 * @param options.sideBySide one job for each configuration, with all seeds.
 * @throws UsageError if the name of a folder would be too long.
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

/** Seeds as part of a name: "seed-1", or "seeds-1-3_7" for 1, 2, 3 and 7 in any order. */
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

/** Updates of a job. @param options.iterations the number if its configuration gives none. */
export const iterationsOf = (
  { configuration }: Job,
  { iterations }: { iterations: number },
): number => configuration.iterations ?? iterations;

/** The arguments of `train`. A resumed run gets all settings again, so that `train` checks them. */
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
