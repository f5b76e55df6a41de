/** The networks that are looked into: three seeds side by side, kept at several moments of their training. */
import { copyFileSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type ModelChoice, readSafetensors, trainRun } from "../../mod.ts";
import { BOUND, type Tensors } from "./fast_network.ts";
import { variant } from "./variant.ts";

/** A training: what, and at how many sequences its networks are kept. */
export interface Training {
  readonly model: ModelChoice;
  /** Settings of the model. */
  readonly settings: Readonly<Record<string, unknown>>;
  readonly learningRate: number;
  /** Sequences after which the networks are kept; the last one ends the training. */
  readonly moments: readonly number[];
}

export const SEEDS = [1, 2, 3];
export const TASK = "3_palindrome_vary";

const published = {
  num_layers: 2,
  residual_connection: false,
  enable_recurrence: false,
  input_mode: "last_two",
};

const masked = (settings: Training["settings"]): Training => ({
  model: variant,
  settings,
  learningRate: 0.002,
  moments: [60_000],
});

/** The trainings, by the name of their folder. */
export const trainings = {
  /** A low rate with strong plasticity, whose loss does not grow within this time. */
  low_rate: {
    model: "ethereal",
    settings: { ...published, hidden_size: 64, plast_clip: 3500, plast_proportion: 0.1 },
    learningRate: 0.002,
    moments: [20_000, 60_000, 150_000, 300_000],
  },
  /** The defaults, whose loss grows late. */
  defaults: {
    model: "ethereal",
    settings: { ...published, hidden_size: 32, plast_clip: 350, plast_proportion: 0.2 },
    learningRate: 0.01,
    moments: [3_000, 10_000, 30_000, 100_000, 300_000],
  },
  /** The defaults, with a memory that binds neighbours. */
  memory: {
    model: variant,
    settings: { memory: true, hidden_size: 32, plast_clip: 350, plast_proportion: 0.2 },
    learningRate: 0.01,
    moments: [20_000],
  },
  /** As `low_rate`, with the mask of the second layer in another place. */
  mask_units: masked({ mask: "units" }),
  mask_inputs: masked({ mask: "inputs" }),
  /** As `low_rate`, with other shares of highly plastic weights in all layers. */
  share_3: masked({ plast_proportion: 0.03 }),
  share_10: masked({}),
  share_30: masked({ plast_proportion: 0.3 }),
  share_60: masked({ plast_proportion: 0.6 }),
  share_90: masked({ plast_proportion: 0.9 }),
} satisfies Record<string, Training>;

/** Held-out measures of a moment, by metric, [P]. */
type Measured = Readonly<Record<string, readonly number[]>>;

export interface Moment {
  readonly sequences: number;
  readonly tensors: Tensors;
  readonly measured: Measured;
}

const fileOf = (folder: string, sequences: number, ending: string) =>
  join(folder, "moments", `${sequences}.${ending}`);

/** Trains what is not there yet. @returns the networks at every moment, the earliest first. */
export async function trainNetworks(training: Training, folder: string): Promise<Moment[]> {
  const { model, settings, learningRate, moments } = training;
  for (const [index, iterations] of moments.entries()) {
    if (existsSync(fileOf(folder, iterations, "json"))) continue;
    const { run, metrics } = await trainRun({
      model,
      task: TASK,
      updater: "dfa",
      settings: { model: settings, updater: { learning_rate: learningRate, clip_weights: BOUND } },
      training: {
        seeds: SEEDS,
        iterations,
        batch_size: 1,
        log_every: 10_000,
        checkpoint_every: 0,
        evaluation_sequences: 0,
        test_sequences: 2000,
      },
      device: { name: "cpu", threads: 1 },
      out: folder,
      resume: index > 0,
    });
    mkdirSync(join(folder, "moments"), { recursive: true });
    copyFileSync(run.checkpoints()[0]!.path, fileOf(folder, iterations, "safetensors"));
    writeFileSync(fileOf(folder, iterations, "json"), JSON.stringify(metrics));
  }
  return moments.map((sequences) => ({
    sequences,
    tensors: readSafetensors(fileOf(folder, sequences, "safetensors")),
    measured: JSON.parse(Deno.readTextFileSync(fileOf(folder, sequences, "json"))) as Measured,
  }));
}
