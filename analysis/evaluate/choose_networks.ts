/** Chooses the networks of a run that are judged, and at which R. */
import { buildTask } from "../../config/build/build_run.ts";
import { configOf, type Replica } from "../../config/replicas.ts";
import type { RunConfig } from "../../config/run_config.ts";
import { formatNumberList } from "../../config/number_list.ts";
import type { CheckpointChoice } from "../../store/judged_checkpoint.ts";
import { newest, readTrainedNetworks, type StoredNetwork } from "../../store/stored_network.ts";
import { type LevelFile, listLevels, readLevel } from "../../store/level_files.ts";
import { UsageError } from "../../config/usage_error.ts";

/** A stored network, before its tensors are loaded. */
export interface JudgedNetwork {
  readonly replica: Replica;
  /** Updates done. */
  readonly iteration: number;
  /** R that it has passed; for a network of the newest checkpoint, R that it is trained at. */
  readonly level: number;
  readonly passed: boolean;
  /** Reads its tensors. @throws DamagedFileError */
  load(): StoredNetwork;
}

/** A network, and the R of the movie that it is judged on. */
export interface Judging {
  readonly network: JudgedNetwork;
  readonly interval: number;
}

export interface Choice {
  readonly config: RunConfig;
  /**
   * Levels of the networks. Undefined: all that were passed, or only the highest if `intervals` are
   * given; the newest checkpoint if no level was passed yet.
   */
  readonly levels: readonly number[] | typeof newest | undefined;
  /** The R of the movies of every network; undefined: its level. */
  readonly intervals: readonly number[] | undefined;
  /** [P], all replicas of the run. */
  readonly replicas: readonly Replica[];
  /** The replicas whose networks are judged. */
  readonly chosen: readonly Replica[];
  /** The checkpoint to take networks from that passed no level; undefined: the best if they are kept, or the newest. */
  readonly checkpoint?: CheckpointChoice | undefined;
}

/**
 * Networks and movies, by replica, then level, then R.
 *
 * @throws UsageError if a level was not passed, DamagedFileError if a file is not whole.
 */
export function chooseNetworks(folder: string, { intervals, ...choice }: Choice): Judging[] {
  const networks = networksOf(folder, choice);
  const chosen = choice.levels === undefined && intervals !== undefined
    ? highestOfEach(networks)
    : networks;
  return chosen.flatMap((network) =>
    (intervals ?? [network.level]).map((interval) => ({ network, interval }))
  );
}

/**
 * The highest network of every replica at many R, for a curve.
 *
 * @throws UsageError if a level was not passed, DamagedFileError if a file is not whole.
 */
export function chooseCurve(
  folder: string,
  { intervals, longest, ...choice }: Choice & {
    /** Upper bound of the default R: 1 to twice the network's level. */
    longest: number;
  },
): Judging[] {
  return highestOfEach(networksOf(folder, choice)).flatMap((network) => {
    const last = Math.min(2 * network.level, longest);
    const defaults = Array.from({ length: last }, (_, index) => index + 1);
    return (intervals ?? defaults).map((interval) => ({ network, interval }));
  });
}

function networksOf(
  folder: string,
  { config, levels, replicas, chosen, checkpoint }: Omit<Choice, "intervals">,
): JudgedNetwork[] {
  const files = listLevels(folder, replicas).filter(({ replica }) => chosen.includes(replica));
  if (levels === newest || (levels === undefined && files.length === 0)) {
    const newestOnly = levels === newest ? newest : undefined;
    return newestNetworks(folder, {
      config,
      replicas,
      chosen,
      checkpoint: newestOnly ?? checkpoint,
    });
  }
  const missing = levels?.find((level) => files.every((file) => file.level !== level));
  if (missing !== undefined) {
    const passed = formatNumberList(files.map(({ level }) => level)) || "none yet";
    const isSeed = chosen.length > 1 || replicas.length === config.training.seeds.length;
    const condition = chosen.length === replicas.length
      ? ""
      : ` with this ${isSeed ? "seed" : "replica"}`;
    throw new UsageError(
      `--level ${missing}: the run has not passed it${condition}; passed: ${passed}`,
    );
  }
  return files
    .filter(({ level }) => levels === undefined || levels.includes(level))
    .sort((a, b) => replicas.indexOf(a.replica) - replicas.indexOf(b.replica) || a.level - b.level)
    .map(levelNetwork);
}

function levelNetwork(file: LevelFile): JudgedNetwork {
  const load = (): StoredNetwork => ({ ...readLevel(file), passed: true, index: 0, replicas: 1 });
  const { replica, level } = file;
  // Read once now: a damaged file is reported before an hour of judging, not after it.
  return { replica, level, iteration: load().iteration, passed: true, load };
}

function newestNetworks(
  folder: string,
  options: Pick<Choice, "config" | "replicas" | "chosen" | "checkpoint">,
): JudgedNetwork[] {
  return readTrainedNetworks(folder, options).map((network) => {
    const { scenes } = buildTask(configOf(options.config, network.replica));
    // Kept in memory, since a run that is still training would replace the file.
    return { ...network, level: network.level ?? scenes!.interval, load: () => network };
  });
}

const highestOfEach = (networks: readonly JudgedNetwork[]): JudgedNetwork[] =>
  networks.filter((network) =>
    !networks.some(({ replica, level }) => replica === network.replica && level > network.level)
  );
