/** Golden cases of the attractor network. */
import { z } from "../../deps/zod.ts";
import type { Program } from "../../core/program/program.ts";
import { models } from "../../models/mod.ts";
import { findTask } from "../../tasks/mod.ts";
import { updaters } from "../../updaters/mod.ts";
import {
  type Computed,
  firstValues,
  floatsOf,
  type Golden,
  type ParityCase,
  settingsOf,
  tensorOf,
} from "./golden.ts";

const schema = z.strictObject({
  family: z.literal("attractor"),
  name: z.string().optional(),
  neurons: z.int().min(1),
  steps: z.int().min(2),
  presentation_steps: z.int().min(1),
  memories: z.int().min(1),
  activation: z.enum(["tanh", "sigmoid", "relu", "linear"]),
  epochs: z.int().min(1),
  learning_rate: z.number().min(0),
  alpha: z.number(),
  beta: z.number(),
  gamma: z.number(),
  l2: z.number().min(0),
  zero_diagonal: z.boolean(),
  symmetric: z.boolean().default(true),
  signed_overlap: z.boolean().default(false),
  order: z.literal("epoch e trains memory e mod M, batch 1").optional(),
  max_gradient: z.literal(
    "the reaction term takes the gradient at the first maximum over presentation steps",
  ).optional(),
});

type Settings = z.output<typeof schema>;

/** The trained matrices, each [neurons, neurons]. */
const trained = ["w_self_free", "w_input"];

/**
 * A case of the attractor network: losses, states and gradients of each epoch.
 *
 * @throws RangeError if a setting is missing, unknown or of the wrong kind.
 * @throws DamagedFileError if a tensor is missing or of another shape.
 */
export function attractorCase(golden: Golden): ParityCase {
  const settings = readSettings(golden);
  const program = buildProgram(settings);
  const square = [settings.neurons, settings.neurons];
  const first = new Map(
    trained.map((name) => [name, floatsOf(golden, `init/${name}`, square)]),
  );
  return {
    program,
    initial: new Map([...firstValues(program), ...first]),
    batches: batchesOf(golden, settings),
    watch: [
      "metrics/train",
      "probe/state/h",
      ...trained.flatMap((name) => [name, `probe/gradient/${name}`]),
    ],
    float32Bound: 2e-5,
    collect: (read) => collect(read, { settings, first, metrics: program.metrics.get("train")! }),
  };
}

/** @throws RangeError, in one line, if a setting is missing, unknown or out of its range. */
function readSettings(golden: Golden): Settings {
  const settings = settingsOf(golden, schema);
  const { steps, presentation_steps } = settings;
  if (presentation_steps < steps) return settings;
  throw new RangeError(
    `${golden.path}: setting "presentation_steps": expected less than ${steps} steps`,
  );
}

/** One network that bptt with Adam trains on one memory an update. */
function buildProgram(settings: Settings): Program {
  const { neurons, memories, steps, presentation_steps, learning_rate, l2 } = settings;
  const { activation, symmetric, zero_diagonal, signed_overlap } = settings;
  const model = models["attractor"]!.instantiate({
    neurons,
    activation,
    symmetric,
    zero_diagonal,
    signed_overlap,
    margin: 0,
  });
  const task = findTask("attractor").build({
    neurons,
    memories,
    steps,
    presentation_steps,
    retention_weight: settings.alpha,
    reaction_weight: settings.beta,
    fixed_point_weight: settings.gamma,
  });
  return updaters["bptt"]!.build(
    { model, loss: task.loss, extents: { replicas: 1, sequences: 1, steps }, probe: true },
    { learning_rate, optimizer: "adam", l2 },
  );
}

/** Inputs of each epoch: epoch e shows memory e mod M, scaled by the gain of the epoch. */
function batchesOf(golden: Golden, settings: Settings): Map<string, Float32Array>[] {
  const { neurons, memories, epochs, steps, presentation_steps } = settings;
  const patterns = floatsOf(golden, "input/memories", [memories, neurons]);
  const gains = tensorOf(golden, "input/gain", [epochs]).data;
  const overSteps = (value: (t: number) => number) =>
    Float32Array.from({ length: steps }, (_, t) => value(t));
  const share = 1 / (steps - presentation_steps);
  const perStep = [
    ["shown", overSteps((t) => t < presentation_steps ? 1 : 0)],
    ["share", overSteps((t) => t < presentation_steps ? 0 : share)],
    ["last", overSteps((t) => t === steps - 1 ? 1 : 0)],
  ] as const;
  return Array.from({ length: epochs }, (_, epoch) => {
    const offset = epoch % memories * neurons;
    const memory = patterns.slice(offset, offset + neurons);
    return new Map([
      ...perStep,
      ["memory", memory],
      ["drive", memory.map((bit) => bit * Number(gains[epoch]))],
      ["start", new Float32Array(neurons)],
    ]);
  });
}

type Read = ReadonlyMap<string, ArrayLike<number>>;

/** The expected tensors, from the slots read after each epoch. */
function collect(
  read: readonly Read[],
  { settings: { neurons, steps, epochs, l2 }, first, metrics }: {
    settings: Settings;
    /** The trained matrices before the first epoch. */
    first: ReadonlyMap<string, Float32Array>;
    /** Names of the metrics, in the order in which they are stored. */
    metrics: readonly string[];
  },
): Map<string, Computed> {
  const metric = (name: string) =>
    read.map((epoch) => epoch.get("metrics/train")![metrics.indexOf(name)]!);
  // The loss of the metrics lacks the penalty on weights; those are the weights before the update.
  const penalties = [first, ...read.slice(0, -1)].map((before) =>
    trained.reduce((sum, name) => sum + l2 * sumOfSquares(before.get(name)!), 0)
  );
  const losses = metric("loss").map((loss, epoch) => loss + penalties[epoch]!);
  const collected = new Map<string, Computed>([
    ["loss", { shape: [epochs], values: losses }],
    ["retention", { shape: [epochs], values: metric("retention") }],
    ["reaction", { shape: [epochs], values: metric("reaction") }],
    ["states_first_epoch", { shape: [steps, neurons], values: read[0]!.get("probe/state/h")! }],
  ]);
  const shape = [neurons, neurons];
  for (const [name, weights] of first) {
    const gradient = read[0]!.get(`probe/gradient/${name}`)!;
    const values = Array.from(gradient, (value, index) => value + 2 * l2 * weights[index]!);
    collected.set(`first_gradient/${name}`, { shape, values });
    collected.set(`final/${name}`, { shape, values: read.at(-1)!.get(name)! });
  }
  return collected;
}

const sumOfSquares = (values: ArrayLike<number>): number =>
  Array.from(values).reduce((sum, value) => sum + value ** 2, 0);
