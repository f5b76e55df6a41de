/** Settings of the golden cases of the two character networks: `ethereal` and `simple-rnn`. */
import { z } from "../../deps/zod.ts";
import { type Golden, settingsOf } from "./golden.ts";

const common = {
  name: z.string().optional(),
  updater: z.enum(["dfa", "backprop", "bptt"]),
  hidden: z.int().min(1),
  layers: z.int().min(1),
  batch: z.int().min(1),
  /** Tokens of a sequence: T + 1, as each but the last is an input and each but the first a target. */
  length: z.int().min(2),
  sequences: z.int().min(1),
  vocabulary: z.int().min(2),
  grad_clip: z.number().min(0),
  learning_rate: z.number().positive(),
  recurrence: z.boolean(),
};

const schemas = {
  ethereal: z.strictObject({
    ...common,
    family: z.literal("ethereal"),
    model: z.literal("ethereal"),
    activation: z.literal("gelu (exact, erf)"),
    input_mode: z.enum(["last_one", "last_two"]),
    positional_encoding: z.int().min(0).multipleOf(2),
    residual: z.boolean(),
    normalize: z.boolean(),
    clip_weights: z.number().min(0),
    self_grad: z.number().min(0),
    plast_clip: z.number().min(0),
    forget_rate: z.number().min(0).max(1),
    plast_proportion: z.number().min(0).max(1),
    recurrent_feedback: z.boolean().default(false),
  }),
  "simple-rnn": z.strictObject({
    ...common,
    family: z.literal("simple-rnn"),
    model: z.literal("rnn"),
    activation: z.literal("relu between layers, tanh on hidden"),
    optimizer: z.literal("sgd"),
    input_mode: z.enum(["last_one", "last_two"]).default("last_one"),
    positional_encoding: z.literal(0).default(0),
  }),
};

export type CharacterSettings =
  | z.output<typeof schemas["ethereal"]>
  | z.output<typeof schemas["simple-rnn"]>;

/** @throws RangeError, in one line, if a setting is missing, unknown or out of its range. */
export const parseSettings = (golden: Golden): CharacterSettings =>
  settingsOf<CharacterSettings>(golden, schemas[golden.family as keyof typeof schemas]);

/** The configs of model and updater that the settings stand for. */
export function configsOf(settings: CharacterSettings): { model: unknown; updater: unknown } {
  const { learning_rate, grad_clip } = settings;
  const shared = {
    symbols: settings.vocabulary,
    hidden_size: settings.hidden,
    num_layers: settings.layers,
    enable_recurrence: settings.recurrence,
    input_mode: settings.input_mode,
  };
  if (settings.family === "simple-rnn") {
    return { model: shared, updater: { learning_rate, grad_clip } };
  }
  const { clip_weights, normalize, self_grad, recurrent_feedback } = settings;
  return {
    model: {
      ...shared,
      positional_encoding_dim: settings.positional_encoding,
      residual_connection: settings.residual,
      plast_clip: settings.plast_clip,
      plast_proportion: settings.plast_proportion,
      forget_rate: settings.forget_rate,
    },
    updater: {
      learning_rate,
      grad_clip,
      clip_weights,
      normalize,
      // Only direct feedback alignment has a self-gradient or feedback; the others ignore the settings.
      ...settings.updater === "dfa" ? { self_grad, recurrent_feedback } : {},
    },
  };
}
