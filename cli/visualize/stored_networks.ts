/** The trained networks of a run folder that are to be drawn. */
import type { RunConfig } from "../config/run_config.ts";
import { formatNumberList, parseNumberList } from "../stored/number_list.ts";
import { newest, readNewestNetworks, type StoredNetwork } from "../stored/stored_network.ts";
import { type LevelFile, listLevels, readLevel } from "../train/level_files.ts";
import { UsageError } from "../usage_error.ts";

export interface NetworkChoice {
  readonly config: RunConfig;
  /** As typed; default: the first level passed and the highest. */
  readonly level: string | undefined;
  /** Default: the first seed of the run. */
  readonly seed: number | undefined;
}

/**
 * The networks of one seed, lowest level first. Without a level passed, or as level "newest", it is
 * that of the newest checkpoint.
 *
 * @throws UsageError if there is none, or not those that are asked for.
 * @throws DamagedFileError if a level file is not whole.
 */
export function readNetworks(folder: string, { config, level, seed }: NetworkChoice) {
  const { seeds } = config.training;
  const chosen = seed ?? seeds[0]!;
  if (!seeds.includes(chosen)) {
    throw new UsageError(`--seed ${chosen}: the run has the seeds ${seeds.join(", ")}`);
  }
  if (level === newest) return readNewestNetworks(folder, { config, seeds: [chosen] });
  const files = listLevels(folder).filter((file) => file.seed === chosen);
  if (files.length === 0) {
    if (level !== undefined) {
      throw new UsageError(`--level ${level}: seed ${chosen} of the run has passed no level`);
    }
    return readNewestNetworks(folder, { config, seeds: [chosen] });
  }
  return chooseLevels(files, level).map((file): StoredNetwork => ({
    ...readLevel(file),
    passed: true,
    replica: 0,
    replicas: 1,
  }));
}

/** @throws UsageError if a level is asked for that is not there. */
export function chooseLevels(files: readonly LevelFile[], list: string | undefined): LevelFile[] {
  const levels = files.map(({ level }) => level);
  if (list === "all") return [...files];
  const wanted = list === undefined
    ? [levels[0]!, levels.at(-1)!]
    : parseNumberList(list, "--level");
  const missing = wanted.find((level) => !levels.includes(level));
  if (missing !== undefined) {
    throw new UsageError(
      `--level ${missing}: the run has not passed it; passed: ${formatNumberList(levels)}`,
    );
  }
  return files.filter(({ level }) => wanted.includes(level));
}
