/** Golden cases of the attractor network. */
import { z } from "zod";
import { initialValues } from "../../core/backends/initial_values.ts";
import { isPersistent } from "../../core/backends/layout.ts";
import { models } from "../../models/mod.ts";
import { findTask } from "../../tasks/mod.ts";
import { updaters } from "../../updaters/mod.ts";
import { type Computed, type Golden, type ParityCase, tensorOf } from "./golden.ts";

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

const sumOfSquares = (values: ArrayLike<number>): number => {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]! ** 2;
  return sum;
};

/**
 * @throws RangeError if a setting is missing, unknown or of the wrong kind.
 * @throws DamagedFileError if a tensor is missing or of another shape.
 */
export function attractorCase(golden: Golden): ParityCase {
  const parsed = schema.safeParse(golden.settings);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new RangeError(`${golden.path}: setting "${issue!.path.join(".")}": ${issue!.message}`);
  }
  const settings = parsed.data;
  const { neurons, steps, presentation_steps, memories, epochs, l2 } = settings;
  if (presentation_steps >= steps) {
    throw new RangeError(
      `${golden.path}: setting "presentation_steps": expected less than ${steps} steps`,
    );
  }
  const patterns = tensorOf(golden, "input/memories", [memories, neurons]).data;
  const gains = tensorOf(golden, "input/gain", [epochs]).data;
  const square = [neurons, neurons];
  const first = new Map(
    ["w_self_free", "w_input"].map((name) => [
      name,
      Float32Array.from(tensorOf(golden, `init/${name}`, square).data as ArrayLike<number>),
    ]),
  );
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
  const program = updaters["bptt"]!.build(
    { model, loss: task.loss, extents: { replicas: 1, sequences: 1, steps }, probe: true },
    { learning_rate: settings.learning_rate, optimizer: "adam", l2 },
  );
  const initial = new Map<string, Float32Array>();
  for (const slot of program.slots.values()) {
    if (isPersistent(slot)) initial.set(slot.name, initialValues(program, slot.name, [0]));
  }
  first.forEach((values, name) => initial.set(name, values));

  const overSteps = (value: (t: number) => number) =>
    Float32Array.from({ length: steps }, (_, t) => value(t));
  const share = 1 / (steps - presentation_steps);
  const perStep = new Map([
    ["shown", overSteps((t) => t < presentation_steps ? 1 : 0)],
    ["share", overSteps((t) => t < presentation_steps ? 0 : share)],
    ["last", overSteps((t) => t === steps - 1 ? 1 : 0)],
  ]);
  const names = program.metrics.get("train")!;
  const squared = { shape: square };
  return {
    program,
    initial,
    batches: Array.from({ length: epochs }, (_, epoch) => {
      const start = epoch % memories * neurons;
      const memory = Float32Array.from(
        patterns.subarray(start, start + neurons) as ArrayLike<number>,
      );
      const drive = memory.map((bit) => bit * Number(gains[epoch]));
      return new Map([...perStep, ["memory", memory], ["drive", drive], [
        "start",
        new Float32Array(neurons),
      ]]);
    }),
    watch: [
      "metrics/train",
      "probe/state/h",
      ...[...first.keys()].flatMap((name) => [name, `probe/gradient/${name}`]),
    ],
    float32Bound: 2e-5,
    collect(read) {
      const metric = (name: string) =>
        read.map((batch) => batch.get("metrics/train")![names.indexOf(name)]!);
      // The loss of the metrics leaves out the weights themselves, which are those before the update.
      const penalties = read.map((_, epoch) => {
        const before = (name: string) =>
          epoch === 0 ? first.get(name)! : read[epoch - 1]!.get(name)!;
        return [...first.keys()].reduce((sum, name) => sum + l2 * sumOfSquares(before(name)), 0);
      });
      const collected = new Map<string, Computed>([
        ["loss", {
          shape: [epochs],
          values: metric("loss").map((loss, epoch) => loss + penalties[epoch]!),
        }],
        ["retention", { shape: [epochs], values: metric("retention") }],
        ["reaction", { shape: [epochs], values: metric("reaction") }],
        ["states_first_epoch", {
          shape: [steps, neurons],
          values: read[0]!.get("probe/state/h")!,
        }],
      ]);
      for (const [name, start] of first) {
        const gradient = read[0]!.get(`probe/gradient/${name}`)!;
        const values = Array.from(gradient, (each, index) => each + 2 * l2 * start[index]!);
        collected.set(`first_gradient/${name}`, { ...squared, values });
        collected.set(`final/${name}`, { ...squared, values: read.at(-1)!.get(name)! });
      }
      return collected;
    },
  };
}
