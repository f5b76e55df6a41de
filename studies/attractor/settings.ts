/** The ways in which the networks of the studies are trained, as settings of `train`. */

export type Setting = string | number | boolean;
/** By the path of the setting. */
export type Settings = Readonly<Record<string, Setting>>;

/** Each is said: one that is left out would have the default of the preset. */
const common: Settings = {
  "task.name": "attractor",
  "model.name": "attractor",
  "updater.name": "bptt",
  "updater.optimizer": "adam",
  "updater.learning_rate_half_time": 0,
  "task.kept_overlap": 0.99,
  "task.streak": 20,
  "training.log_every": 10,
  "training.checkpoint_every": 500,
  "training.evaluation_sequences": 0,
  "training.test_sequences": 100,
};

/** The published sequences: 10 s in steps of 10 ms, the pattern shown for the first 2 s. */
export const longSequences: Settings = { "task.steps": 1000, "task.presentation_steps": 200 };
/** A network settles in a few steps, so that a fifth of them tells the same in a fifth of the time. */
export const shortSequences: Settings = { "task.steps": 200, "task.presentation_steps": 40 };

/** The first published phases: no symmetry, no fixed-point loss, more decay, all patterns at once. */
export const early: Settings = {
  ...common,
  ...longSequences,
  "model.symmetric": false,
  "model.zero_diagonal": false,
  "model.signed_overlap": false,
  "model.margin": 0,
  "task.fixed_point_weight": 0,
  "updater.learning_rate": 0.005,
  "updater.l2": 1e-4,
};

/** As published in the end: symmetry, the fixed-point loss, one pattern an update. */
export const published: Settings = {
  ...early,
  "model.symmetric": true,
  "task.fixed_point_weight": 0.5,
  "updater.l2": 1e-6,
  "training.batch_size": 1,
};

/** The published training of a network that can neither excite itself nor pass off an inverse. */
export const publishedStrict: Settings = {
  ...published,
  "model.zero_diagonal": true,
  "model.signed_overlap": true,
};

/** The defaults: also a margin for every bit, all patterns in every update. */
export const margin: Settings = {
  ...publishedStrict,
  "model.margin": 4,
  "task.margin_weight": 10,
  "updater.learning_rate": 0.01,
};

/**
 * The margin alone, from the patterns themselves: what can be a fixed point at all. Two steps say
 * whether a state stays.
 */
export const marginAlone: Settings = {
  ...margin,
  "task.cue": "state",
  "task.steps": 2,
  "task.presentation_steps": 1,
  "task.retention_weight": 0,
  "task.reaction_weight": 0,
  "task.fixed_point_weight": 0,
  "task.margin_weight": 1,
};

/** All patterns in every update. */
export const together = (memories: number): Settings => ({
  "task.memories": memories,
  "training.batch_size": memories,
});

/** As arguments of `--set`, with those of the experiment's sweep. */
export function settingTexts(
  settings: Settings,
  sweep: Readonly<Record<string, readonly Setting[]>> = {},
): string[] {
  return [
    ...Object.entries(settings).filter(([path]) => !(path in sweep))
      .map(([path, value]) => `${path}=${value}`),
    ...Object.entries(sweep).map(([path, values]) => `training.sweep=${path}=${values.join(",")}`),
  ];
}
