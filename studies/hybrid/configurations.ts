/**
 * The networks of the published batch script: nine hybrid memory networks in two sizes.
 *
 * `reference` is the R that the published run had passed after 100,000 updates, one run for each network.
 * Source: read from published figures.
 */
import type { Configuration } from "../experiment.ts";

/** Updates at which `reference` was read. */
export const referenceUpdates = 100_000;

export interface HybridConfiguration extends Configuration {
  readonly size: "large" | "small";
  readonly networkType: "Memo" | "Dyn_RO" | "Nonl_RO" | "Stack";
  /** Kind of plasticity of each plastic layer, in order: multiplicative or additive. */
  readonly plasticTypes: readonly ("M" | "A")[];
  /** Units of each hidden layer. */
  readonly hiddenDims: readonly number[];
  /** R that the published run had passed after `referenceUpdates`. */
  readonly reference: number;
  /** Whether the figure gives an upper bound only. */
  readonly referenceIsBound: boolean;
}

type Row = readonly [
  networkType: HybridConfiguration["networkType"],
  plasticTypes: "M" | "A" | "M,A" | "M,M",
  hiddenDims: readonly number[],
  reference: number | `<=${number}`,
];

const large: readonly Row[] = [
  ["Memo", "M,A", [50, 50], 13],
  ["Dyn_RO", "M,A", [50, 50], 10],
  ["Dyn_RO", "M,M", [50, 50], 8],
  ["Memo", "M,M", [50, 50], 6],
  ["Nonl_RO", "M", [100, 100], 5],
  ["Memo", "M", [100], 3],
  ["Stack", "M,A", [50, 50], 3],
  ["Memo", "A", [100], 2],
  ["Nonl_RO", "A", [100, 100], "<=2"],
];

const small: readonly Row[] = [
  ["Dyn_RO", "M,A", [25, 25], 7],
  ["Dyn_RO", "M,M", [25, 25], 7],
  ["Memo", "M,A", [25, 25], 6],
  ["Memo", "M,M", [25, 25], 5],
  ["Nonl_RO", "M", [50, 50], 3],
  ["Stack", "M,A", [25, 25], 3],
  ["Memo", "A", [50], 2],
  ["Memo", "M", [50], 1],
  ["Nonl_RO", "A", [50, 50], "<=1"],
];

/** Settings of the updater. */
export interface Optimizer {
  readonly optimizer: "adam";
  readonly learning_rate: number;
  /** Updates after which the learning rate has halved; 0: it is constant. */
  readonly learning_rate_half_time: number;
  /** p of rate / (1 + (t / half time)^p): how sharply the rate falls around that time. */
  readonly learning_rate_decay_power: number;
  /** Largest norm of the gradient; 0: not limited. */
  readonly grad_clip: number;
  /** Share of the latest updates over which the judged weights are averaged; 0: no average. */
  readonly average_share: number;
}

/** First values and optimizer of all networks. */
export interface Method {
  /** Signs of the first rates η; those of Nonl_RO are always random. */
  readonly initialRates: "anti_hebbian" | "random";
  readonly optimizer: Optimizer;
  /** Changes for Nonl_RO: a readout without plasticity learns better with a rate that falls sooner. */
  readonly fixedReadout: Partial<Optimizer>;
}

/** The optimizer of a network. */
export const optimizerOf = (
  { optimizer, fixedReadout }: Method,
  { networkType }: Pick<HybridConfiguration, "networkType">,
): Optimizer => networkType === "Nonl_RO" ? { ...optimizer, ...fixedReadout } : optimizer;

export const publishedMethod: Method = {
  initialRates: "random",
  optimizer: {
    optimizer: "adam",
    learning_rate: 0.001,
    learning_rate_half_time: 0,
    learning_rate_decay_power: 1,
    grad_clip: 0,
    average_share: 0,
  },
  fixedReadout: {},
};

/** Our method. At a high R the noise of single movies hides progress; averaged weights show it. */
export const ownMethod: Method = {
  initialRates: "anti_hebbian",
  optimizer: {
    optimizer: "adam",
    learning_rate: 0.003,
    learning_rate_half_time: 30_000,
    learning_rate_decay_power: 2,
    grad_clip: 0.3,
    average_share: 0.02,
  },
  fixedReadout: { learning_rate_half_time: 10_000, learning_rate_decay_power: 1 },
};

/** Settings of all networks: one movie an update, matrices of rates, the published task and criterion. */
const common = [
  "task.name=continual_scene",
  "task.scene_time=4",
  "task.vec_len=25",
  "task.variation=0.1",
  "task.acc_threshold=0.99",
  "task.acc_num=5",
  "model.name=hybrid",
  "updater.name=bptt",
  "training.batch_size=1",
];

function configuration(
  [networkType, kinds, hiddenDims, reference]: Row,
  { size, method }: { size: HybridConfiguration["size"]; method: Method },
): HybridConfiguration {
  const plasticTypes = kinds.split(",") as ("M" | "A")[];
  const kind = networkType.replace("_RO", "").toLowerCase();
  return {
    name: [kind, plasticTypes.join("").toLowerCase(), ...hiddenDims].join("-"),
    title: `${networkType} ${kinds} ${hiddenDims.join("+")}`,
    settings: [
      ...common,
      // None is left out, since it would have the default of the task's preset.
      ...Object.entries(optimizerOf(method, { networkType })).map(([key, value]) =>
        `updater.${key}=${value}`
      ),
      `model.initial_rates=${networkType === "Nonl_RO" ? "random" : method.initialRates}`,
      `model.network_type=${networkType}`,
      `model.plastic_types=${kinds}`,
      `model.hidden_dims=${hiddenDims.join(",")}`,
      `model.hetero_rates=${plasticTypes.map(() => 1).join(",")}`,
    ],
    size,
    networkType,
    plasticTypes,
    hiddenDims,
    reference: typeof reference === "number" ? reference : Number(reference.slice(2)),
    referenceIsBound: typeof reference === "string",
  };
}

/** The 18 networks, trained by a method. */
export const configurationsWith = (method: Method): readonly HybridConfiguration[] => [
  ...large.map((row) => configuration(row, { size: "large", method })),
  ...small.map((row) => configuration(row, { size: "small", method })),
];

export const hybridConfigurations = configurationsWith(ownMethod);
