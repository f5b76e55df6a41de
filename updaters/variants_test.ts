/** Every variant of the update and of the two networks against plain loops in float64, on several devices. */
import assert from "node:assert/strict";
import type { Backend, Values } from "../core/backends/backend.ts";
import { cpuBackend } from "../core/backends/cpu/cpu.ts";
import { referenceBackend } from "../core/backends/reference/reference.ts";
import { webgpuBackend } from "../core/backends/webgpu/webgpu.ts";
import { crossEntropy } from "../core/losses/cross_entropy.ts";
import { assertNear } from "../core/testing/relative_rms.ts";
import { onlyProcedures, writeStart } from "../core/testing/twin.ts";
import { findModel } from "../models/mod.ts";
import { findUpdater } from "./mod.ts";
import type { HandSettings } from "./testing/network_by_hand.ts";
import { type HandBatch, trainByHand, type UpdateSettings } from "./testing/train_by_hand.ts";

const symbols = 3, sequences = 2;
const symbolsOf = (seed: number, steps = 3): number[][] =>
  Array.from(
    { length: steps },
    (_, t) =>
      Array.from({ length: sequences }, (_, b) => (7 * seed + t * t + 2 * b + t * b) % symbols),
  );
const batches: HandBatch[] = [1, 2, 3].map((seed) => ({
  symbol: symbolsOf(seed),
  target: symbolsOf(seed + 5),
}));

interface Variant {
  readonly model: HandSettings["model"];
  readonly updater: HandSettings["updater"];
  readonly network?: Readonly<Record<string, unknown>>;
  readonly rule?: Readonly<Record<string, unknown>>;
}

const small = {
  ethereal: {
    ...{ symbols, hidden_size: 2, num_layers: 2, enable_recurrence: true, plast_clip: 3 },
    ...{ plast_proportion: 0.4, forget_rate: 0.125 },
  },
  rnn: { symbols, hidden_size: 3, num_layers: 2 },
};

function build({ model, updater, network, rule }: Variant) {
  const entry = findModel(model), rules = findUpdater(updater);
  const config = { ...small[model], ...network };
  const given = { learning_rate: 0.125, ...rule };
  const program = rules.build({
    model: entry.instantiate(config),
    loss: crossEntropy,
    extents: { replicas: 1, sequences, steps: batches[0]!.symbol.length },
  }, given);
  const complete = {
    ...entry.config.parse(config) as object,
    ...rules.config.parse(given) as object,
    ...{ model, updater },
  };
  const settings = complete as HandSettings & UpdateSettings;
  return { program: onlyProcedures(program, ["train"]), settings };
}

/** First and last values of every weight, bias and constant on a device. */
async function trainOn(backend: Backend, variant: Variant) {
  const { program, settings } = build(variant);
  const engine = await backend.prepare(program, { chunk: 1 });
  writeStart(engine, { seeds: [3], symbols });
  const names = [...program.slots.values()]
    .filter(({ kind }) => kind === "parameter" || kind === "constant")
    .map(({ name }) => name);
  const copy = (values: ReadonlyMap<string, Values>) =>
    new Map([...values].map(([name, value]) => [name, value.slice()]));
  const start = copy(await engine.read(names));
  for (const { symbol, target } of batches) {
    engine.write("symbol", Float32Array.from(symbol.flat()));
    engine.write("target", Float32Array.from(target.flat()));
    engine.write("mask", new Float32Array(symbol.flat().length).fill(1));
    await engine.run("train", { iterations: 1 });
  }
  const end = copy(await engine.read(names));
  engine.close();
  return { start, end, settings };
}

const [ethereal, rnn] = ["ethereal", "rnn"] as const;
const variants: Readonly<Record<string, Variant>> = {
  "dfa as published": { model: ethereal, updater: "dfa" },
  "layout tapped, dfa": {
    ...{ model: ethereal, updater: "dfa", network: { layout: "tapped" } },
    rule: { recurrent_feedback: true },
  },
  "layout tapped, backprop": {
    model: ethereal,
    updater: "backprop",
    network: { layout: "tapped" },
  },
  "layout tapped, bptt, rnn": { model: rnn, updater: "bptt", network: { layout: "tapped" } },
  output_tanh: { model: ethereal, updater: "dfa", network: { output_tanh: true } },
  "output_tanh, backprop, rnn": {
    model: rnn,
    updater: "backprop",
    network: { output_tanh: true },
  },
  activation_derivative: {
    ...{ model: ethereal, updater: "dfa" },
    rule: { activation_derivative: true, recurrent_feedback: true },
  },
  "activation_derivative, rnn": {
    model: rnn,
    updater: "dfa",
    rule: { activation_derivative: true },
  },
  "forgetting after": { model: ethereal, updater: "dfa", rule: { forgetting: "after" } },
  "forgetting after bounds": {
    ...{ model: ethereal, updater: "backprop" },
    rule: { forgetting: "after", clip_weights: 0.2, normalize: true },
  },
  "forgetting after, bptt": {
    ...{ model: ethereal, updater: "bptt" },
    rule: { forgetting: "after", wipe_every: 0 },
  },
  plasticity_twice: { model: ethereal, updater: "backprop", rule: { plasticity_twice: true } },
  "plasticity_twice, bounded": {
    ...{ model: ethereal, updater: "backprop" },
    rule: { plasticity_twice: true, grad_clip: 0.3, normalize: true },
  },
  "divide_by_batch, dfa": { model: ethereal, updater: "dfa", rule: { divide_by_batch: true } },
  "divide_by_batch off, backprop": {
    ...{ model: ethereal, updater: "backprop" },
    rule: { divide_by_batch: false },
  },
  "divide_by_batch off, bptt": {
    ...{ model: ethereal, updater: "bptt" },
    rule: { divide_by_batch: false, wipe_every: 2 },
  },
  slow_weight_decay: { model: ethereal, updater: "dfa", rule: { slow_weight_decay: 0.03 } },
  "slow_weight_decay after": {
    ...{ model: ethereal, updater: "backprop" },
    rule: { slow_weight_decay: 0.03, forgetting: "after" },
  },
  "slow_weight_decay, rnn": { model: rnn, updater: "dfa", rule: { slow_weight_decay: 0.03 } },
  "slow_weight_decay, bptt, rnn": {
    model: rnn,
    updater: "bptt",
    rule: { slow_weight_decay: 0.03 },
  },
  fast_weight_clamp: {
    ...{ model: ethereal, updater: "dfa" },
    rule: { fast_weight_clamp: 0.05, clip_weights: 0.5 },
  },
  grad_norm_clip: { model: ethereal, updater: "dfa", rule: { grad_norm_clip: 0.7 } },
  "grad_norm_clip, backprop": {
    model: ethereal,
    updater: "backprop",
    rule: { grad_norm_clip: 0.3 },
  },
  "grad_norm_clip, backprop, not divided": {
    ...{ model: ethereal, updater: "backprop" },
    rule: { grad_norm_clip: 0.5, divide_by_batch: false },
  },
  "normalize_over sequence": {
    ...{ model: ethereal, updater: "dfa" },
    rule: { normalize: true, normalize_over: "sequence" },
  },
  "wipe_every 2": { model: ethereal, updater: "dfa", rule: { wipe_every: 2 } },
  "wipe_every 0": { model: ethereal, updater: "backprop", rule: { wipe_every: 0 } },
};

/** Nearly all at once. */
const combined: Variant = {
  ...{
    model: ethereal,
    updater: "dfa",
    network: { layout: "tapped", initial_weights: "uniform" },
  },
  rule: {
    ...{ activation_derivative: true, recurrent_feedback: true, forgetting: "after" },
    ...{ divide_by_batch: true, slow_weight_decay: 0.01, wipe_every: 2, grad_norm_clip: 0.4 },
    ...{ fast_weight_clamp: 0.1, grad_clip: 0.5, normalize: true, normalize_over: "sequence" },
  },
};

const all: Readonly<Record<string, Variant>> = {
  ...variants,
  combined,
  "combined, backprop": {
    ...{ model: ethereal, updater: "backprop", network: { output_tanh: true } },
    rule: {
      ...{ divide_by_batch: false, plasticity_twice: true, forgetting: "after", wipe_every: 0 },
      ...{ slow_weight_decay: 0.01, grad_norm_clip: 0.4, fast_weight_clamp: 0.1 },
      clip_weights: 0.3,
    },
  },
};

async function compare(backend: Backend, variant: Variant, bound: number): Promise<void> {
  const { start, end, settings } = await trainOn(backend, variant);
  const expected = trainByHand(settings, start, batches);
  for (const [name, values] of expected) assertNear(end.get(name)!, values, { bound, what: name });
}

const base = new Map<string, Promise<Map<string, Values>>>();
/** Last values with the defaults. */
const defaultEnd = ({ model, updater }: Variant) => {
  const key = `${model} ${updater}`;
  if (!base.has(key)) {
    base.set(
      key,
      trainOn(referenceBackend(), { model, updater }).then(({ end }) => end),
    );
  }
  return base.get(key)!;
};

for (const [name, variant] of Object.entries(all)) {
  Deno.test(`reference: ${name} is as in plain loops`, async () => {
    await compare(referenceBackend(), variant, 1e-9);
  });

  if (variant !== variants["dfa as published"]) {
    Deno.test(`${name} makes a difference`, async () => {
      const { end } = await trainOn(referenceBackend(), variant);
      assert.notDeepEqual(end, await defaultEnd(variant));
    });
  }

  Deno.test(`cpu: ${name} is as in plain loops`, async () => {
    const backend = cpuBackend({ threads: 1 });
    await compare(backend, variant, 2e-6);
    backend.close();
  });
}

Deno.test("gpu: combined is as in plain loops", async () => {
  const backend = await webgpuBackend({ allowSoftware: true });
  await compare(backend, combined, 2e-6);
  backend.close();
});
