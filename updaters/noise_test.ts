/** Networks with noise under every rule: gradients, evaluation, batches. */
import assert from "node:assert/strict";
import type { Values } from "../core/backends/backend.ts";
import { cpuBackend } from "../core/backends/cpu/cpu.ts";
import { initialValues } from "../core/backends/initial_values.ts";
import { isPersistent } from "../core/backends/layout.ts";
import { referenceBackend } from "../core/backends/reference/reference.ts";
import { webgpuBackend } from "../core/backends/webgpu/webgpu.ts";
import { reachable } from "../core/program/node.ts";
import { sequenceSlot } from "../core/program/sequence_slot.ts";
import type { Program } from "../core/program/program.ts";
import { isKeySlot } from "../core/program/random_keys.ts";
import { noisyRnn } from "../core/testing/noisy_model.ts";
import { assertNear } from "../core/testing/relative_rms.ts";
import { assertTwins, trainOn } from "../core/testing/twin.ts";
import { createBatches } from "../core/training/batches.ts";
import { checkGradient } from "../core/training/check_gradient.ts";
import { findTask } from "../tasks/mod.ts";
import { forwardProgram } from "./forward_only.ts";
import { findUpdater, updaters } from "./mod.ts";

const task = findTask("palindrome").build();
const learningOf = (sequences: number, { replicas = 2, quiet = true, probe = true } = {}) => ({
  model: noisyRnn.instantiate({ ...task.sizes, quiet }),
  loss: task.loss,
  extents: { replicas, sequences, steps: task.steps },
  probe,
});

for (const [rule, sequences] of [["bptt", 3], ["rtrl", 1]] as const) {
  for (const quiet of [true, false]) {
    Deno.test(`noise: ${rule} follows the gradient of the noisy network, quiet ${quiet}`, async () => {
      const program = findUpdater(rule).build(learningOf(sequences, { quiet }), {});
      const checks = await checkGradient({ program, loss: task.loss, task, samples: 6 });
      assert.deepEqual(checks.map(({ parameter }) => parameter).toSorted(), [
        "out",
        "sigma",
        "u",
        "w",
      ]);
      for (const { parameter, error } of checks) assert.ok(error < 1e-6, `${parameter}: ${error}`);
    });
  }
}

const seeds = [3, 4];

Deno.test("noise: the tape keeps vectors of draws, matrices are drawn again on the way back", () => {
  const { slots, procedures } = updaters["bptt"]!.build(learningOf(3, { probe: false }), {});
  const tape = [...slots.values()].filter(({ kind }) => kind === "tape");
  assert.ok(tape.every(({ shape }) => shape.length < 2));
  const reverse = procedures.get("train")!.find(({ name }) => name === "reverse")!;
  const draws = reachable(reverse.stores.map(({ value }) => value))
    .filter(({ operation }) => operation.op === "random");
  assert.deepEqual(draws.map(({ shape }) => shape), [[6, 6]]);
});

Deno.test("noise: forward mode and back-propagation draw the same numbers", async () => {
  const [bptt, rtrl] = ["bptt", "rtrl"].map((rule) =>
    trainOn(
      referenceBackend(),
      findUpdater(rule).build(learningOf(1), { ...rule === "rtrl" && { virtual_sequences: 20 } }),
      { seeds, task, iterations: 2 },
    )
  );
  const [expected, actual] = [await bptt!, await rtrl!];
  for (const name of ["probe/gradient/w", "probe/gradient/u", "probe/gradient/sigma", "w"]) {
    assertNear(actual.get(name)!, expected.get(name)!, { bound: 1e-12, what: name });
  }
});

for (const rule of Object.keys(updaters)) {
  Deno.test(`noise: ${rule} is the same on the cpu and on the reference`, async () => {
    const program = findUpdater(rule).build(learningOf(rule === "rtrl" ? 1 : 3), {});
    const options = { seeds, task, procedures: ["train", "evaluate"], iterations: 3 };
    const expected = await trainOn(referenceBackend(), program, options);
    const actual = await trainOn(cpuBackend({ threads: 2, forceThreads: true }), program, options);
    assertTwins(actual, expected, { bound: 1e-4, what: rule });
  });
}

Deno.test("noise: bptt is the same on the gpu and on the reference", async () => {
  const program = updaters["bptt"]!.build(learningOf(3, { replicas: 1 }), {});
  const options = { seeds: [3], task, iterations: 2 };
  const expected = await trainOn(referenceBackend(), program, options);
  const actual = await trainOn(await webgpuBackend({ allowSoftware: true }), program, options);
  assertTwins(actual, expected, { bound: 1e-4, what: "gpu" });
});

/** What `evaluate` counts for the first sequences of the test split, [n, P, M] in the order of sequences. */
async function countsOf(program: Program, sequences: number): Promise<number[]> {
  const { extents } = program;
  const chunk = sequences / extents.sequences;
  const engine = await cpuBackend({ threads: 1 }).prepare(program, { chunk });
  for (const slot of [...program.slots.values()].filter(isPersistent)) {
    engine.write(slot.name, initialValues(program, slot.name, seeds.slice(0, extents.replicas)));
  }
  createBatches(program, task, { seeds: seeds.slice(0, extents.replicas), chunk })
    .draw("test", { first: 0, iterations: chunk })
    .forEach((values, name) => engine.write(name, values));
  await engine.run("evaluate", { iterations: chunk });
  const values: Values = (await engine.read([sequenceSlot])).get(sequenceSlot)!;
  engine.close();
  return [...values];
}

Deno.test("noise: a sequence draws the same numbers in a batch of any size", async () => {
  const [one, three, six] = await Promise.all([1, 3, 6].map((sequences) => {
    const learning = { ...learningOf(sequences, { replicas: 1, quiet: false }), probe: false };
    // The mask that a batch shares is drawn once a batch: it is left out here.
    const model = { ...learning.model, trace: withoutSharedDraws(learning.model.trace) };
    return countsOf(forwardProgram({ ...learning, model }), 6);
  }));
  assert.deepEqual(three, one);
  assert.deepEqual(six, one);
});

type Trace = ReturnType<typeof noisyRnn.instantiate>["trace"];
const withoutSharedDraws = (trace: Trace): Trace => (stage, instead) => {
  const random: typeof stage.random = (scope) => {
    const numbers = stage.random(scope);
    return {
      ...numbers,
      bernoulli: (p, shape, options) =>
        numbers.bernoulli(p, shape, { ...options, perSequence: true }),
    };
  };
  return trace({ ...stage, random }, instead);
};

Deno.test("noise: off in evaluation where the model says so, and then nothing is drawn", async () => {
  const keysOf = (program: Program) => [...program.slots.values()].filter(isKeySlot).length;
  const quiet = forwardProgram(learningOf(3, { probe: false }));
  const noisy = forwardProgram(learningOf(3, { quiet: false, probe: false }));
  assert.deepEqual([keysOf(quiet), keysOf(noisy)], [0, 2]);
  const [first, again] = [await countsOf(noisy, 6), await countsOf(noisy, 6)];
  assert.deepEqual(again, first, "a checkpoint is judged the same every time");
  assert.notDeepEqual(await countsOf(quiet, 6), first);
  // With noise in the training, evaluation is still that of the quiet network.
  const trained = updaters["bptt"]!.build(learningOf(3, { probe: false }), {});
  assert.equal(keysOf(trained), 2);
  assert.deepEqual(await countsOf(trained, 6), await countsOf(quiet, 6));
});
