/** The runs of a configuration in the folder of an experiment. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { DamagedFileError } from "../../store/files/damaged_file_error.ts";
import type { Configuration } from "../experiment.ts";
import { settingsDifference } from "./settings_difference.ts";

/**
 * Goes over the folders `NAME-seed-...` and `NAME-seeds-...` of `out`, in order.
 *
 * A run that was not trained as the configuration says is a problem, and does not count; nor does one
 * where `use` meets a damaged file.
 *
 * @param options.problem told of each folder that cannot be used, in a line.
 */
export function forEachRun(
  out: string,
  { configuration: { name, settings }, problem, use }: {
    configuration: Configuration;
    problem: (line: string) => void;
    use: (found: { readonly run: string; readonly folder: string }) => void;
  },
): void {
  for (const run of runNames(out, name)) {
    const folder = join(out, run);
    try {
      const seeds = run.slice(name.length + 1);
      const difference = settingsDifference(folder, { settings, seeds });
      if (difference !== undefined) {
        throw new DamagedFileError(folder, `not trained as the experiment says: ${difference}`);
      }
      use({ run, folder });
    } catch (error) {
      if (!(error instanceof DamagedFileError)) throw error;
      problem(`left out: ${error.message}`);
    }
  }
}

/**
 * Keeps of each seed the run that got further: an unfinished one of a seed alone does not hide one of
 * all seeds side by side, nor the other way round.
 *
 * @param options.rank how far a run got; the first number that differs decides, later runs win ties.
 */
export function keepFurther<K, R>(
  kept: Map<K, R>,
  { key, found, rank }: { key: K; found: R; rank: (run: R) => readonly number[] },
): void {
  const earlier = kept.get(key);
  const before = earlier === undefined ? [] : rank(earlier);
  const difference = rank(found).map((value, index) => value - (before[index] ?? value))
    .find((gap) => gap !== 0) ?? 0;
  if (difference >= 0) kept.set(key, found);
}

function runNames(out: string, name: string): string[] {
  const names = [...Deno.readDirSync(out)].filter((entry) => entry.isDirectory)
    .map((entry) => entry.name);
  return names.filter((folder) =>
    /^-seeds?-\d/.test(folder.slice(name.length)) && folder.startsWith(name) &&
    existsSync(join(out, folder, "config.json"))
  ).sort();
}
