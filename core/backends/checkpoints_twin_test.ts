/** Training with checkpoints and with the whole tape gives the same numbers on every backend. */
import assert from "node:assert/strict";
import { tasks } from "../../tasks/mod.ts";
import { updaters } from "../../updaters/mod.ts";
import { crossEntropy } from "../losses/cross_entropy.ts";
import { add, batchMean, matvec, square, sum, tanh } from "../program/language.ts";
import { noisyRnn } from "../testing/noisy_model.ts";
import {
  fillRecurrence,
  type Recurrence,
  recurrenceProgram,
} from "../testing/gradient_through_time.ts";
import { tableCases } from "../testing/table_cases.ts";
import { assertTwins, keptSlots, trainOn } from "../testing/twin.ts";
import type { Backend } from "./backend.ts";
import { cpuBackend } from "./cpu/cpu.ts";
import { referenceBackend } from "./reference/reference.ts";
import { webgpuBackend } from "./webgpu/webgpu.ts";

type Tape = "whole" | "checkpoints";
const axes = { replicas: 2, sequences: 3 };

/** Every model of the table that bptt trains, and one with noise of all kinds. */
function cases(tape: Tape) {
  const table = tableCases({
    ...axes,
    config: { tape, learning_rate: 0.01 },
    isWanted: ({ updater }) => updater === "bptt",
  }).map(({ model, task, program }) => ({ name: model, program, task }));
  const task = tasks.palindrome.build();
  const noisy = updaters.bptt.build({
    model: noisyRnn.instantiate(task.sizes),
    loss: crossEntropy,
    extents: { ...axes, steps: task.steps },
  }, { tape, learning_rate: 0.01, average_share: 0.5, truncate: 3 });
  return [...table, { name: "noise, averages, truncated", program: noisy, task }];
}

/** On the GPU a few are enough: a software adapter takes long to compile a kernel. */
const onGpu = new Set(["hybrid", "attractor", "noise, averages, truncated"]);

const devices: Readonly<Record<string, () => Backend | Promise<Backend>>> = {
  "cpu, one thread": () => cpuBackend({ threads: 1 }),
  "cpu, three threads": () => cpuBackend({ threads: 3, forceThreads: true }),
  "gpu split": () => webgpuBackend({ allowSoftware: true, lowering: "split" }),
  "gpu joined": () => webgpuBackend({ allowSoftware: true, lowering: "joined" }),
  "gpu fused": () => webgpuBackend({ allowSoftware: true, lowering: "fused" }),
};

for (const [device, open] of Object.entries(devices)) {
  Deno.test(`checkpoints: training is that of the whole tape, ${device}`, async (t) => {
    const backend = await open();
    const whole = cases("whole");
    for (const [index, { name, program, task }] of cases("checkpoints").entries()) {
      const isGpu = device.startsWith("gpu");
      if (isGpu && !onGpu.has(name)) continue;
      await t.step(name, async () => {
        const procedures = isGpu ? ["train"] : ["train", "evaluate", "measure"];
        const options = { seeds: [1, 2], task, procedures };
        const expected = await trainOn(backend, whole[index]!.program, options);
        const actual = await trainOn(backend, program, options);
        assertTwins(actual, expected, { bound: 1e-5, what: name });
        assert.deepEqual(keptSlots(program), keptSlots(whole[index]!.program));
      });
    }
    backend.close();
  });
}

const n = 5;

/** Every sequence reads the mean of all at each step, so that all of them wait for each other. */
const crowd: Recurrence = {
  parameters: { w: { shape: [n, n], fast: true }, u: { shape: [n, n] } },
  state: { h: [n] },
  inputs: { x: [n] },
  step({ p, s, x }) {
    const h = tanh(add(matvec(p.w!, s.h!), matvec(p.u!, batchMean(s.h!)), x.x!));
    return { state: { h }, loss: sum(square(matvec(p.u!, h))) };
  },
};

for (const [device, open] of Object.entries(devices)) {
  Deno.test(`checkpoints: sequences that wait for each other, ${device}`, async () => {
    const backend = await open();
    const gradients = async (on: Backend, segment?: number) => {
      const extents = { ...axes, steps: 7, ...segment === undefined ? {} : { segment } };
      const engine = await on.prepare(recurrenceProgram(crowd, { extents }));
      fillRecurrence(engine);
      await engine.run("train", { iterations: 1 });
      const values = await engine.read(["d/w", "d/u", "h", "loss"]);
      engine.close();
      return values;
    };
    const expected = await gradients(referenceBackend());
    for (const segment of [1, 3, 7]) {
      const actual = await gradients(backend, segment);
      assertTwins(actual, expected, { bound: 1e-5, what: `S ${segment}` });
    }
    backend.close();
  });
}
