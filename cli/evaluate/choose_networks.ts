/** Which networks of a run are judged, and at which R. */
import type { RunConfig } from "../config/run_config.ts";
import { formatNumberList } from "../stored/number_list.ts";
import { newest, readNewestNetworks, type StoredNetwork } from "../stored/stored_network.ts";
import { type LevelFile, listLevels, readLevel } from "../train/level_files.ts";
import { UsageError } from "../usage_error.ts";

/** A network that can be judged. */
export interface JudgedNetwork {
  readonly seed: number;
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
  readonly seed: number | undefined;
}

/** What is judged, by seed, then level, then R. @throws UsageError, DamagedFileError */
export function chooseNetworks(folder: string, { intervals, ...choice }: Choice): Judging[] {
  const networks = networksOf(folder, choice);
  const chosen = choice.levels === undefined && intervals !== undefined
    ? highestOfEach(networks)
    : networks;
  return chosen.flatMap((network) =>
    (intervals ?? [network.level]).map((interval) => ({ network, interval }))
  );
}

/** The highest network of every seed at each R. @throws UsageError, DamagedFileError */
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
  { config, levels, seed }: Omit<Choice, "intervals">,
): JudgedNetwork[] {
  const { seeds } = config.training;
  if (seed !== undefined && !seeds.includes(seed)) {
    throw new UsageError(`--seed ${seed}: the run has no such seed; it has ${seeds.join(", ")}`);
  }
  const ofSeed = listLevels(folder).filter((file) => seed === undefined || file.seed === seed);
  if (levels === newest || (levels === undefined && ofSeed.length === 0)) {
    return newestNetworks(folder, { config, seeds: seed === undefined ? seeds : [seed] });
  }
  const missing = levels?.find((level) => ofSeed.every((file) => file.level !== level));
  if (missing !== undefined) {
    const passed = formatNumberList(ofSeed.map(({ level }) => level)) || "none yet";
    throw new UsageError(
      `--level ${missing}: the run has not passed it${
        seed === undefined ? "" : ` with this seed`
      }; passed: ${passed}`,
    );
  }
  return ofSeed
    .filter(({ level }) => levels === undefined || levels.includes(level))
    .sort((a, b) => a.seed - b.seed || a.level - b.level)
    .map(levelNetwork);
}

function levelNetwork(file: LevelFile): JudgedNetwork {
  const load = (): StoredNetwork => ({ ...readLevel(file), passed: true, replica: 0, replicas: 1 });
  const { seed, level } = file;
  // Verified now: a damaged file is to be told before an hour of judging, not after.
  return { seed, level, iteration: load().iteration, passed: true, load };
}

function newestNetworks(
  folder: string,
  options: { config: RunConfig; seeds: readonly number[] },
): JudgedNetwork[] {
  const { interval } = options.config.task as unknown as { interval: number };
  return readNewestNetworks(folder, options)
    // Kept, as a run that is still training would replace the file.
    .map((network) => ({ ...network, level: network.level ?? interval, load: () => network }))
    .sort((a, b) => a.seed - b.seed);
}

const highestOfEach = (networks: readonly JudgedNetwork[]): JudgedNetwork[] =>
  networks.filter((network) =>
    !networks.some(({ seed, level }) => seed === network.seed && level > network.level)
  );
