/** Fast weights as a history of changes against a copy a sequence: the same numbers, where the form applies. */
import assert from "node:assert/strict";
import type { Backend } from "../core/backends/backend.ts";
import { cpuBackend } from "../core/backends/cpu/cpu.ts";
import { referenceBackend } from "../core/backends/reference/reference.ts";
import { webgpuBackend } from "../core/backends/webgpu/webgpu.ts";
import { crossEntropy } from "../core/losses/cross_entropy.ts";
import { closedLoop, outputSlot, partsOf } from "../core/program/closed_loop.ts";
import { matrix, vector } from "../core/program/declaration.ts";
import { bernoulli, normal } from "../core/program/initializer.ts";
import {
  add,
  concat,
  matvec,
  mul,
  oneHot,
  slice,
  stopGradient,
  tanh,
  where,
} from "../core/program/language.ts";
import { linear } from "../core/program/linear.ts";
import { defineModel } from "../core/program/model.ts";
import { reachable } from "../core/program/node.ts";
import type { Program } from "../core/program/program.ts";
import { sideBySide } from "../core/program/side_by_side.ts";
import { poisonMemory } from "../core/testing/poison_memory.ts";
import { assertNear } from "../core/testing/relative_rms.ts";
import { assertTwins, trainOn, writeStart } from "../core/testing/twin.ts";
import { ethereal } from "../models/ethereal.ts";
import type { EtherealSettings } from "../models/settings.ts";
import { findUpdater } from "./mod.ts";
import type { Learning } from "./updater.ts";

const symbols = 4;
type Form = "stored" | "history";

interface Case {
  readonly updater?: "dfa" | "backprop";
  readonly network?: Partial<EtherealSettings>;
  readonly rule?: Readonly<Record<string, unknown>>;
  readonly extents?: Partial<Learning["extents"]>;
  readonly learning?: Partial<Learning>;
}

function build(form: Form, { updater = "dfa", network, rule, extents, learning }: Case): Program {
  const model = ethereal.instantiate({
    ...{ symbols, hidden_size: 3, num_layers: 2, enable_recurrence: true, plast_clip: 5 },
    ...{ plast_proportion: 0.4, forget_rate: 0.125, ...network },
  });
  return findUpdater(updater).build({
    ...{ model, loss: crossEntropy, fastWeightForm: form },
    extents: { replicas: 1, sequences: 3, steps: 5, ...extents },
    ...learning,
  }, { learning_rate: 0.1, ...rule });
}

const hasHistory = ({ slots }: Program): boolean =>
  [...slots.keys()].some((name) => name.startsWith("history/"));

const seedsOf = ({ extents }: Program) => [3, 4, 5].slice(0, extents.replicas);

/** What lasts, what is reported and what probes keep. */
const trained = (
  backend: Backend,
  program: Program,
  procedures = ["train", "evaluate", "measure"],
) => trainOn(backend, program, { seeds: seedsOf(program), symbols, procedures });

/** Fails unless both forms of a program give the same numbers in float64. */
async function assertSameForms(buildForm: (form: Form) => Program): Promise<void> {
  const [stored, history] = [buildForm("stored"), buildForm("history")];
  assert.deepEqual([hasHistory(stored), hasHistory(history)], [false, true]);
  const backend = referenceBackend();
  const [expected, actual] = [await trained(backend, stored), await trained(backend, history)];
  backend.close();
  assert.deepEqual([...actual.keys()], [...expected.keys()]);
  assertTwins(actual, expected, { bound: 1e-12, what: "history" });
}

const networks: Readonly<Record<string, Partial<EtherealSettings>>> = {
  recurrent: {},
  "without recurrence": { enable_recurrence: false },
  "without residual": { residual_connection: false },
  "without forgetting": { forget_rate: 0 },
  "forgetting all": { forget_rate: 1 },
  "all highly plastic": { plast_proportion: 1 },
  "few highly plastic": { plast_proportion: 0.01 },
  "tapped, two symbols": { layout: "tapped", input_mode: "last_two" },
  "plasticity 0": { plast_clip: 0 },
};
const rules: Readonly<Record<string, Case>> = {
  "forgetting after": { rule: { forgetting: "after" } },
  "norm of a sequence bounded": { rule: { grad_norm_clip: 0.05 } },
  "divided by the batch": { rule: { divide_by_batch: true } },
  "probes": { learning: { probe: true } },
  "judged with fast weights alone": { learning: { fastWeights: "on" } },
  "judged without fast weights": { learning: { fastWeights: "off" } },
  "judged with carried fast weights": { learning: { fastWeights: "carried" } },
  "sequences that go on": { learning: { continues: true } },
  "one step": { extents: { steps: 1 } },
  "two steps": { extents: { steps: 2 } },
  "eight steps": { extents: { steps: 8 } },
  "nine steps": { extents: { steps: 9 } },
  "one sequence": { extents: { sequences: 1 } },
  "sixteen sequences": { extents: { sequences: 16 } },
  "three replicas": { extents: { replicas: 3 } },
};
const own: Readonly<Record<string, Case>> = {
  "self-gradient": { updater: "dfa", rule: { self_grad: 0.5 } },
  "recurrent feedback": { updater: "dfa", rule: { recurrent_feedback: true } },
  "derivative": { updater: "dfa", rule: { activation_derivative: true } },
  "plasticity twice": { updater: "backprop", rule: { plasticity_twice: true } },
};

for (const updater of ["dfa", "backprop"] as const) {
  const cases = { ...rules };
  for (const [name, network] of Object.entries(networks)) cases[name] = { network };
  for (const [name, given] of Object.entries(own)) {
    if (given.updater === updater) cases[name] = given;
  }
  for (const [name, given] of Object.entries(cases)) {
    Deno.test(`history, ${updater}: ${name}`, () =>
      assertSameForms((form) => build(form, { updater, ...given })));
  }
}

/** A network with noise, a fast layer of three rows, and fast weights that are read twice. */
const noisy = defineModel({
  name: "noisy-fast",
  parameters: () => ({
    w: matrix(3, 5, normal(0.5), { fast: true }),
    m: matrix(3, 5, bernoulli(0.5), { trained: false }),
    out: matrix(symbols, 3, normal(0.5)),
  }),
  state: () => ({ y: vector(1) }),
  inputs: () => ({ symbol: [] as const }),
  step({ w, m, out }, { y }, { symbol }, _, random) {
    const input = concat(oneHot(symbol, symbols), y);
    const plasticity = { mask: m!, rate: where(m!, 3, 1), forgetting: where(m!, 0.25, 0) };
    const inner = linear("inner", { weight: w!, input, plasticity, activation: tanh });
    const noise = mul(0.3, random.normal(3, { name: "noise" }));
    const again = matvec(stopGradient(w!), mul(input, 0.5));
    const output = linear("out", { weight: out!, input: add(inner, again, noise), role: "output" });
    return { state: { y: slice(inner, 0, 1) }, output };
  },
});

for (const updater of ["dfa", "backprop"] as const) {
  Deno.test(`history, ${updater}: a network of one's own, with noise`, () => {
    const learning = { model: noisy.instantiate(), loss: crossEntropy };
    const extents = { replicas: 2, sequences: 2, steps: 6 };
    return assertSameForms((fastWeightForm) =>
      findUpdater(updater).build({ ...learning, extents, fastWeightForm }, { learning_rate: 0.1 })
    );
  });
}

Deno.test("history: replicas with values of their own", () =>
  assertSameForms((form) => {
    const extents = { replicas: 2, sequences: 2, steps: 4 };
    const swept = [{ forget_rate: 0.25, plast_clip: 3 }, { plast_proportion: 0.7 }]
      .map((network) => build(form, { network, extents }));
    return sideBySide(swept[0]!, swept.map(({ initial }) => initial));
  }));

Deno.test("history: a closed loop hears the same outputs", async () => {
  const backend = referenceBackend();
  const heard = await Promise.all((["stored", "history"] as const).map(async (form) => {
    const program = closedLoop(build(form, {}));
    const engine = await backend.prepare(program, { chunk: 1 });
    writeStart(engine, { seeds: seedsOf(program), symbols });
    const { begin, step } = partsOf("train");
    await engine.run(begin, { iterations: 1 });
    const outputs: number[] = [];
    for (let t = 0; t < program.extents.steps; t++) {
      await engine.run(step, { iterations: 1, step: t });
      outputs.push(...(await engine.read([outputSlot])).get(outputSlot)!);
    }
    engine.close();
    return outputs;
  }));
  backend.close();
  assertNear(heard[1]!, heard[0]!, { bound: 1e-12, what: "outputs" });
});

const devices = {
  cpu: { rules: ["dfa", "backprop"], open: () => cpuBackend({ threads: 2 }) },
  gpu: { rules: ["dfa"], open: () => webgpuBackend({ allowSoftware: true }) },
  "gpu, pass by pass": {
    rules: ["dfa"],
    open: () => webgpuBackend({ allowSoftware: true, planAsHardware: true, lowering: "split" }),
  },
  "software, pass by pass": {
    rules: ["dfa"],
    open: () => webgpuBackend({ allowSoftware: true, lowering: "split" }),
  },
} as const;
for (const [device, { rules, open }] of Object.entries(devices)) {
  for (const updater of rules) {
    Deno.test(`history, ${updater}: the numbers of the reference on the ${device}`, async () => {
      const extents = { replicas: 2, sequences: 3, steps: 9 };
      const program = build("history", { updater, extents });
      const undo = poisonMemory();
      const [reference, backend] = [referenceBackend(), await open()];
      const [expected, actual] = [
        await trained(reference, program, ["train"]),
        await trained(backend, program, ["train"]),
      ];
      reference.close();
      backend.close();
      undo();
      assertTwins(actual, expected, { bound: 1e-4, what: device });
    });
  }
}

Deno.test("history: no step makes the weights of a sequence", () => {
  for (const updater of ["dfa", "backprop"] as const) {
    const { procedures } = build("history", { updater });
    for (const procedure of ["train", "evaluate"]) {
      const step = procedures.get(procedure)!.find(({ loop }) => loop === "forward")!;
      const matrices = reachable(step.stores.map(({ value }) => value)).filter((node) =>
        node.operation.op === "matmul" && node.shape[0] !== 5
      );
      assert.deepEqual(matrices.map(({ shape }) => shape), []);
      assert.ok(step.stores.every(({ slot }) => !slot.name.endsWith("/weight")));
    }
  }
});

const unfit: Readonly<Record<string, Case>> = {
  "grad_clip": { rule: { grad_clip: 0.1 } },
  "clip_weights": { rule: { clip_weights: 1 } },
  "fast_weight_clamp": { rule: { fast_weight_clamp: 1 } },
  "normalize": { rule: { normalize: true } },
  "slow_weight_decay": { rule: { slow_weight_decay: 0.1 } },
  "wipe_every 2": { rule: { wipe_every: 2 } },
  "wiped once": { rule: { wipe_every: 0 } },
  "more weights forget than are highly plastic": { network: { plast_proportion: 0.005 } },
};
for (const [name, given] of Object.entries(unfit)) {
  Deno.test(`history: not with ${name}`, () => {
    const { procedures } = build("history", given);
    const written = procedures.get("train")!.flatMap(({ stores }) =>
      stores.map(({ slot }) => slot)
    );
    assert.ok(written.every((slot) => !slot.name.startsWith("history/")));
  });
}
