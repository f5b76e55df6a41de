/** The trained networks of a run folder that are to be drawn. */
import type { Replica } from "../../config/replicas.ts";
import type { RunConfig } from "../../config/run_config.ts";
import { formatNumberList, parseNumberList } from "../../config/number_list.ts";
import { newest, readNewestNetworks, type StoredNetwork } from "../../store/stored_network.ts";
import { type LevelFile, listLevels, readLevel } from "../../store/level_files.ts";
import { UsageError } from "../../config/usage_error.ts";

export interface NetworkChoice {
  readonly config: RunConfig;
  /** As typed; default: the first level passed and the highest. */
  readonly level: string | undefined;
  /** All replicas of the run, and whose networks are drawn. */
  readonly replicas: readonly Replica[];
  readonly chosen: Replica;
}

/**
 * The networks of one replica, lowest level first. Without a level passed, or as level "newest", it is
 * that of the newest checkpoint.
 *
 * @throws UsageError if there is none, or not those that are asked for.
 * @throws DamagedFileError if a level file is not whole.
 */
export function readNetworks(folder: string, { config, level, replicas, chosen }: NetworkChoice) {
  const readNewest = () => readNewestNetworks(folder, { config, replicas, chosen: [chosen] });
  if (level === newest) return readNewest();
  const files = listLevels(folder, replicas).filter(({ replica }) => replica === chosen);
  if (files.length === 0) {
    if (level !== undefined) {
      throw new UsageError(`--level ${level}: ${chosen.label} of the run has passed no level`);
    }
    return readNewest();
  }
  return chooseLevels(files, level).map((file): StoredNetwork => ({
    ...readLevel(file),
    passed: true,
    index: 0,
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
