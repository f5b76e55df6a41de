/**
 * The workloads that are timed on other engines too. One iteration is forward, loss, gradients and update, on
 * data that is made beforehand. The other engines have a script of their own.
 */
import type { DeviceName } from "../core/backends/backend.ts";
import { crossEntropy } from "../core/losses/cross_entropy.ts";
import { patternError } from "../core/losses/pattern_error.ts";
import type { Program } from "../core/program/program.ts";
import { createBatches } from "../core/training/batches.ts";
import { models } from "../models/mod.ts";
import { tasks } from "../tasks/mod.ts";
import { findUpdater, updaters } from "../updaters/mod.ts";

/** A program, and the data of an iteration. */
export interface Workload {
  readonly name: string;
  /** Its program for a device; default: the cpu. */
  readonly build: (device?: DeviceName) => Program;
  /** Values of the inputs, by slot; the rest stay 0. */
  readonly inputs: (program: Program) => ReadonlyMap<string, Float32Array>;
}

/** The Ethereal RNN: 3 inner layers, recurrent; a prediction a step. */
function ethereal(
  updater: string,
  hidden: number,
  { symbols = 9, steps = 8, ending = "" } = {},
): Workload {
  const batch = 16;
  return {
    name: `ethereal-${updater}-h${hidden}-b${batch}${ending}`,
    build(device) {
      const model = models.ethereal.instantiate({
        symbols,
        hidden_size: hidden,
        num_layers: 3,
        enable_recurrence: true,
        residual_connection: false,
        plast_clip: 1000,
        forget_rate: 0.01,
        plast_proportion: 0.2,
      });
      const extents = { replicas: 1, sequences: batch, steps };
      return findUpdater(updater).build({ model, loss: crossEntropy, extents, device }, {
        learning_rate: 1e-4,
      });
    },
    inputs() {
      const count = steps * batch;
      const symbolAt = (index: number) => (index * 7 + Math.floor(index / 5)) % symbols;
      return new Map([
        ["symbol", Float32Array.from({ length: count }, (_, index) => symbolAt(index))],
        ["target", Float32Array.from({ length: count }, (_, index) => symbolAt(index + batch))],
        ["mask", new Float32Array(count).fill(1)],
      ]);
    },
  };
}

/** The seeds of so many replicas. */
const seedsOf = (replicas: number): number[] =>
  Array.from({ length: replicas }, (_, replica) => replica + 1);

/** What the name of a workload ends in if it has more than one of something. */
const suffix = (letter: string, count: number): string => count === 1 ? "" : `-${letter}${count}`;

/** The hybrid network Memo: a multiplicative, then an additive layer; `batch` movies of 100 scenes. */
function memo({ batch = 1, replicas = 1 } = {}): Workload {
  const movie = tasks.continual_scene.build({ curriculum: false });
  const { steps, loss } = movie;
  return {
    name: `memo-50-50-t400${suffix("b", batch)}${suffix("r", replicas)}`,
    build() {
      const model = models.hybrid.instantiate(movie.sizes);
      const extents = { replicas, sequences: batch, steps };
      return updaters.bptt.build({ model, loss, extents }, {
        learning_rate: 1e-3,
        optimizer: "adam",
      });
    },
    inputs(program) {
      const batches = createBatches(program, movie, { seeds: seedsOf(replicas), chunk: 1 });
      return new Map(batches.draw("train", { first: 0, iterations: 1 }));
    },
  };
}

/** One attractor memory of 64 bits, with free diagonal and absolute overlap, as published. */
export function attractor(replicas: number): Workload {
  const task = tasks.attractor.build({ memories: 1, gain_low: 2.5, gain_high: 2.5 });
  const { steps, loss } = task;
  return {
    name: `attractor-n64-t1000${suffix("r", replicas)}`,
    build() {
      const settings = { ...task.sizes, zero_diagonal: false, signed_overlap: false, margin: 0 };
      const model = models.attractor.instantiate(settings);
      const extents = { replicas, sequences: 1, steps };
      return updaters.bptt.build({ model, loss, extents }, {
        learning_rate: 5e-3,
        optimizer: "adam",
        l2: 1e-6,
      });
    },
    inputs(program) {
      const batches = createBatches(program, task, { seeds: seedsOf(replicas), chunk: 1 });
      return new Map(batches.draw("train", { first: 0, iterations: 1 }));
    },
  };
}

/** The plastic RNN of 29 neurons over 66 steps, with an error at the last step only. */
function plastic(updater: string, replicas = 1): Workload {
  const [neurons, steps] = [29, 66];
  const bit = (index: number) => (index * 7 + Math.floor(index / 5)) % 3 === 0 ? 1 : -1;
  return {
    name: `bohp-${updater}-n${neurons}-t${steps}${suffix("r", replicas)}`,
    build(device) {
      const model = models.plastic_rnn.instantiate({ inputs: neurons });
      const extents = { replicas, sequences: 1, steps };
      const loss = patternError(neurons - 1);
      return findUpdater(updater).build({ model, loss, extents, device }, {
        learning_rate: 3e-4,
        optimizer: "adam",
      });
    },
    inputs() {
      const bits = neurons - 1;
      // With an input, tanh is flat: there would be no gradient at all.
      const isAsked = (t: number, neuron: number) => t === steps - 1 && neuron % 2 === 1;
      /** [T, P, B, size]: every replica is given the same. */
      const repeated = (size: number, valueOf: (t: number, element: number) => number) =>
        Float32Array.from(
          { length: steps * replicas * size },
          (_, index) => valueOf(Math.floor(index / (replicas * size)), index % size),
        );
      return new Map([
        [
          "x",
          repeated(neurons, (t, neuron) => isAsked(t, neuron) ? 0 : 20 * bit(t * neurons + neuron)),
        ],
        ["target", repeated(bits, (_, neuron) => bit(neuron))],
        ["weight", repeated(1, (t) => t === steps - 1 ? 1 : 0)],
      ]);
    },
  };
}

/** As in the published comparison of GPUs: 7 symbols, 7 steps. The GPU is asked for it. */
export const published = ethereal("dfa", 1024, { symbols: 7, steps: 7, ending: "-t7" });

/** What is timed on other engines too. */
export const workloads: readonly Workload[] = [
  ethereal("dfa", 128),
  ethereal("bptt", 128),
  ethereal("dfa", 1024),
  memo(),
  memo({ batch: 32 }),
  memo({ replicas: 16 }),
  attractor(1),
  attractor(64),
  plastic("bptt"),
  plastic("bptt", 64),
  plastic("rtrl"),
];
