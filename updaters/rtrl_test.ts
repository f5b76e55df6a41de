/** Forward mode gives the gradient of back-propagation through time, for any model. */
import assert from "node:assert/strict";
import { cpuBackend } from "../core/backends/cpu/cpu.ts";
import type { Backend, DeviceName, Values } from "../core/backends/backend.ts";
import { referenceBackend } from "../core/backends/reference/reference.ts";
import { binaryCrossEntropy } from "../core/losses/binary_cross_entropy.ts";
import { crossEntropy } from "../core/losses/cross_entropy.ts";
import type { Loss } from "../core/losses/loss.ts";
import { matrix, scalar, vector } from "../core/program/declaration.ts";
import { normal } from "../core/program/initializer.ts";
import { add, batchMean, matvec, mul, tanh } from "../core/program/language.ts";
import { defineModel, type ModelInstance } from "../core/program/model.ts";
import type { Program } from "../core/program/program.ts";
import { batchOf } from "../core/training/batches.ts";
import { checkGradient } from "../core/training/check_gradient.ts";
import { train } from "../core/training/train.ts";
import { procedureCost } from "../core/schedule/cost.ts";
import { ojaLayer, plasticRnn, squaredError } from "../core/testing/example_models.ts";
import { assertNear } from "../core/testing/relative_rms.ts";
import { writeStart } from "../core/testing/twin.ts";
import { models } from "../models/mod.ts";
import { findTask } from "../tasks/mod.ts";
import { z } from "../deps/zod.ts";
import { findUpdater, updaters } from "./mod.ts";

interface Case {
  readonly model: ModelInstance;
  readonly loss: Loss;
  readonly replicas?: number;
  readonly steps?: number;
  readonly config?: Readonly<Record<string, unknown>>;
  /** Of rtrl alone. */
  readonly virtual?: number;
  readonly device?: DeviceName;
  readonly probe?: boolean;
}

function programsOf(
  { model, loss, replicas = 1, steps = 7, config = {}, virtual = 0, device, probe = true }: Case,
): { bptt: Program; rtrl: Program } {
  const learning = { model, loss, extents: { replicas, sequences: 1, steps }, probe };
  return {
    bptt: updaters.bptt.build(learning, config),
    rtrl: updaters.rtrl.build({ ...learning, device }, { ...config, virtual_sequences: virtual }),
  };
}

/** What a program leaves in all slots that are not its rule's own. */
async function outcome(
  program: Program,
  { backend = referenceBackend(), procedures = ["train"], times = 1 }: {
    backend?: Backend;
    procedures?: readonly string[];
    times?: number;
  } = {},
): Promise<ReadonlyMap<string, Values>> {
  const engine = await backend.prepare(program);
  writeStart(engine, { seeds: [5, 6].slice(0, program.extents.replicas), symbols: 3 });
  for (let time = 0; time < times; time++) {
    for (const procedure of procedures) await engine.run(procedure, { iterations: 1 });
  }
  const names = [...program.slots.keys()].filter((name) => !name.startsWith("train/"));
  const read = await engine.read(names);
  engine.close();
  return read;
}

const cases: Readonly<Record<string, Case>> = {
  "a plastic network": { model: plasticRnn.instantiate({ neurons: 5 }), loss: squaredError(5) },
  "two replicas, numbers in groups that cut parameters": {
    model: plasticRnn.instantiate({ neurons: 5 }),
    loss: squaredError(5),
    replicas: 2,
    virtual: 11,
  },
  "numbers that are kept as rows and columns": {
    model: plasticRnn.instantiate({ neurons: 5 }),
    loss: squaredError(5),
    virtual: 11,
    device: "gpu",
  },
  "one number at a time, a drawn first state": {
    model: ojaLayer.instantiate({ neurons: 2 }),
    loss: squaredError(2),
    virtual: 1,
  },
  "a recurrent network with layers and biases": {
    model: models.rnn.instantiate({ symbols: 3, hidden_size: 4, num_layers: 2 }),
    loss: crossEntropy,
  },
  "a hybrid memory network": {
    model: models.hybrid.instantiate({ inputs: 5, hidden_dims: [4, 3] }),
    loss: binaryCrossEntropy,
    virtual: 20,
  },
};

for (const [name, options] of Object.entries(cases)) {
  Deno.test(`rtrl = bptt: ${name}`, async () => {
    const { bptt, rtrl } = programsOf({
      ...options,
      config: { optimizer: "adam", grad_clip: 0.5 },
    });
    const runs = { procedures: ["train", "evaluate", "measure"], times: 3 };
    const [expected, actual] = [await outcome(bptt, runs), await outcome(rtrl, runs)];
    for (const [slot, values] of expected) {
      if (!actual.has(slot)) assert.fail(`no slot ${slot}`);
      assertNear(actual.get(slot)!, values, { bound: 1e-9, what: slot });
    }
  });
}

Deno.test("rtrl: a group holds as many numbers as asked for, or all that fit", () => {
  const sequences = (virtual: number) =>
    programsOf({ ...cases["a plastic network"]!, virtual }).rtrl.extents.sequences;
  // 50 trained numbers: 5 groups of 10, 3 of 17.
  assert.deepEqual([0, 50, 100, 11, 24, 1].map(sequences), [50, 50, 50, 10, 17, 1]);
  const large = models.plastic_rnn.instantiate({ inputs: 60 });
  const { rtrl } = programsOf({ model: large, loss: squaredError(60) });
  const bytes = 4 * rtrl.extents.sequences * 60 * 60;
  assert.ok(bytes > 5e7 && bytes < 256e6, `${bytes} bytes of tangents`);
});

/** The real size: 29 neurons, 66 steps. */
const full: Case = {
  model: models.plastic_rnn.instantiate({ inputs: 29, train_eta: true }),
  loss: squaredError(29),
  steps: 66,
};

Deno.test("rtrl = bptt within 1e-12: 66 steps of 29 plastic neurons", async () => {
  const { bptt, rtrl } = programsOf({ ...full, virtual: 15 });
  const expected = await outcome(bptt);
  // Each group alone is the gradient by its numbers: three of them, one over the end of w, the last.
  const stages = rtrl.procedures.get("train")!;
  const size = rtrl.extents.sequences;
  for (const group of [0, Math.floor(841 / size), Math.ceil(1683 / size) - 1]) {
    const part = stages.slice(3 * group, 3 * group + 3);
    assert.deepEqual(part.map(({ name }) => name), ["reset", "step", "gather"]);
    const engine = await referenceBackend().prepare({
      ...rtrl,
      procedures: new Map([["train", part]]),
    });
    writeStart(engine, { seeds: [5] });
    const parameters = ["w", "alpha", "eta"];
    const slots = parameters.map((name) => `train/gradient/${name}`);
    for (const slot of slots) {
      engine.write(slot, new Float64Array(slot.endsWith("eta") ? 1 : 841));
    }
    await engine.run("train", { iterations: 1 });
    const read = await engine.read(slots);
    const [actual, wanted] = [
      slots.flatMap((slot) => Array.from(read.get(slot)!)),
      parameters.flatMap((name) => Array.from(expected.get(`probe/gradient/${name}`)!)),
    ].map((gradient) => gradient.slice(group * size, (group + 1) * size));
    assertNear(actual!, wanted!, { bound: 1e-12, what: `group ${group}` });
    engine.close();
  }
});

Deno.test("rtrl on the cpu: all numbers of 66 steps of 29 plastic neurons", async () => {
  const { bptt, rtrl } = programsOf(full);
  const expected = await outcome(bptt);
  const backend = cpuBackend({ threads: 2, forceThreads: true });
  const actual = await outcome(rtrl, { backend });
  for (const name of ["w", "alpha", "eta"]) {
    const slot = `probe/gradient/${name}`;
    assertNear(actual.get(slot)!, expected.get(slot)!, { bound: 2e-4, what: slot });
  }
  const [forward, reverse] = [rtrl, bptt].map((program) =>
    procedureCost(program, "train").operations
  );
  assert.ok(forward! > 100 * reverse!, "forward mode costs a run for every number");
});

Deno.test("measure reports the norm of the exact gradient, in forward and in reverse mode", async () => {
  const task = findTask("palindrome").build();
  const model = models.rnn.instantiate({ ...task.sizes, hidden_size: 3, num_layers: 1 });
  const programs = programsOf({ model, loss: task.loss, replicas: 2, config: { grad_clip: 0.01 } });
  for (const [rule, program] of Object.entries(programs)) {
    const names = program.metrics.get("measure")!;
    assert.ok(!names.some((name) => name.includes("update_norm")), `${rule}: nothing is fast`);
    const values = await outcome(program, { procedures: ["train", "measure"] });
    const probes = [...values].filter(([name]) => name.startsWith("probe/gradient/"));
    for (const replica of [0, 1]) {
      const squares = probes.flatMap(([, gradient]) => {
        const size = gradient.length / 2;
        return Array.from(gradient.subarray(replica * size, (replica + 1) * size), (x) => x * x);
      });
      const expected = Math.sqrt(squares.reduce((sum, square) => sum + square, 0));
      const row = values.get("metrics/measure")!;
      const actual = row[replica * names.length + names.indexOf("gradient_norm")]!;
      assert.ok(expected > 0.01, "the bound does not change what is measured");
      assert.ok(Math.abs(actual / expected - 1) < 1e-12, `${rule}: ${actual}, ${expected}`);
    }
  }
});

Deno.test("rtrl: equal to central differences, through the task that trains it", async () => {
  const task = findTask("palindrome").build();
  const model = models.rnn.instantiate({ ...task.sizes, hidden_size: 3, num_layers: 1 });
  const extents = { replicas: 2, sequences: 1, steps: task.steps };
  const learning = { model, loss: task.loss, extents, probe: true };
  const program = updaters.rtrl.build(learning, { optimizer: "adam" });
  for (const { parameter, error } of await checkGradient({ program, loss: task.loss, task })) {
    assert.ok(error < 1e-7, `${parameter}: ${error}`);
  }
});

Deno.test("rtrl trains on one sequence per update", async () => {
  const task = findTask("palindrome").build();
  const { loss } = task;
  const model = models.rnn.instantiate({ ...task.sizes, hidden_size: 3, num_layers: 1 });
  const learning = { model, loss, extents: { replicas: 2, sequences: 1, steps: task.steps } };
  const outcomes = [];
  for (const rule of ["bptt", "rtrl"]) {
    const program = findUpdater(rule).build(learning, {});
    assert.equal(batchOf(program), 1);
    const engine = await referenceBackend().prepare(program, { chunk: 5 });
    const options = { evaluationSequences: 7, testSequences: 9, logEvery: 5 };
    const { metrics, sequences } = await train({
      ...{ engine, task, loss, seeds: [1, 2], iterations: 10 },
      ...options,
    });
    assert.equal(sequences, 10);
    outcomes.push(metrics);
  }
  for (const [name, value] of Object.entries(outcomes[0]!)) {
    const [expected, actual] = [value, outcomes[1]![name]!].map((metric) =>
      [metric].flat() as number[]
    );
    assertNear(actual!, expected!, { bound: 1e-6, what: name });
  }
});

Deno.test("rtrl refuses what it cannot follow, in one line", () => {
  const build = (model: ModelInstance, sequences = 1) =>
    updaters.rtrl.build(
      { model, loss: squaredError(2), extents: { replicas: 1, sequences, steps: 3 } },
      {},
    );
  assert.throws(
    () => build(plasticRnn.instantiate({ neurons: 2 }), 4),
    /^RangeError: rtrl follows one sequence at a time: expected a batch size of 1, got 4; bptt takes more$/,
  );
  assert.throws(
    () => build(models.ethereal.instantiate({ symbols: 2, hidden_size: 2 })),
    /^RangeError: rtrl: ".*" of model ethereal is fast.*use bptt$/,
  );
  const crossing = (step: Parameters<typeof defineModel>[0]["step"]) =>
    defineModel({
      name: "crossing",
      config: z.strictObject({}),
      parameters: () => ({ w: matrix(2, 2, normal(0.4)), gain: scalar(1, { trained: false }) }),
      state: () => ({ h: vector(2) }),
      inputs: () => ({ x: [2] as const }),
      step,
    }).instantiate({});
  assert.throws(
    () =>
      build(crossing(({ w, gain }, { h }, { x }) => {
        const next = tanh(add(matvec(w!, batchMean(h!)), mul(gain!, x!)));
        return { state: { h: next }, output: next };
      })),
    /mean over its sequences; use bptt/,
  );
});
