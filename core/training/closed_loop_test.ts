/** Tasks in closed loop: what is learned from is what was played, to the bit. */
import assert from "node:assert/strict";
import { models } from "../../models/mod.ts";
import { findTask } from "../../tasks/mod.ts";
import { forwardProgram } from "../../updaters/forward_only.ts";
import { findUpdater } from "../../updaters/mod.ts";
import type { Backend, Engine } from "../backends/backend.ts";
import { cpuBackend } from "../backends/cpu/cpu.ts";
import { initialValues } from "../backends/initial_values.ts";
import { referenceBackend } from "../backends/reference/reference.ts";
import { webgpuBackend } from "../backends/webgpu/webgpu.ts";
import { closedLoop } from "../program/closed_loop.ts";
import type { ModelInstance } from "../program/model.ts";
import { noisyRnn } from "../testing/noisy_model.ts";
import { loadBatches, openBatches } from "./open_batches.ts";
import { echo, indifferent } from "./testing/closed_tasks.ts";
import type { Task } from "./task.ts";
import { train } from "./train.ts";
import type { TrainState } from "./train_options.ts";
import { persistentSlots } from "./training_session.ts";

const backends: Readonly<Record<string, () => Backend | Promise<Backend>>> = {
  reference: referenceBackend,
  cpu: () => cpuBackend({ threads: 2, forceThreads: true }),
  fused: () => webgpuBackend({ allowSoftware: true, lowering: "fused" }),
  auto: () => webgpuBackend({ allowSoftware: true }),
  joined: () => webgpuBackend({ allowSoftware: true, lowering: "joined" }),
  split: () => webgpuBackend({ allowSoftware: true, lowering: "split" }),
};

interface Setting {
  readonly task: Task;
  readonly model: ModelInstance;
  /** Undefined: the network is only judged. */
  readonly rule: string | undefined;
  /** More settings of the rule. */
  readonly config?: Readonly<Record<string, unknown>>;
  readonly seeds?: readonly number[];
  readonly sequences?: number;
  readonly probe?: boolean;
}

const learningRates: Readonly<Record<string, number>> = { bptt: 0.1, rtrl: 0.1 };

function programOf(setting: Setting) {
  const { task, model, rule, config, seeds = [1], sequences = 2, probe = false } = setting;
  const extents = { replicas: seeds.length, sequences, steps: task.steps };
  const learning = { model, loss: task.loss, extents, probe };
  const program = rule === undefined
    ? forwardProgram(learning)
    : findUpdater(rule).build(learning, {
      learning_rate: learningRates[rule] ?? 0.01,
      ...config,
    });
  return task.episode ? closedLoop(program) : program;
}

async function trainOn(
  backend: Backend,
  setting: Setting,
  { chunk = 4, resume }: { chunk?: number; resume?: TrainState } = {},
) {
  const engine = await backend.prepare(programOf(setting), { chunk });
  const states: TrainState[] = [];
  const { metrics } = await train({
    engine,
    task: setting.task,
    loss: setting.task.loss,
    seeds: setting.seeds ?? [1],
    iterations: 6,
    logEvery: 3,
    evaluationSequences: 4,
    testSequences: 4,
    checkpointEvery: 2,
    hooks: { onCheckpoint: (state) => void states.push(state) },
    ...resume ? { resume } : {},
  });
  engine.close();
  return { metrics, states, tensors: states.at(-1)!.tensors };
}

const open = findTask("palindrome").build();
const networks: Readonly<Record<string, ModelInstance>> = {
  noisy: noisyRnn.instantiate(open.sizes),
  ethereal: models["ethereal"]!.instantiate({ ...open.sizes, hidden_size: 5 }),
  rnn: models["rnn"]!.instantiate({ ...open.sizes, hidden_size: 5 }),
  /** Its matrices are worth turning before a loop (`turnProducts`). */
  wide: models["rnn"]!.instantiate({ ...open.sizes, hidden_size: 20 }),
};

for (
  const [device, network, rule] of [
    ["reference", "noisy", "bptt"],
    ["reference", "ethereal", "dfa"],
    ["reference", "rnn", "rtrl"],
    ["cpu", "noisy", "bptt"],
    ["cpu", "noisy", "dfa"],
    ["cpu", "ethereal", "backprop"],
  ] as const
) {
  const name = `${network} by ${rule} on ${device}`;
  Deno.test(`closed loop: a task that does not listen is the open task, ${name}`, async () => {
    const backend = await backends[device]!();
    const sequences = rule === "rtrl" ? 1 : 2;
    const setting = { model: networks[network]!, rule, sequences };
    const drawn = await trainOn(backend, { ...setting, task: open });
    const played = await trainOn(backend, { ...setting, task: indifferent(open) });
    assert.deepEqual(played.metrics, drawn.metrics);
    assert.deepEqual(played.tensors, drawn.tensors);
    backend.close();
  });
}

/** First values on an engine. */
function writeFirst(engine: Engine, seeds: readonly number[]): void {
  for (const name of persistentSlots(engine)) {
    engine.write(name, initialValues(engine.program, name, seeds));
  }
}

for (
  const [device, network, rule] of [
    ["reference", "noisy", "bptt"],
    ["reference", "ethereal", "dfa"],
    ["cpu", "noisy", "bptt"],
    ["cpu", "ethereal", "dfa"],
    ["cpu", "wide", "bptt"],
    ["fused", "noisy", undefined],
    ["joined", "noisy", undefined],
    ["joined", "ethereal", "dfa"],
    ["split", "noisy", undefined],
    ["auto", "noisy", "bptt"],
    ["auto", "ethereal", "dfa"],
  ] as const
) {
  const name = `${network} by ${rule ?? "no rule"} on ${device}`;
  Deno.test(`closed loop: outputs come again as they were played, ${name}`, async () => {
    const backend = await backends[device]!();
    const seeds = [1, 2];
    const heard = new Map<string, readonly number[]>();
    const task = echo({
      told({ address: { seed, step } }, t, output) {
        heard.set(`${seed}/${step}/${t}`, output);
      },
    });
    const numbers = Array.from({ length: 12 }, (_, sequence) => 48 + sequence);
    const sequences = numbers.length;
    const setting = { task, model: networks[network]!, rule, seeds, sequences, probe: true };
    const engine = await backend.prepare(programOf(setting));
    writeFirst(engine, seeds);
    const batches = openBatches(engine.program, task, { seeds, chunk: 1 });
    for (const procedure of rule ? ["evaluate", "train"] as const : ["evaluate"] as const) {
      heard.clear();
      const before = await engine.read(persistentSlots(engine));
      const batch = { procedure, split: "train", first: 4, iterations: 1 } as const;
      await loadBatches(engine, batches, batch);
      assert.deepEqual(await engine.read(persistentSlots(engine)), before);
      await engine.run(procedure, { iterations: 1, restore: procedure === "evaluate" });
      const outputs = [...(await engine.read(["probe/output"])).get("probe/output")!];
      const said = Array.from(
        { length: task.steps },
        (_, t) =>
          seeds.flatMap((seed) =>
            numbers.flatMap((number) => heard.get(`${seed}/${number}/${t}`)!)
          ),
      ).flat();
      assert.deepEqual(outputs, said);
      assert.ok(new Set(outputs).size > 20, "the outputs differ");
    }
    engine.close();
    backend.close();
  });
}

for (
  const [network, rule, config] of [
    ["noisy", "bptt", {}],
    ["noisy", "bptt", { tape: "checkpoints" }],
    ["ethereal", "dfa", {}],
  ] as const
) {
  const name = `${network} by ${rule} ${Object.values(config).join()}`.trim();
  Deno.test(`closed loop: resumes, chunks, threads and neighbours change no bit, ${name}`, async () => {
    const setting = { task: echo(), model: networks[network]!, rule, config, seeds: [1, 2] };
    const one = cpuBackend({ threads: 1 });
    const two = cpuBackend({ threads: 2, forceThreads: true });
    const whole = await trainOn(one, setting);
    const others = [
      await trainOn(one, setting, { chunk: 1 }),
      await trainOn(two, setting),
      await trainOn(one, setting, { resume: whole.states[0]! }),
    ];
    for (const other of others) {
      assert.deepEqual(other.tensors, whole.tensors);
      assert.deepEqual(other.metrics["test/loss"], whole.metrics["test/loss"]);
    }
    const alone = await trainOn(one, { ...setting, seeds: [2] });
    const [, second] = whole.metrics["test/loss"]!;
    assert.deepEqual(alone.metrics["test/loss"], [second]);
  });
}
