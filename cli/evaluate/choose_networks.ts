/** Which networks of a run are judged, and at which R. */
import { type LevelNetwork, listLevels, readLevel } from "../train/level_files.ts";
import { UsageError } from "../usage_error.ts";
import { formatNumberList } from "../stored/number_list.ts";

/** A network without its tensors, and a movie for it. */
export interface Judging {
  readonly network: Omit<LevelNetwork, "tensors">;
  readonly interval: number;
}

export interface Choice {
  /** Levels of the networks; default: all passed, or the highest where `intervals` are given. */
  readonly levels: readonly number[] | undefined;
  /** Every network at each of these R; default: each at its own. */
  readonly intervals: readonly number[] | undefined;
  readonly seed: number | undefined;
}

/** What is judged, by seed, then level, then R. @throws UsageError, DamagedFileError */
export function chooseNetworks(folder: string, { levels, intervals, seed }: Choice): Judging[] {
  const networks = networksOf(folder, { levels, seed });
  const chosen = levels === undefined && intervals !== undefined
    ? highestOfEach(networks)
    : networks;
  return chosen.flatMap((network) =>
    (intervals ?? [network.level]).map((interval) => ({ network, interval }))
  );
}

/** The highest network of every seed at each R. @throws UsageError, DamagedFileError */
export function chooseCurve(
  folder: string,
  { levels, intervals, seed, longest }: Choice & {
    /** The largest R of the default, which is 1 .. 2 times the network's level. */
    longest: number;
  },
): Judging[] {
  return highestOfEach(networksOf(folder, { levels, seed })).flatMap((network) => {
    const last = Math.min(2 * network.level, longest);
    const own = Array.from({ length: last }, (_, index) => index + 1);
    return (intervals ?? own).map((interval) => ({ network, interval }));
  });
}

type Network = Judging["network"];

function networksOf(
  folder: string,
  { levels, seed }: Pick<Choice, "levels" | "seed">,
): Network[] {
  const all = listLevels(folder);
  if (all.length === 0) {
    throw new UsageError(`cannot evaluate ${folder}: the run has passed no level yet`);
  }
  const seeds = [...new Set(all.map((file) => file.seed))].sort((a, b) => a - b);
  if (seed !== undefined && !seeds.includes(seed)) {
    throw new UsageError(
      `--seed ${seed}: no network of this seed has passed a level; there are ${seeds.join(", ")}`,
    );
  }
  const ofSeed = all.filter((file) => seed === undefined || file.seed === seed);
  const missing = levels?.find((level) => ofSeed.every((file) => file.level !== level));
  if (missing !== undefined) {
    throw new UsageError(
      `--level ${missing}: the run has not passed it${
        seed === undefined ? "" : ` with this seed`
      }` +
        `; passed: ${formatNumberList(ofSeed.map(({ level }) => level))}`,
    );
  }
  return ofSeed
    .filter(({ level }) => levels === undefined || levels.includes(level))
    .sort((a, b) => a.seed - b.seed || a.level - b.level)
    // Verified now: a damaged file is to be told before an hour of judging, not after.
    .map((file) => {
      const { tensors: _, ...network } = readLevel(file);
      return network;
    });
}

const highestOfEach = (networks: readonly Network[]): Network[] =>
  networks.filter((network) =>
    !networks.some(({ seed, level }) => seed === network.seed && level > network.level)
  );
