/** Golden cases of the two character networks: `ethereal` and `simple-rnn`. */
import { z } from "zod";
import { sizeOf } from "../../core/axes.ts";
import { initialValues } from "../../core/backends/initial_values.ts";
import { crossEntropy } from "../../core/losses/cross_entropy.ts";
import type { ModelInstance } from "../../core/program/model.ts";
import type { Program } from "../../core/program/program.ts";
import { models } from "../../models/mod.ts";
import { updaters } from "../../updaters/mod.ts";
import { type Golden, type ParityCase, tensorOf } from "./golden.ts";

const common = {
  name: z.string(),
  updater: z.enum(["dfa", "backprop", "bptt"]),
  hidden: z.int().min(1),
  layers: z.int().min(1),
  batch: z.int().min(1),
  length: z.int().min(2),
  sequences: z.int().min(1),
  vocabulary: z.int().min(2),
  grad_clip: z.number().min(0),
  learning_rate: z.number(),
  recurrence: z.boolean(),
};

const schemas = {
  ethereal: z.strictObject({
    ...common,
    family: z.literal("ethereal"),
    model: z.literal("ethereal"),
    activation: z.literal("gelu (exact, erf)"),
    input_mode: z.enum(["last_one", "last_two"]),
    positional_encoding: z.int().min(0),
    residual: z.boolean(),
    normalize: z.boolean(),
    clip_weights: z.number().min(0),
    self_grad: z.number().min(0),
    plast_clip: z.number(),
    forget_rate: z.number(),
    plast_proportion: z.number(),
    recurrent_feedback: z.boolean().default(false),
  }),
  "simple-rnn": z.strictObject({
    ...common,
    family: z.literal("simple-rnn"),
    model: z.literal("rnn"),
    activation: z.literal("relu between layers, tanh on hidden"),
    optimizer: z.literal("sgd"),
    input_mode: z.enum(["last_one", "last_two"]).default("last_one"),
  }),
};

type Settings = z.output<typeof schemas["ethereal"]> | z.output<typeof schemas["simple-rnn"]>;

function parseSettings(golden: Golden): Settings {
  const schema = schemas[golden.family as keyof typeof schemas];
  const parsed = schema.safeParse(golden.settings);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const where = issue!.path.length > 0 ? `setting "${issue!.path.join(".")}": ` : "";
    throw new RangeError(`${golden.path}: ${where}${issue!.message}`);
  }
  return parsed.data;
}

function configs(settings: Settings): { model: unknown; updater: unknown } {
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

/** @throws RangeError, in one line, if a setting or tensor is missing, unknown or of the wrong kind. */
export function characterCase(golden: Golden): ParityCase {
  const settings = parseSettings(golden);
  const { model: modelConfig, updater: updaterConfig } = configs(settings);
  const model = models[settings.model]!.instantiate(modelConfig);
  const steps = settings.length - 1;
  const extents = { replicas: 1, sequences: settings.batch, steps };
  const program = updaters[settings.updater]!.build({
    model,
    loss: crossEntropy,
    extents,
    probe: true,
  }, updaterConfig);
  const trained = Object.entries(model.parameters).filter(([, each]) => each.trained).map((
    [name],
  ) => name);
  return {
    program,
    initial: firstValues(golden, program, model),
    batches: batches(golden, settings),
    watch: ["metrics/train", "probe/output", ...trained],
    float32Bound: 5e-6,
    collect(read) {
      const names = program.metrics.get("train")!;
      const [loss, predictions] = crossEntropy.metrics["loss"]!.map((name) => names.indexOf(name));
      const collected = new Map<string, ArrayLike<number>>([
        [
          "loss",
          read.map((batch) =>
            batch.get("metrics/train")![loss!]! / batch.get("metrics/train")![predictions!]!
          ),
        ],
        [
          "logits_sequence0",
          read.flatMap((batch) => firstSequence(batch.get("probe/output")!, settings)),
        ],
      ]);
      for (const name of trained) collected.set(name, read.at(-1)!.get(name)!);
      return collected;
    },
  };
}

/** Logits [T, C] of the first sequence from those of the batch, [T, P = 1, B, C]. */
function firstSequence(
  output: ArrayLike<number>,
  { batch, vocabulary, length }: Settings,
): number[] {
  return Array.from({ length: (length - 1) * vocabulary }, (_, index) => {
    const step = Math.floor(index / vocabulary);
    return output[step * batch * vocabulary + index % vocabulary]!;
  });
}

function firstValues(
  golden: Golden,
  program: Program,
  model: ModelInstance,
): Map<string, Float32Array> {
  const values = new Map<string, Float32Array>();
  for (const [name, slot] of program.slots) {
    if (slot.kind === "parameter" || slot.kind === "constant") {
      values.set(name, initialValues(program, name, [0]));
    }
  }
  const given = new Set<string>();
  for (const [name, tensor] of golden.tensors) {
    const [, role, slotName] = name.match(/^(init|fixed)\/(.+)$/) ?? [];
    if (!slotName) continue;
    const slot = program.slots.get(slotName);
    // Feedback of layers that get none is stored all the same.
    if (!slot && role === "fixed" && slotName.endsWith("/feedback")) continue;
    if (!slot) throw new RangeError(`${golden.path}: no parameter for the tensor "${name}"`);
    tensorOf(golden, name, slot.shape);
    given.add(slotName);
    const target = values.get(slotName)!;
    const size = sizeOf(slot.shape);
    for (let offset = 0; offset < target.length; offset += size) target.set(tensor.data, offset);
  }
  for (const [name, { kind }] of program.slots) {
    const drawn = name in model.parameters && /\/(weight|bias|mask|forgetting)$/.test(name) ||
      /\/feedback$/.test(name);
    if (drawn && (kind === "parameter" || kind === "constant") && !given.has(name)) {
      const role = model.parameters[name]?.trained ? "init" : "fixed";
      throw new RangeError(`${golden.path}: expected a tensor "${role}/${name}"`);
    }
  }
  return values;
}

/** Inputs [T, P = 1, B] of every batch, from tokens [K, B, T + 1]. */
function batches(
  golden: Golden,
  { sequences, batch, length, vocabulary }: Settings,
): Map<string, Float32Array>[] {
  const { data } = tensorOf(golden, "input/tokens", [sequences, batch, length]);
  const token = (k: number, b: number, t: number) => Number(data[(k * batch + b) * length + t]);
  for (const each of data) {
    if (!(Number(each) >= 0 && Number(each) < vocabulary)) {
      throw new RangeError(
        `${golden.path}: token ${each} is outside the vocabulary of ${vocabulary}`,
      );
    }
  }
  const steps = length - 1;
  return Array.from({ length: sequences }, (_, k) => {
    const fill = (f: (b: number, t: number) => number) =>
      Float32Array.from(
        { length: steps * batch },
        (_, index) => f(index % batch, Math.floor(index / batch)),
      );
    return new Map([
      ["symbol", fill((b, t) => token(k, b, t))],
      ["target", fill((b, t) => token(k, b, t + 1))],
      ["mask", fill(() => 1)],
      ["recall", fill(() => 0)],
      ["last", fill((_, t) => t === steps - 1 ? 1 : 0)],
    ]);
  });
}
