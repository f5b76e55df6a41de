/** The types of a script's options: those of the schemas, and what does not compile. */
import assert from "node:assert/strict";
import type { z } from "../deps/zod.ts";
import { deviceConfig, trainingConfig } from "../config/run_config.ts";
import type { Model, ModelInstance } from "../core/program/model.ts";
import { trainRun } from "./train_run.ts";
import type {
  DeviceSettings,
  EntrySettings,
  Settings,
  TrainingSettings,
  TrainRunOptions,
} from "./train_run_options.ts";

/** Fails to compile unless both types are the same. */
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends (<T>() => T extends B ? 1 : 2) ? true
  : false;
const typesAreSame = <A, B>(..._proof: Same<A, B> extends true ? [] : ["types differ"]): void => {};

Deno.test("options: sections have the keys of their schemas, and values that these take", () => {
  typesAreSame<keyof TrainingSettings, keyof z.input<typeof trainingConfig>>();
  typesAreSame<keyof DeviceSettings, keyof z.input<typeof deviceConfig>>();
  const training: Required<TrainingSettings> = {
    seeds: [1, 2],
    sweep: { "task.memories": [5, 10] },
    batch_size: 2,
    iterations: 3,
    log_every: 1,
    evaluation_sequences: 0,
    test_sequences: 0,
    checkpoint_every: 0,
    early_stop_loss: 0.5,
    early_stop_intervals: 2,
    early_stop_metric: "eval/loss",
    early_stop_patience: 5,
    early_stop_min_delta: 0.01,
    keep_best: "loss",
    exploded_loss: 2,
  };
  trainingConfig.parse(training);
  const device: Required<DeviceSettings> = {
    name: "cpu",
    allow_software_adapter: true,
    lowering: "split",
    threads: 2,
  };
  deviceConfig.parse(device);
});

Deno.test("options: settings of a typed entry are those that it takes; of a file, any", () => {
  typesAreSame<EntrySettings<string>, Settings>();
  typesAreSame<EntrySettings<URL>, Settings>();
  interface Typed {
    instantiate(config?: { readonly hidden?: number }): unknown;
  }
  typesAreSame<EntrySettings<Typed>, { readonly hidden?: number }>();
});

Deno.test("options: what is misspelt does not compile", () => {
  const options: TrainRunOptions[] = [
    // @ts-expect-error: training
    { trainig: {} },
    // @ts-expect-error: iterations
    { training: { iteration: 3 } },
    // @ts-expect-error: gpu
    { device: "gpus" },
    // @ts-expect-error: model
    { settings: { modle: {} } },
    // @ts-expect-error: bptt
    { updater: "bpt" },
    // @ts-expect-error: plastic_rnn, or a file that ends in .ts
    { model: "plastic_rn" },
  ];
  const named = () =>
    trainRun({
      model: "rnn",
      task: "palindrome_vary",
      updater: "bptt",
      settings: {
        // @ts-expect-error: hidden_size
        model: { hiden_size: 3 },
        // @ts-expect-error: variation
        task: { varition: 3 },
        // @ts-expect-error: learning_rate
        updater: { learning_rat: 0.1 },
      },
    });
  type Typed = Omit<Model, "instantiate"> & {
    instantiate(config?: { readonly hidden?: number }): ModelInstance;
  };
  const train = (model: Typed) =>
    trainRun({
      model,
      // @ts-expect-error: hidden
      settings: { model: { hiden: 3 } },
    });
  assert.deepEqual([options.length, named.length, train.length], [6, 0, 1]);
});
