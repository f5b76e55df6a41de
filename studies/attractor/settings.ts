/** The forms of training in the studies, as settings of `train`. */

export type Setting = string | number | boolean;
/** Values by path of the setting. */
export type Settings = Readonly<Record<string, Setting>>;

/** Settings of all forms. None is left out, since it would have the default of the preset. */
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
const longSequences: Settings = { "task.steps": 1000, "task.presentation_steps": 200 };
/** A fifth of the published steps. A network settles in a few, so they show the same in a fifth of the time. */
export const shortSequences: Settings = { "task.steps": 200, "task.presentation_steps": 40 };

/** Early form, of the first published phases: no symmetry, no fixed-point loss, more weight decay. */
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

/** Published form, of the last phases: symmetry, the fixed-point loss, one pattern an update. */
export const published: Settings = {
  ...early,
  "model.symmetric": true,
  "task.fixed_point_weight": 0.5,
  "updater.l2": 1e-6,
  "training.batch_size": 1,
};

/** Strict form: the published training with zero diagonal and signed overlap, so that no inverse counts. */
export const publishedStrict: Settings = {
  ...published,
  "model.zero_diagonal": true,
  "model.signed_overlap": true,
};

/** Margin form, which is the default: strict, with a margin for every bit and a higher rate. */
export const margin: Settings = {
  ...publishedStrict,
  "model.margin": 4,
  "task.margin_weight": 10,
  "updater.learning_rate": 0.01,
};

/**
 * The margin as the only loss, with the patterns as first states: it shows what can be a fixed point at
 * all. Two steps tell whether a state stays.
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

/** So many patterns, all of them in every update. */
export const together = (memories: number): Settings => ({
  "task.memories": memories,
  "training.batch_size": memories,
});

/** Settings as arguments of `--set`, those of a sweep included. */
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
