/** Every way to treat fast weights where a network is judged, against plain loops over arrays. */
import assert from "node:assert/strict";
import { vjp } from "../core/autodiff/vjp.ts";
import { cpuBackend } from "../core/backends/cpu/cpu.ts";
import { referenceBackend } from "../core/backends/reference/reference.ts";
import { webgpuBackend } from "../core/backends/webgpu/webgpu.ts";
import { squaredError } from "../core/losses/regression.ts";
import { matrix, vector } from "../core/program/declaration.ts";
import { bernoulli, normal } from "../core/program/initializer.ts";
import { batchMean, filled, mul, outer, where } from "../core/program/language.ts";
import { linear } from "../core/program/linear.ts";
import { defineModel } from "../core/program/model.ts";
import { sequenceSlot } from "../core/program/sequence_slot.ts";
import { assertNear } from "../core/testing/relative_rms.ts";
import { writeStart } from "../core/testing/twin.ts";
import { z } from "../deps/zod.ts";
import { type FastWeightMode, fastWeightModes, WIPE } from "./fast_weights.ts";
import { slotOf } from "./layers.ts";
import { perStepProgram } from "./per_step.ts";

const [post, pre, sequences, steps, batches] = [2, 3, 2, 4, 3] as const;
const [learningRate, rate, forgetting, clip] = [0.125, 4, 0.25, 0.875] as const; // exact in float32

/** One fast layer; half of its weights are highly plastic. */
const model = defineModel({
  name: "fast",
  config: z.strictObject({}),
  parameters: () => ({
    w: matrix(post, pre, normal(0.5), { fast: true }),
    b: vector(post, normal(0.5)),
    mask: matrix(post, pre, bernoulli(0.5), { trained: false }),
  }),
  state: () => ({}),
  inputs: () => ({ x: [pre] as const }),
  step({ w, b, mask }, _, { x }) {
    const plasticity = { mask, rate: where(mask, rate, 1), forgetting: mul(mask, forgetting) };
    return {
      state: {},
      output: linear("layer", { weight: w, bias: b, input: x!, role: "hidden", plasticity }),
    };
  },
}).instantiate({});

const programOf = (fastWeights: FastWeightMode, normalize: boolean) =>
  perStepProgram({
    model,
    loss: squaredError([post]),
    extents: { replicas: 1, sequences, steps },
    fastWeights,
  }, {
    config: { learning_rate: learningRate, clip_weights: clip, normalize },
    optimizer: "sgd",
    trains: () => true,
    gradients({ loss, output, layers }, { layers: [layer] }) {
      const seed = { value: loss, cotangent: filled(loss, 1, []) };
      const error = vjp([seed], [output]).get(output)!.perSequence!;
      return new Map([
        [slotOf(layer!.weight), outer(error, layers[0]!.input)],
        [slotOf(layer!.bias!), batchMean(error)],
      ]);
    },
  });

/** Inputs [batches, steps, sequences, width], the same in every test. */
const numbers = (width: number, phase: number) =>
  Float32Array.from(
    { length: batches * steps * sequences * width },
    (_, index) => Math.sin(phase + 1.7 * index),
  );
const inputs = { x: numbers(pre, 1), target: numbers(post, 2) };

type Start = Readonly<Record<"w" | "b" | "mask", readonly number[]>>;

/** The summed loss of every sequence by the definition of a mode, [batches, sequences]. */
function expectedLosses(mode: FastWeightMode, start: Start, normalize: boolean): number[] {
  const isOpen = (index: number) => mode === "all" || start.mask[index] === 1;
  let weights: number[][] = [];
  let bias: number[] = [];
  const losses: number[] = [];
  for (let batch = 0; batch < batches; batch++) {
    if (batch === 0 || mode !== "carried") {
      const wiped = start.w.map((value, index) => start.mask[index] === 1 ? 0 : value);
      weights = Array.from({ length: sequences }, () => [...wiped]);
      bias = [...start.b];
    }
    const sums = new Array<number>(sequences).fill(0);
    for (let step = 0; step < steps; step++) {
      const errors: number[][] = [];
      const changed = weights.map((w, sequence) => {
        const place = (batch * steps + step) * sequences + sequence;
        const x = inputs.x.subarray(pre * place, pre * (place + 1));
        const output = bias.map((b, i) =>
          x.reduce((y, value, j) => y + w[i * pre + j]! * value, b)
        );
        const off = output.map((y, i) => y - inputs.target[post * place + i]!);
        sums[sequence]! += off.reduce((all, value) => all + value * value, 0) / post;
        errors.push(off.map((value) => 2 * value / post));
        return w.map((value, index) => {
          const [i, j] = [Math.floor(index / pre), index % pre];
          const isPlastic = start.mask[index] === 1;
          const change = learningRate * (isPlastic ? rate : 1) * errors[sequence]![i]! * x[j]!;
          return value * (isPlastic ? 1 - forgetting : 1) - change;
        });
      });
      if (mode === "off") continue;
      const length = normalize ? Math.hypot(...changed.flat()) + 1e-6 : 1;
      weights = changed.map((next, sequence) =>
        next.map((value, index) => {
          const bounded = Math.min(clip, Math.max(-clip, value / length));
          return isOpen(index) ? bounded : weights[sequence]![index]!;
        })
      );
      if (mode !== "all") continue;
      bias = bias.map((b, i) =>
        b - learningRate * errors.reduce((all, error) => all + error[i]!, 0) / sequences
      );
      const biasLength = normalize ? Math.hypot(...bias) + 1e-6 : 1;
      bias = bias.map((b) => b / biasLength);
    }
    losses.push(...sums);
  }
  return losses;
}

const devices = {
  reference: { open: referenceBackend, bound: 1e-9 },
  cpu: { open: () => cpuBackend({ threads: 1 }), bound: 1e-5 },
  gpu: { open: () => webgpuBackend({ allowSoftware: true }), bound: 1e-5 },
} as const;

for (const [device, { open, bound }] of Object.entries(devices)) {
  for (const mode of fastWeightModes) {
    // Programs of the gpu take long to compile.
    for (const normalize of device === "gpu" ? [false] : [false, true]) {
      const what = `${device}: fast weights ${mode}${normalize ? ", normalised" : ""}`;
      Deno.test(`${what}: losses are those of plain loops`, async () => {
        const backend = await open();
        try {
          const program = programOf(mode, normalize);
          const engine = await backend.prepare(program, { chunk: 2 });
          writeStart(engine, { seeds: [5] });
          const start = await engine.read(["w", "b", "mask"]);
          const [w, b, mask] = ["w", "b", "mask"].map((name) => [...start.get(name)!]);
          assert.ok(new Set(mask).size === 2, "some weights are slow, some fast");
          if (mode === "carried") await engine.run(WIPE, { iterations: 1 });
          const losses: number[] = [];
          const names = program.metrics.get("evaluate")!;
          // Two batches in one run, then one: what is carried outlives a run.
          for (const [first, iterations] of [[0, 2], [2, 1]] as const) {
            for (const [name, values] of Object.entries(inputs)) {
              const width = values.length / batches;
              engine.write(name, values.subarray(first * width, (first + iterations) * width));
            }
            engine.write("weight", new Float32Array(iterations * steps * sequences).fill(1));
            await engine.run("evaluate", { iterations, restore: mode !== "carried" });
            const rows = [...(await engine.read([sequenceSlot])).get(sequenceSlot)!];
            for (let index = 0; index < iterations * sequences; index++) {
              losses.push(rows[index * names.length + names.indexOf("loss")]!);
            }
          }
          const expected = expectedLosses(
            mode,
            { w: w!.slice(0, post * pre), b: b!, mask: mask! },
            normalize,
          );
          assertNear(losses, expected, { bound, what });
        } finally {
          backend.close();
        }
      });
    }
  }
}
