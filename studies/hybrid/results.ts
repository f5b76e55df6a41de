/** The outcome of the experiment: each network against the published run, and M against A. */
import type { Interval } from "../../core/numerics/statistics.ts";
import { hybrid as model } from "../../models/hybrid.ts";
import { sizeOf } from "../../core/axes.ts";
import { median, medianDifferenceInterval } from "../median.ts";
import {
  type ConfigurationRuns,
  levelAt,
  type PassedLevel,
  readConfigurationRuns,
} from "../read_curricula.ts";
import { type HybridConfiguration, referenceUpdates } from "./configurations.ts";

/** `open`: not all runs have done `referenceUpdates` yet. */
export type Verdict = "reached" | "not reached" | "open" | "not run";

export interface NetworkResult {
  readonly configuration: HybridConfiguration;
  /** Trained numbers. */
  readonly parameters: number;
  readonly runs: ConfigurationRuns;
  /** R passed within `referenceUpdates`, for each seed. */
  readonly levels: readonly number[];
  /** When the reference was passed, for each seed; undefined if not within `referenceUpdates`. */
  readonly referenceAt: readonly (PassedLevel | undefined)[];
  /** Median of `levels`; NaN without runs. */
  readonly median: number;
  readonly verdict: Verdict;
}

/** Two networks that differ in the kind of plasticity (M or A) of one layer. */
export interface Comparison {
  readonly readout: string;
  readonly layer: "memory layer" | "readout layer";
  /** Units of each hidden layer. */
  readonly sizes: readonly number[];
  /** Median R with M minus median R with A. */
  readonly difference: number;
  /** 95 % bootstrap interval; undefined with too few seeds. */
  readonly interval: Interval | undefined;
  /** Fewest seeds of the two. */
  readonly seeds: number;
}

/**
 * Reads the runs of a network, and judges them against the published run.
 *
 * @param options.problem receives a line on each folder that cannot be used.
 */
export function readNetworkResult(
  out: string,
  { configuration, problem }: {
    configuration: HybridConfiguration;
    problem: (line: string) => void;
  },
): NetworkResult {
  const runs = readConfigurationRuns(out, { configuration, problem });
  const levels = runs.seeds.map((seed) => levelAt(seed, referenceUpdates));
  const medianLevel = median(levels);
  return {
    configuration,
    parameters: countParameters(configuration),
    runs,
    levels,
    referenceAt: runs.seeds.map(({ passed }) =>
      passed.find(({ level, updates }) =>
        level === configuration.reference && updates <= referenceUpdates
      )
    ),
    median: medianLevel,
    verdict: judge(medianLevel, { runs, configuration }),
  };
}

const modelSettings = ({ networkType, plasticTypes, hiddenDims }: HybridConfiguration) => ({
  network_type: networkType,
  plastic_types: plasticTypes,
  hidden_dims: hiddenDims,
  hetero_rates: plasticTypes.map(() => 1 as const),
});

function judge(
  medianLevel: number,
  { runs: { seeds }, configuration }: {
    runs: ConfigurationRuns;
    configuration: HybridConfiguration;
  },
): Verdict {
  if (seeds.length === 0) return "not run";
  // R only rises, so more updates cannot undo it.
  if (medianLevel >= configuration.reference) return "reached";
  const isOver = seeds.every(({ updates, hasEnded }) => hasEnded || updates >= referenceUpdates);
  return isOver ? "not reached" : "open";
}

function countParameters(configuration: HybridConfiguration): number {
  const inputs = 25;
  const { parameters } = model.instantiate({ inputs, ...modelSettings(configuration) });
  return Object.values(parameters).filter(({ trained }) => trained)
    .reduce((sum, { shape }) => sum + sizeOf(shape), 0);
}

/** All pairs that differ only in the kind of one layer and have been run; memory layers first. */
export function compareKinds(networks: readonly NetworkResult[]): Comparison[] {
  const pairs = networks.flatMap((withM) =>
    networks.flatMap((withA) => {
      const [m, a] = [withM.configuration, withA.configuration];
      const isSameShape = m.networkType === a.networkType &&
        m.hiddenDims.join() === a.hiddenDims.join() &&
        m.plasticTypes.length === a.plasticTypes.length;
      const differing = m.plasticTypes.flatMap((kind, layer) =>
        kind === a.plasticTypes[layer] ? [] : [layer]
      );
      const [layer] = differing;
      const isPair = isSameShape && differing.length === 1 && m.plasticTypes[layer!] === "M";
      if (!isPair || withM.levels.length === 0 || withA.levels.length === 0) return [];
      return [{
        readout: m.hiddenDims.length === 1 ? "none (one layer)" : m.networkType,
        layer: layer === 0 ? "memory layer" as const : "readout layer" as const,
        sizes: m.hiddenDims,
        difference: withM.median - withA.median,
        interval: medianDifferenceInterval(withM.levels, withA.levels),
        seeds: Math.min(withM.levels.length, withA.levels.length),
      }];
    })
  );
  return pairs.sort((a, b) =>
    Number(b.layer === "memory layer") - Number(a.layer === "memory layer")
  );
}

/** The outcome in a sentence. */
export function headline(networks: readonly NetworkResult[]): string {
  const count = (verdict: Verdict) =>
    networks.filter((network) => network.verdict === verdict).length;
  const rest = (["open", "not run"] as const).flatMap((verdict) =>
    count(verdict) > 0 ? [`${count(verdict)} ${verdict}`] : []
  );
  return `${count("reached")} of ${networks.length} reach the reference` +
    (rest.length > 0 ? ` (${rest.join(", ")})` : "");
}
