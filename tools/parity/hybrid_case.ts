/** Golden cases of the hybrid memory networks. */
import { z } from "../../deps/zod.ts";
import { binaryCrossEntropy } from "../../core/losses/binary_cross_entropy.ts";
import { findModel } from "../../models/mod.ts";
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
  family: z.literal("hybrid"),
  name: z.string(),
  network_type: z.string(),
  hidden_dims: z.array(z.int()),
  hetero_rates: z.array(z.number()),
  plastic_types: z.array(z.string()),
  scene_time: z.int().min(1),
  vec_len: z.int().min(1),
  interval: z.int(),
  scenes: z.int().min(1),
  variation: z.number(),
  optimizer: z.literal("adam"),
  learning_rate: z.number(),
  steps: z.int().min(1),
  loss: z.literal("binary cross-entropy on the last frame of each scene, mean over all scenes"),
});

type Settings = z.output<typeof schema>;

/**
 * A case of a hybrid memory network: losses, outputs, first gradients and final weights.
 *
 * @throws RangeError if a setting is missing, unknown or of the wrong kind.
 * @throws DamagedFileError if a tensor is missing or of another shape.
 */
export function hybridCase(golden: Golden): ParityCase {
  const settings = settingsOf(golden, schema);
  const { scenes, scene_time, vec_len, steps: movies } = settings;
  const steps = scenes * scene_time;
  const { network_type, hidden_dims, hetero_rates, plastic_types } = settings;
  const model = findModel("hybrid").instantiate({
    inputs: vec_len,
    network_type,
    hidden_dims,
    hetero_rates,
    plastic_types,
  });
  const program = updaters["bptt"]!.build(
    { model, loss: binaryCrossEntropy, extents: { replicas: 1, sequences: 1, steps }, probe: true },
    { learning_rate: settings.learning_rate, optimizer: "adam" },
  );
  const names = Object.keys(model.parameters);
  const initial = firstValues(program);
  for (const name of names) {
    initial.set(name, floatsOf(golden, `init/${name}`, model.parameters[name]!.shape));
  }
  const gradients = names.map((name) => `probe/gradient/${name}`);
  const lossNames = program.metrics.get("train")!;
  return {
    program,
    initial,
    batches: batchesOf(golden, settings),
    watch: ["metrics/train", "probe/output", ...gradients, ...names],
    float32Bound: 2e-5,
    collect(read) {
      const ratio = (row: ArrayLike<number>) =>
        row[lossNames.indexOf("loss")]! / row[lossNames.indexOf("scored")]!;
      const outputs = read.flatMap((batch) =>
        Array.from(batch.get("probe/output")!, (logit) => 1 / (1 + Math.exp(-logit)))
      );
      const losses = read.map((batch) => ratio(batch.get("metrics/train")!));
      const collected = new Map<string, Computed>([
        ["loss", { shape: [movies], values: losses }],
        ["outputs", { shape: [movies, steps], values: outputs }],
      ]);
      for (const name of names) {
        const { shape } = model.parameters[name]!;
        const values = read[0]!.get(`probe/gradient/${name}`)!;
        collected.set(`first_gradient/${name}`, { shape, values });
        collected.set(`final/${name}`, { shape, values: read.at(-1)!.get(name)! });
      }
      return collected;
    },
  };
}

/** Inputs of each movie: its frames, and on the last frame of a scene whether it is a repeat. */
function batchesOf(golden: Golden, settings: Settings): Map<string, Float32Array>[] {
  const { scenes, scene_time, vec_len, steps: movies } = settings;
  const steps = scenes * scene_time;
  const frames = floatsOf(golden, "input/frames", [movies, steps, vec_len]);
  const targets = tensorOf(golden, "input/targets", [movies, scenes]).data;
  return Array.from({ length: movies }, (_, movie) => {
    const target = new Float32Array(steps);
    const weight = new Float32Array(steps);
    for (let scene = 0; scene < scenes; scene++) {
      const last = (scene + 1) * scene_time - 1;
      target[last] = Number(targets[movie * scenes + scene]);
      weight[last] = 1 / scenes;
    }
    const size = steps * vec_len;
    const frame = frames.slice(movie * size, (movie + 1) * size);
    return new Map([["frame", frame], ["target", target], ["weight", weight]]);
  });
}
