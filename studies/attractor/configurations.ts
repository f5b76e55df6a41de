/**
 * The configurations of the studies. `published` is the outcome in the description of the published
 * experiments: one run, seed 42.
 */
import type { Configuration } from "../experiment.ts";
import {
  early,
  margin,
  marginAlone,
  published,
  publishedStrict,
  type Setting,
  type Settings,
  settingTexts,
  shortSequences,
  together,
} from "./settings.ts";

/** The outcome of a published run. */
export interface PublishedOutcome {
  readonly memories: number;
  /** The epoch in which it converged or ended. */
  readonly epoch?: number;
  readonly converged: boolean;
  readonly reaction?: number;
  readonly retention?: number;
}

export interface AttractorConfiguration extends Configuration {
  readonly studies: readonly string[];
  readonly iterations: number;
  /** Settings that all its networks share, by path. */
  readonly values: Settings;
  /** Path of the swept setting, if there is one. */
  readonly sweep?: string;
  readonly published?: readonly PublishedOutcome[];
}

/** A configuration in short. */
interface Row {
  readonly name: string;
  readonly title: string;
  readonly studies: readonly string[];
  readonly settings: Settings;
  /** Updates after which a network counts as not converged. */
  readonly updates: number;
  readonly sweep?: Readonly<Record<string, readonly Setting[]>>;
  readonly mayDiverge?: boolean;
  readonly published?: readonly PublishedOutcome[];
}

function configuration({ settings, updates, sweep, ...rest }: Row): AttractorConfiguration {
  const values = { ...settings, "task.max_updates": updates };
  const [path] = Object.keys(sweep ?? {});
  return {
    ...rest,
    settings: settingTexts(values, sweep),
    iterations: updates,
    values,
    ...path === undefined ? {} : { sweep: path },
  };
}

const two = { memories: 2, converged: false };

const phases: readonly Row[] = [
  {
    name: "single-early",
    title: "1 memory, early form",
    studies: ["single-memory"],
    settings: { ...early, ...together(1) },
    updates: 300,
    published: [{ memories: 1, converged: true, reaction: 1, retention: 1 }],
  },
  {
    name: "single-margin",
    title: "1 memory, margin form",
    studies: ["single-memory"],
    settings: { ...margin, ...together(1) },
    updates: 300,
  },
  {
    name: "two-early",
    title: "2 memories, early form",
    studies: ["two-memories"],
    settings: { ...early, ...together(2) },
    updates: 300,
    published: [{ ...two, reaction: 1, retention: 0.56 }],
  },
  {
    name: "two-published",
    title: "2 memories, published form",
    studies: ["two-memories", "structure-ablation"],
    settings: { ...published, "task.memories": 2 },
    updates: 300,
    published: [{ memories: 2, converged: true, reaction: 1, retention: 0.998 }],
  },
  {
    name: "two-margin",
    title: "2 memories, margin form",
    studies: ["two-memories"],
    settings: { ...margin, ...together(2) },
    updates: 300,
  },
];

const activations = ["tanh", "sigmoid", "relu", "linear"] as const;
const activationRetention = { tanh: 0.56, sigmoid: 0.31, relu: undefined, linear: undefined };

const activationSweep: readonly Row[] = ([["early", early], ["margin", margin]] as const)
  .flatMap(([form, settings]) =>
    activations.map((activation): Row => ({
      name: `activation-${activation}-${form}`,
      title: `${activation}, 2 memories, ${form === "early" ? "early" : "margin"} form`,
      studies: ["activation-sweep"],
      settings: { ...settings, ...together(2), "model.activation": activation },
      updates: 300,
      mayDiverge: activation === "relu" || activation === "linear",
      ...form === "margin" ? {} : {
        published: [{
          ...two,
          ...activationRetention[activation] === undefined
            ? {}
            : { retention: activationRetention[activation] },
        }],
      },
    }))
  );

/** Single changes to the published training of 2 memories, and to the margin form with 10. */
const ablations: readonly Row[] = [
  ...Object.entries(
    {
      "no-symmetry": ["W not symmetric", { "model.symmetric": false }],
      "no-fixed-point": ["without the fixed-point loss", { "task.fixed_point_weight": 0 }],
      "decay": ["L2 of 1e-4", { "updater.l2": 1e-4 }],
      "together": ["both memories in every update", together(2)],
    } as const,
  ).map(([name, [title, change]]): Row => ({
    name: `published-${name}`,
    title: `2 memories, published form, ${title}`,
    studies: ["structure-ablation"],
    settings: { ...published, "task.memories": 2, ...change },
    updates: 300,
  })),
  ...Object.entries(
    {
      "whole": ["nothing changed", {}],
      "no-margin": ["without the margin", { "model.margin": 0 }],
      "no-fixed-point": ["without the fixed-point loss", { "task.fixed_point_weight": 0 }],
      "no-symmetry": ["W not symmetric", { "model.symmetric": false }],
      "free-diagonal": ["diagonal free", { "model.zero_diagonal": false }],
      "alternating": ["one memory an update", { "training.batch_size": 1 }],
    } as const,
  ).map(([name, [title, change]]): Row => ({
    name: `margin-${name}`,
    title: `10 memories, margin form, ${title}`,
    studies: ["structure-ablation", ...name === "whole" ? ["sparsity"] : []],
    settings: { ...margin, ...shortSequences, ...together(10), ...change },
    updates: 1000,
  })),
];

const memorySweep: readonly Row[] = [
  {
    name: "memory-published",
    title: "5 to 20 memories, published form",
    studies: ["memory-sweep", "hebb-comparison"],
    settings: published,
    sweep: { "task.memories": [5, 10, 15, 20] },
    updates: 2000,
    published: [
      { memories: 5, converged: true, epoch: 291, reaction: 1, retention: 0.992 },
      { memories: 10, converged: false, epoch: 2000, reaction: 0.997, retention: 0.999 },
      { memories: 15, converged: false, epoch: 2000, reaction: 0.996, retention: 0.998 },
      { memories: 20, converged: false, epoch: 2000, reaction: 0.947, retention: 0.846 },
    ],
  },
  {
    name: "memory-strict",
    title: "5 to 20 memories, strict form",
    studies: ["memory-sweep"],
    settings: publishedStrict,
    sweep: { "task.memories": [5, 10, 15, 20] },
    updates: 2000,
  },
  ...[5, 9, 10, 15, 20].map((memories): Row => ({
    name: `memory-margin-${memories}`,
    title: `${memories} memories, margin form`,
    studies: ["memory-sweep", "hebb-comparison", ...memories === 5 ? ["noise"] : []],
    // Logged as in the preset: a run of `train` with the defaults is a run of this configuration.
    settings: { ...margin, ...together(memories), "training.log_every": 20 },
    updates: 2000,
  })),
];

const noise: readonly Row[] = ([["published", published], ["strict", publishedStrict]] as const)
  .map(([form, settings]) => ({
    name: `noise-${form}`,
    title: `5 memories for 300 epochs, ${form} form`,
    studies: ["noise"],
    settings: { ...settings, "task.memories": 5 },
    updates: 300,
    ...form === "published"
      ? { published: [{ memories: 5, converged: true, epoch: 291, reaction: 1, retention: 0.992 }] }
      : {},
  }));

/** The input of a neuron sums over N, so the learning rate falls as 1/N. */
const capacityRow = (neurons: number, memories: number): Row => ({
  name: `capacity-${neurons}-${memories}`,
  title: `${memories} memories of ${neurons} neurons (${(memories / neurons).toFixed(3)} N)`,
  studies: [
    ...neurons === 64 ? ["capacity"] : [],
    ...memories % (neurons / 4) === 0 && memories <= 1.25 * neurons ? ["network-size"] : [],
  ],
  settings: {
    ...marginAlone,
    ...together(memories),
    "task.neurons": neurons,
    "updater.learning_rate": 6.4 / neurons,
  },
  updates: neurons < 256 ? 1500 : 300,
});

const capacity: readonly Row[] = [
  ...[8, 16, 24, 32, 40, 48, 56, 64, 72, 80, 88, 96].map((memories) => capacityRow(64, memories)),
  ...[32, 64, 96, 128, 160].map((memories) => capacityRow(128, memories)),
  ...[64, 128, 192, 256].map((memories) => capacityRow(256, memories)),
];

const damagedCues = {
  clean: ["clean cues", {}],
  noise: ["noise of .5 on the input", { "task.noise": 0.5 }],
  flips: ["20% of the input flipped", { "task.flips": 0.2 }],
  "state-10": ["first states with 10% flipped", { "task.cue": "state", "task.flips": 0.1 }],
  "state-20": ["first states with 20% flipped", { "task.cue": "state", "task.flips": 0.2 }],
  "state-30": ["first states with 30% flipped", { "task.cue": "state", "task.flips": 0.3 }],
  turns: ["inputs and first states with 20% flipped", {
    "task.cue": "turns",
    "task.flips": 0.2,
  }],
} as const;

const noiseAware: readonly Row[] = Object.entries(damagedCues)
  .map(([name, [title, change]]) => ({
    name: `aware-${name}`,
    title: `15 memories, trained with ${title}`,
    studies: ["noise-aware"],
    settings: {
      ...margin,
      ...shortSequences,
      ...together(15),
      // Never reached, so that all train equally long: damaged cues might not meet the criterion.
      "task.streak": 1_000_000,
      ...change,
    },
    updates: 250,
  }));

const statistics: readonly Row[] = [
  {
    name: "correlation",
    title: "10 memories whose bits agree more or less often than by chance",
    studies: ["correlation"],
    settings: { ...margin, ...shortSequences, ...together(10) },
    sweep: { "task.correlation": [0, 0.1, 0.2, 0.3, 0.5, 0.7] },
    updates: 400,
  },
  {
    name: "sparsity",
    title: "10 memories, a share of the connections",
    studies: ["sparsity"],
    settings: { ...margin, ...shortSequences, ...together(10) },
    sweep: { "model.density": [0.75, 0.5, 0.35, 0.25, 0.15] },
    updates: 400,
  },
  ...[0, 5, 10, 20, 40].map((weight): Row => ({
    name: `rate-${weight}`,
    title: `5 memories, weight ${weight} on the mean h²`,
    studies: ["firing-rate"],
    settings: {
      ...margin,
      ...shortSequences,
      ...together(5),
      "task.activity_weight": weight,
    },
    updates: 400,
  })),
];

export const attractorConfigurations: readonly AttractorConfiguration[] = [
  ...phases,
  ...activationSweep,
  ...ablations,
  ...memorySweep,
  ...noise,
  ...noiseAware,
  ...statistics,
  // The largest networks last.
  ...capacity,
].map(configuration);
