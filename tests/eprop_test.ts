/** The learning rule of examples/own/eprop.ts: one file, exact where it can be, between steps and the past. */
import assert from "node:assert/strict";
import { writeStart } from "../core/testing/twin.ts";
import eprop from "../examples/own/eprop.ts";
import {
  add,
  bptt,
  concat,
  crossEntropy,
  defineModel,
  ethereal,
  filled,
  linear,
  matrix,
  mul,
  normal,
  oneHot,
  openBackend,
  palindromeVary,
  type Program,
  simpleRnn,
  tanh,
  train,
  vector,
  z,
} from "../mod.ts";
import { inTemporaryFolder } from "../store/files/testing/temporary_folder.ts";
import { runHebb } from "./testing/run_hebb.ts";

const file = new URL("../examples/own/eprop.ts", import.meta.url);

/** Leaky neurons, which may be coupled: h' = .8 h + tanh(W [x ; h] + b). */
const leaky = defineModel({
  name: "leaky",
  config: z.strictObject({ isCoupled: z.boolean() }),
  parameters: () => ({
    w: matrix(4, 3 + 4, normal(0.5)),
    b: vector(4, normal(0.1)),
    readout: matrix(3, 4, normal(0.5)),
  }),
  state: () => ({ h: vector(4, normal(0.3)) }),
  inputs: () => ({ symbol: [] as const }),
  step({ w, b, readout }, { h }, { symbol }, { isCoupled }) {
    const input = concat(oneHot(symbol, 3), isCoupled ? h : filled(h, 0, [4]));
    const current = linear("inner", { weight: w, bias: b, input, role: "recurrent" });
    const next = add(mul(0.8, h), tanh(current));
    return {
      state: { h: next },
      output: linear("readout", { weight: readout, input: next, role: "output" }),
    };
  },
});

const learning_rate = 1e-6;
const extentsOf = (steps: number) => ({ replicas: 1, sequences: 3, steps });

/** The gradient by w, b and readout: what a tiny step changes, divided by its size. */
async function gradients(program: Program): Promise<ReadonlyMap<string, Float64Array>> {
  const { backend } = await openBackend({ device: "reference" });
  const engine = await backend.prepare(program);
  writeStart(engine, { seeds: [3], symbols: 3 });
  const names = ["w", "b", "readout"];
  const before = await engine.read(names);
  await engine.run("train", { iterations: 1 });
  const after = await engine.read(names);
  engine.close();
  const change = (name: string) =>
    Float64Array.from(
      after.get(name)!,
      (value, index) => (before.get(name)![index]! - value) / learning_rate,
    );
  return new Map(names.map((name) => [name, change(name)]));
}

/** The largest difference of both rules' gradients, relative to the largest number, by parameter. */
async function differences(isCoupled: boolean, steps: number): Promise<Record<string, number>> {
  const model = leaky.instantiate({ isCoupled });
  const learning = { model, loss: crossEntropy, extents: extentsOf(steps) };
  const exact = await gradients(bptt.build(learning, { learning_rate }));
  const traced = await gradients(eprop.build(learning, { learning_rate }));
  return Object.fromEntries([...exact].map(([name, values]) => {
    const largest = Math.max(...values.map(Math.abs));
    const others = traced.get(name)!;
    return [name, Math.max(...values.map((value, i) => Math.abs(value - others[i]!))) / largest];
  }));
}

Deno.test("e-prop: the gradient of one step, and of neurons without coupling, is exact", async () => {
  for (const [isCoupled, steps] of [[true, 1], [false, 8]] as const) {
    for (const [name, difference] of Object.entries(await differences(isCoupled, steps))) {
      assert.ok(difference < 1e-4, `${name}, ${steps} steps: ${difference}`);
    }
  }
});

Deno.test("e-prop: of coupled neurons it leaves out the way over other neurons", async () => {
  const { w, b, readout } = await differences(true, 8);
  assert.ok(w! > 0.01 && w! < 1, `w: ${w}`);
  assert.ok(b! > 0.01 && b! < 1, `b: ${b}`);
  assert.ok(readout! < 1e-4, `readout: ${readout}`);
});

for (const model of [simpleRnn, ethereal]) {
  Deno.test(`e-prop: ${model.name} learns`, async () => {
    const task = palindromeVary.build();
    const learning = {
      model: model.instantiate({ ...task.sizes, hidden_size: 16, enable_recurrence: true }),
      loss: crossEntropy,
      extents: { replicas: 1, sequences: 8, steps: task.steps },
    };
    const { backend } = await openBackend({ device: "cpu" });
    const engine = await backend.prepare(eprop.build(learning, { learning_rate: 0.02 }));
    const losses: number[] = [];
    await train({
      engine,
      task,
      loss: crossEntropy,
      seeds: [1],
      iterations: 300,
      logEvery: 100,
      hooks: { onRow: ({ values }) => void losses.push(values["train/loss"]![0]!) },
    });
    engine.close();
    backend.close();
    assert.ok(losses.every(Number.isFinite), losses.join());
    assert.ok(losses[2]! < losses[0]! - 0.1, losses.join());
  });
}

Deno.test(
  "e-prop: one short file that imports hebb alone, named on the command line",
  inTemporaryFolder(async (folder) => {
    const text = Deno.readTextFileSync(file);
    assert.ok(text.trimEnd().split("\n").length <= 80);
    const imports = [...text.matchAll(/from "([^"]+)"/g)].map(([, from]) => from);
    assert.deepEqual([...new Set(imports)], ["hebb"]);
    Deno.writeTextFileSync(`${folder}/eprop.ts`, text);
    const args = ["--updater", "eprop.ts", "--model", "rnn", "--task", "2_palindrome_vary"];
    const short = ["--iterations=20", "--test-sequences=20", "--device=cpu", "--out", "run"];
    const { code, stdout, stderr } = await runHebb(["train", ...args, ...short], { folder });
    assert.equal(code, 0, stderr);
    assert.match(stdout, /^test\/loss: \d\.\d+/m);
  }),
);
