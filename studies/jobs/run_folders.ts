/** Goes over the runs of a configuration in the folder of an experiment. */
import { join } from "node:path";
import { DamagedFileError } from "../../store/files/damaged_file_error.ts";
import { plainFile } from "../../store/files/plain_path.ts";
import { isUnusableFile } from "../../store/files/unusable_file.ts";
import type { Configuration } from "../experiment.ts";
import { settingsDifference } from "./settings_difference.ts";

/**
 * Calls `use` with each folder `NAME-seed-...` and `NAME-seeds-...` of `out`, in order. Left out are runs
 * that were not trained as the configuration says, and those where `use` meets a damaged file.
 *
 * @param options.problem receives a line on each folder that is left out.
 */
export function forEachRun(
  out: string,
  { configuration: { name, settings }, problem, use }: {
    configuration: Configuration;
    problem: (line: string) => void;
    use: (location: { readonly run: string; readonly folder: string }) => void;
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
      if (!isUnusableFile(error)) throw error;
      problem(`left out: ${error.message}`);
    }
  }
}

/**
 * Keeps the run that got further, of two with the same key. A seed may have been trained alone and side
 * by side with others; the shorter run must not hide the longer one.
 *
 * @param options.rank how far a run got: the first number that differs decides. Later runs win ties.
 */
export function keepFurther<K, R>(
  furthest: Map<K, R>,
  { key, candidate, rank }: { key: K; candidate: R; rank: (run: R) => readonly number[] },
): void {
  const rival = furthest.get(key);
  const rivalRank = rival === undefined ? [] : rank(rival);
  const difference = rank(candidate).map((value, index) => value - (rivalRank[index] ?? value))
    .find((gap) => gap !== 0) ?? 0;
  if (difference >= 0) furthest.set(key, candidate);
}

/** Whether a folder has a config, or something else in its place, which `use` refuses. */
function holdsRun(folder: string): boolean {
  try {
    return plainFile(join(folder, "config.json")) !== null;
  } catch (error) {
    if (isUnusableFile(error)) return true;
    throw error;
  }
}

function runNames(out: string, name: string): string[] {
  const names = [...Deno.readDirSync(out)].filter((entry) => entry.isDirectory)
    .map((entry) => entry.name);
  return names.filter((folder) =>
    /^-seeds?-\d/.test(folder.slice(name.length)) && folder.startsWith(name) &&
    holdsRun(join(out, folder))
  ).sort();
}
