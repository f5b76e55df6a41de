/** Which networks of a run are judged, and at which R. */
import { buildTask } from "../../config/build/build_run.ts";
import { configOf, type Replica } from "../../config/replicas.ts";
import type { RunConfig } from "../../config/run_config.ts";
import { formatNumberList } from "../../config/number_list.ts";
import { newest, readNewestNetworks, type StoredNetwork } from "../../store/stored_network.ts";
import { type LevelFile, listLevels, readLevel } from "../../store/level_files.ts";
import { UsageError } from "../../config/usage_error.ts";

/** A network that can be judged. */
export interface JudgedNetwork {
  readonly replica: Replica;
  /** Updates done. */
  readonly iteration: number;
  /** R that it has passed; of the newest checkpoint, R that it is trained at. */
  readonly level: number;
  readonly passed: boolean;
  /** With its tensors. @throws DamagedFileError */
  load(): StoredNetwork;
}

/** A network and a movie for it. */
export interface Judging {
  readonly network: JudgedNetwork;
  readonly interval: number;
}

export interface Choice {
  readonly config: RunConfig;
  /**
   * Levels of the networks; default: all passed, or the highest where `intervals` are given, or, where
   * none is passed yet, the newest checkpoint.
   */
  readonly levels: readonly number[] | typeof newest | undefined;
  /** Every network at each of these R; default: each at its own. */
  readonly intervals: readonly number[] | undefined;
  /** All replicas of the run, and whose networks are judged. */
  readonly replicas: readonly Replica[];
  readonly chosen: readonly Replica[];
}

/** What is judged, by replica, then level, then R. @throws UsageError, DamagedFileError */
export function chooseNetworks(folder: string, { intervals, ...choice }: Choice): Judging[] {
  const networks = networksOf(folder, choice);
  const chosen = choice.levels === undefined && intervals !== undefined
    ? highestOfEach(networks)
    : networks;
  return chosen.flatMap((network) =>
    (intervals ?? [network.level]).map((interval) => ({ network, interval }))
  );
}

/** The highest network of every replica at each R. @throws UsageError, DamagedFileError */
export function chooseCurve(
  folder: string,
  { intervals, longest, ...choice }: Choice & {
    /** The largest R of the default, which is 1 .. 2 times the network's level. */
    longest: number;
  },
): Judging[] {
  return highestOfEach(networksOf(folder, choice)).flatMap((network) => {
    const last = Math.min(2 * network.level, longest);
    const own = Array.from({ length: last }, (_, index) => index + 1);
    return (intervals ?? own).map((interval) => ({ network, interval }));
  });
}

function networksOf(
  folder: string,
  { config, levels, replicas, chosen }: Omit<Choice, "intervals">,
): JudgedNetwork[] {
  const files = listLevels(folder, replicas).filter(({ replica }) => chosen.includes(replica));
  if (levels === newest || (levels === undefined && files.length === 0)) {
    return newestNetworks(folder, { config, replicas, chosen });
  }
  const missing = levels?.find((level) => files.every((file) => file.level !== level));
  if (missing !== undefined) {
    const passed = formatNumberList(files.map(({ level }) => level)) || "none yet";
    const whose = chosen.length === replicas.length
      ? ""
      : ` with this ${
        chosen.length > 1 || replicas.length === config.training.seeds.length ? "seed" : "replica"
      }`;
    throw new UsageError(
      `--level ${missing}: the run has not passed it${whose}; passed: ${passed}`,
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
  // Verified now: a damaged file is to be told before an hour of judging, not after.
  return { replica, level, iteration: load().iteration, passed: true, load };
}

function newestNetworks(
  folder: string,
  options: Pick<Choice, "config" | "replicas" | "chosen">,
): JudgedNetwork[] {
  return readNewestNetworks(folder, options).map((network) => {
    const { scenes } = buildTask(configOf(options.config, network.replica).task);
    // Kept, as a run that is still training would replace the file.
    return { ...network, level: network.level ?? scenes!.interval, load: () => network };
  });
}

const highestOfEach = (networks: readonly JudgedNetwork[]): JudgedNetwork[] =>
  networks.filter((network) =>
    !networks.some(({ replica, level }) => replica === network.replica && level > network.level)
  );
