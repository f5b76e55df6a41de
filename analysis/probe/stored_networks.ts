/** Reads the networks of a run folder that are drawn. */
import type { Replica } from "../../config/replicas.ts";
import type { RunConfig } from "../../config/run_config.ts";
import { formatNumberList, parseNumberList } from "../../config/number_list.ts";
import type { CheckpointChoice } from "../../store/judged_checkpoint.ts";
import { newest, readTrainedNetworks, type StoredNetwork } from "../../store/stored_network.ts";
import { type LevelFile, listLevels, readLevel } from "../../store/level_files.ts";
import { UsageError } from "../../config/usage_error.ts";

export interface NetworkChoice {
  readonly config: RunConfig;
  /** As typed; undefined: the lowest passed level and the highest. */
  readonly level: string | undefined;
  /** Undefined: the networks of levels, or else the best ones if the run keeps them, or else the newest. */
  readonly checkpoint?: CheckpointChoice | undefined;
  /** [P], all replicas of the run. */
  readonly replicas: readonly Replica[];
  /** The replica whose networks are drawn. */
  readonly chosen: Replica;
  /** Receives notes; default: standard error. */
  readonly say?: (line: string) => void;
}

/**
 * The networks of one replica, lowest level first. If no level was passed it is its best network, if the run keeps
 * it, or that of the newest checkpoint, which the level "newest" asks for.
 *
 * @throws UsageError if there is no network, or a level was not passed.
 * @throws DamagedFileError if a level file is not whole.
 */
export function readNetworks(
  folder: string,
  { config, level, checkpoint, replicas, chosen, say }: NetworkChoice,
) {
  const read = (checkpoint: CheckpointChoice | undefined) =>
    readTrainedNetworks(folder, { config, replicas, chosen: [chosen], checkpoint, say });
  if (checkpoint !== undefined) return read(checkpoint);
  if (level === newest) return read(newest);
  const files = listLevels(folder, replicas).filter(({ replica }) => replica === chosen);
  if (files.length === 0) {
    if (level !== undefined) {
      throw new UsageError(`--level ${level}: ${chosen.label} of the run has passed no level`);
    }
    return read(undefined);
  }
  return chooseLevels(files, level).map((file): StoredNetwork => ({
    ...readLevel(file),
    passed: true,
    index: 0,
    replicas: 1,
  }));
}

/** The files of a typed list of levels. @throws UsageError if a level was not passed. */
function chooseLevels(files: readonly LevelFile[], list: string | undefined): LevelFile[] {
  const levels = files.map(({ level }) => level);
  if (list === "all") return [...files];
  const requested = list === undefined
    ? [levels[0]!, levels.at(-1)!]
    : parseNumberList(list, "--level");
  const missing = requested.find((level) => !levels.includes(level));
  if (missing !== undefined) {
    throw new UsageError(
      `--level ${missing}: the run has not passed it; passed: ${formatNumberList(levels)}`,
    );
  }
  return files.filter(({ level }) => requested.includes(level));
}
