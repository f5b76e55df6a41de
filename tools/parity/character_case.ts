/** Golden cases of the two character networks as programs: `ethereal` and `simple-rnn`. */
import { z } from "../../deps/zod.ts";
import { sizeOf } from "../../core/axes.ts";
import { initialValues } from "../../core/backends/initial_values.ts";
import { crossEntropy } from "../../core/losses/cross_entropy.ts";
import { metricOf } from "../../core/losses/metric_facts.ts";
import { isPersistent, slotSize } from "../../core/backends/layout.ts";
import type { Values } from "../../core/backends/backend.ts";
import type { ModelInstance } from "../../core/program/model.ts";
import type { Program } from "../../core/program/program.ts";
import { DamagedFileError } from "../../store/files/damaged_file_error.ts";
import { findModel } from "../../models/mod.ts";
import { findUpdater } from "../../updaters/mod.ts";
import { type CharacterSettings, configsOf, parseSettings } from "./character_settings.ts";
import { type Computed, type Golden, type ParityCase, settingError, tensorOf } from "./golden.ts";

/**
 * A case of a character network: losses, logits and final weights.
 *
 * @throws DamagedFileError if a tensor is missing, of another shape, or holds impossible values.
 * @throws RangeError, in one line, if a setting or tensor is not understood.
 */
export function characterCase(golden: Golden): ParityCase {
  const settings = parseSettings(golden);
  // Read first: the size of the file then bounds every size that the settings claim.
  const tokens = readTokens(golden, settings);
  const { model, program } = build(golden, settings);
  const { sequences, length, vocabulary } = settings;
  const trained = Object.keys(model.parameters).filter((name) => model.parameters[name]!.trained);
  return {
    program,
    initial: firstValues(golden, { program, model, settings }),
    batches: batchesOf(tokens, settings),
    watch: ["metrics/train", "probe/output", ...trained],
    float32Bound: 5e-6,
    collect(read) {
      const names = program.metrics.get("train")!;
      const [loss, predictions] = metricOf(crossEntropy, "loss").sums.map((name) =>
        names.indexOf(name)
      );
      const mean = (counts: ArrayLike<number>) => counts[loss!]! / counts[predictions!]!;
      const collected = new Map<string, Computed>([
        ["loss", {
          shape: [sequences],
          values: read.map((batch) => mean(batch.get("metrics/train")!)),
        }],
        ["logits_sequence0", {
          shape: [sequences, length - 1, vocabulary],
          values: read.flatMap((batch) => firstSequence(batch.get("probe/output")!, settings)),
        }],
      ]);
      for (const name of trained) {
        const { shape, hasBatchAxis } = program.slots.get(name)!;
        collected.set(name, {
          shape: hasBatchAxis ? [settings.batch, ...shape] : shape,
          values: read.at(-1)!.get(name)!,
        });
      }
      return collected;
    },
  };
}

function build(
  golden: Golden,
  settings: CharacterSettings,
): { model: ModelInstance; program: Program } {
  const { model: modelConfig, updater: updaterConfig } = configsOf(settings);
  try {
    const model = findModel(settings.model).instantiate(modelConfig);
    const extents = { replicas: 1, sequences: settings.batch, steps: settings.length - 1 };
    const learning = { model, loss: crossEntropy, extents, probe: true };
    return { model, program: findUpdater(settings.updater).build(learning, updaterConfig) };
  } catch (error) {
    if (error instanceof z.ZodError) throw settingError(golden, error);
    throw error;
  }
}

/** Logits [T, C] of the first sequence from those of the batch, [T, P = 1, B, C]. */
function firstSequence(
  output: ArrayLike<number>,
  { batch, vocabulary, length }: CharacterSettings,
): number[] {
  return Array.from({ length: (length - 1) * vocabulary }, (_, index) => {
    const step = Math.floor(index / vocabulary);
    return output[step * batch * vocabulary + index % vocabulary]!;
  });
}

/** Whether a golden case holds a slot; feedback is named by the updater, the others by the model. */
const isInCase = (name: string, model: ModelInstance): boolean =>
  name in model.parameters && /\/(weight|bias|mask|forgetting)$/.test(name) ||
  /\/feedback$/.test(name);

/** First values of every lasting slot: from the file, or those of the program. */
function firstValues(
  golden: Golden,
  { program, model, settings }: {
    program: Program;
    model: ModelInstance;
    settings: CharacterSettings;
  },
): Map<string, Values> {
  const values = new Map<string, Values>();
  const slots = [...program.slots.values()].filter(({ kind }) =>
    kind === "parameter" || kind === "constant"
  );
  // Every tensor is checked before memory of the claimed sizes is taken.
  for (const { name, shape } of slots.filter(({ name }) => isInCase(name, model))) {
    const { data } = tensorOf(golden, tensorName(name, model), shape);
    if (name.endsWith("/mask") && data.some((value) => value !== 0 && value !== 1)) {
      throw new DamagedFileError(golden.path, `expected only 0 and 1 in "fixed/${name}"`);
    }
  }
  for (const name of golden.tensors.keys()) refuseUnknown(name, { golden, program, model });
  for (const slot of slots) {
    if (!isInCase(slot.name, model)) {
      values.set(slot.name, initialValues(program, slot.name, [0]));
      continue;
    }
    const { data } = golden.tensors.get(tensorName(slot.name, model))!;
    const copies = new Float32Array(slotSize(slot, program.extents, 1));
    for (let at = 0; at < copies.length; at += sizeOf(slot.shape)) copies.set(data, at);
    values.set(slot.name, copies);
  }
  // These are numbers of the settings: as float64 they keep the digits that float32 would lose.
  for (const name of ["learning_rate", "plast_clip"]) {
    const value = (settings as Readonly<Record<string, unknown>>)[name];
    if (values.has(name)) values.set(name, Float64Array.of(Number(value)));
  }
  return values;
}

const tensorName = (slot: string, model: ModelInstance): string =>
  `${model.parameters[slot]?.trained ? "init" : "fixed"}/${slot}`;

/** @throws RangeError for a first value that belongs to no slot. */
function refuseUnknown(
  tensor: string,
  { golden, program, model }: { golden: Golden; program: Program; model: ModelInstance },
): void {
  const [, role, name] = tensor.match(/^(init|fixed|input)\/(.+)$/) ?? [];
  if (!role || !name || tensor === "input/tokens") return;
  const slot = program.slots.get(name);
  if (slot && isPersistent(slot) && isInCase(name, model) && tensorName(name, model) === tensor) {
    return;
  }
  // Files hold feedback also for layers that do not use it.
  const layer = name.replace(/\/feedback$/, "");
  if (role === "fixed" && layer !== name && `${layer}/weight` in model.parameters) return;
  throw new RangeError(`${golden.path}: tensor "${tensor}" is not understood`);
}

/** Tokens [K, B, T + 1]. */
function readTokens(
  golden: Golden,
  { sequences, batch, length, vocabulary }: CharacterSettings,
): ArrayLike<number> {
  const { data } = tensorOf(golden, "input/tokens", [sequences, batch, length]);
  for (const token of data) {
    if (!Number.isInteger(token) || token < 0 || token >= vocabulary) {
      throw new DamagedFileError(
        golden.path,
        `"input/tokens" holds ${token}, expected an integer from 0 to ${vocabulary - 1}`,
      );
    }
  }
  return data;
}

/** Inputs [T, P = 1, B] of every batch, from tokens [K, B, T + 1]. */
function batchesOf(
  tokens: ArrayLike<number>,
  { sequences, batch, length }: CharacterSettings,
): Map<string, Float32Array>[] {
  const steps = length - 1;
  const fill = (f: (b: number, t: number) => number) =>
    Float32Array.from(
      { length: steps * batch },
      (_, index) => f(index % batch, Math.floor(index / batch)),
    );
  return Array.from({ length: sequences }, (_, k) => {
    const token = (b: number, t: number) => tokens[(k * batch + b) * length + t]!;
    return new Map([
      ["symbol", fill(token)],
      ["target", fill((b, t) => token(b, t + 1))],
      ["mask", fill(() => 1)],
      ["recall", fill(() => 0)],
      ["last", fill((_, t) => t === steps - 1 ? 1 : 0)],
    ]);
  });
}
