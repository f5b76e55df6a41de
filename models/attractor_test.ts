/** The attractor network against its equations, written again in plain loops. */
import assert from "node:assert/strict";
import { initialValues } from "../core/backends/initial_values.ts";
import { isPersistent } from "../core/backends/layout.ts";
import { referenceBackend } from "../core/backends/reference/reference.ts";
import { createBatches } from "../core/training/batches.ts";
import { checkGradient } from "../core/training/check_gradient.ts";
import { train } from "../core/training/train.ts";
import { findTask } from "../tasks/mod.ts";
import { forwardProgram } from "../updaters/forward_only.ts";
import { updaters } from "../updaters/mod.ts";
import { models } from "./mod.ts";
import type { AttractorSettings } from "./settings.ts";

const [neurons, steps, presentation_steps] = [6, 9, 4];
const sizes = { neurons, steps, presentation_steps, memories: 2 };
const extents = { replicas: 1, sequences: 2, steps };
const options: readonly AttractorSettings[] = [
  {},
  { symmetric: false },
  { zero_diagonal: false, signed_overlap: false, margin: 0 },
  { activation: "sigmoid" },
  { activation: "relu", margin: 1 },
  { activation: "linear" },
  { density: 0.5 },
  { density: 0.5, symmetric: false },
];
const functions: Record<string, (x: number) => number> = {
  tanh: Math.tanh,
  sigmoid: (x) => 1 / (1 + Math.exp(-x)),
  relu: (x) => Math.max(0, x),
  linear: (x) => x,
};
const units = Array.from({ length: neurons }, (_, unit) => unit);
const near = (a: number, b: number, what: string) =>
  assert.ok(Math.abs(a - b) < 1e-6 * (1 + Math.abs(b)), `${what}: ${a}, expected ${b}`);

interface Config {
  readonly activation: string;
  readonly symmetric: boolean;
  readonly zero_diagonal: boolean;
  readonly signed_overlap: boolean;
  readonly margin: number;
}

/** Runs a batch on the reference. @returns the batch, the weights and the probes. */
async function runModel(cue: string, option: AttractorSettings) {
  const task = findTask("attractor").build({ ...sizes, cue, flips: 0.3 });
  const model = models["attractor"]!.instantiate({ neurons, ...option });
  const program = forwardProgram({ model, loss: task.loss, extents, probe: true });
  const engine = await referenceBackend().prepare(program);
  for (const { name } of [...program.slots.values()].filter(isPersistent)) {
    engine.write(name, initialValues(program, name, [3]));
  }
  const batch = createBatches(program, task, { seeds: [3], chunk: 1 })
    .draw("train", { first: 0, iterations: 1 });
  batch.forEach((values, name) => engine.write(name, values));
  await engine.run("evaluate", { iterations: 1 });
  const probes = [...program.slots.keys()].filter((name) => name.startsWith("probe/"));
  const read = await engine.read(["w_self_free", "w_input", ...probes]);
  engine.close();
  const exists = "w_exists" in model.parameters
    ? initialValues(program, "w_exists", [3])
    : undefined;
  return { batch, read, exists, config: model.config as Config };
}

const sum = (g: (unit: number) => number) => units.reduce((total, i) => total + g(i), 0);

/** W, [post][pre], of a model that was run. */
function weightsOf(
  { read, exists, config: { symmetric, zero_diagonal } }: Awaited<ReturnType<typeof runModel>>,
): number[][] {
  const free = read.get("w_self_free")!;
  return units.map((i) =>
    units.map((j) => {
      if (zero_diagonal && i === j || exists?.[i * neurons + j] === 0) return 0;
      const weight = free[i * neurons + j]!;
      return symmetric ? (weight + free[j * neurons + i]!) / 2 : weight;
    })
  );
}

/** The probes of sequence b at every step, by the equations. */
function* simulate(run: Awaited<ReturnType<typeof runModel>>, b: number) {
  const { batch, read, config: { activation, signed_overlap, margin } } = run;
  const f = functions[activation]!;
  const weights = weightsOf(run);
  const product = (x: ArrayLike<number>) => units.map((i) => sum((j) => weights[i]![j]! * x[j]!));
  const of = (name: string) => batch.get(name)!.subarray(b * neurons, (b + 1) * neurons);
  const [memory, drive] = [of("memory"), of("drive")];
  const driven = units.map((i) => sum((j) => read.get("w_input")![i * neurons + j]! * drive[j]!));
  const shortOf = (x: number) => Math.max(0, margin - x);
  const field = product(memory);
  let h = [...of("start")];
  let [retention, reaction] = [0, -Infinity];
  for (let t = 0; t < steps; t++) {
    const shown = t < presentation_steps;
    const inner = product(h);
    h = units.map((i) => f(inner[i]! + (shown ? driven[i]! : 0)));
    const signed = sum((i) => memory[i]! * h[i]!) / neurons;
    const overlap = signed_overlap ? signed : Math.abs(signed);
    if (shown) reaction = Math.max(reaction, overlap);
    else retention += overlap / (steps - presentation_steps);
    const again = product(h);
    const scalars = {
      "state/retention": retention,
      "state/reaction": reaction,
      "observed/overlap": overlap,
      "observed/fixed_point_error": sum((i) => (f(field[i]!) - memory[i]!) ** 2) / neurons,
      "observed/margin_shortfall": margin > 0
        ? sum((i) => shortOf(memory[i]! * field[i]!) + shortOf(memory[i]! * driven[i]!)) / neurons
        : 0,
      "observed/wrong_bits": units.filter((i) => memory[i]! * h[i]! <= 0).length,
      "observed/activity": sum((i) => h[i]! ** 2) / neurons,
      "observed/energy": -sum((i) => h[i]! * again[i]!) / 2,
    };
    yield { t, scalars, h };
  }
}

for (const cue of ["input", "state"]) {
  for (const option of options) {
    Deno.test(`attractor, ${cue}, ${JSON.stringify(option)}: steps are the equations`, async () => {
      const run = await runModel(cue, option);
      for (let b = 0; b < extents.sequences; b++) {
        for (const { t, scalars, h } of simulate(run, b)) {
          const place = t * extents.sequences + b;
          for (const [name, value] of Object.entries(scalars)) {
            near(run.read.get(`probe/${name}`)![place]!, value, `${t} ${name}`);
          }
          for (const name of ["state/h", "output"]) {
            const values = run.read.get(`probe/${name}`)!;
            h.forEach((value, i) => near(values[place * neurons + i]!, value, `${t} ${name} ${i}`));
          }
        }
      }
    });

    Deno.test(`attractor, ${cue}, ${JSON.stringify(option)}: gradient`, async () => {
      const task = findTask("attractor").build({ ...sizes, cue, flips: 0.3 });
      const model = models["attractor"]!.instantiate({ neurons, ...option });
      const program = updaters["bptt"]!.build({ model, loss: task.loss, extents }, {
        learning_rate: 1,
      });
      for (const { parameter, error } of await checkGradient({ program, loss: task.loss, task })) {
        assert.ok(error < 1e-6, `${parameter}: ${error}`);
      }
    });
  }
}

Deno.test("attractor: training ends when all patterns are kept, and says when", async () => {
  const task = findTask("attractor").build({
    ...{ neurons: 16, memories: 2, steps: 20, presentation_steps: 5, streak: 5 },
  });
  const model = models["attractor"]!.instantiate(task.sizes);
  const program = updaters["bptt"]!.build(
    { model, loss: task.loss, extents: { replicas: 2, sequences: 2, steps: 20 } },
    { learning_rate: 0.02, optimizer: "adam" },
  );
  const engine = await referenceBackend().prepare(program);
  const passed: number[] = [];
  const result = await train({
    engine,
    task,
    loss: task.loss,
    seeds: [1, 2],
    iterations: 1000,
    testSequences: 2,
    hooks: { onLevel: ({ replica, state }) => passed[replica] = state.iteration },
  });
  assert.equal(result.endReason, "completed");
  assert.ok(result.iterations < 1000);
  assert.deepEqual(result.metrics["goal/reached"], [1, 1]);
  assert.deepEqual(result.metrics["goal/updates"], passed);
  assert.equal(Math.max(...passed), result.iterations);
  assert.deepEqual(result.metrics["test/kept"], [1, 1]);
  engine.close();
});

Deno.test("attractor: a goal that is not reached, and activity without bound", async () => {
  const run = async (activation: "tanh" | "sigmoid" | "relu" | "linear", max_updates: number) => {
    const task = findTask("attractor").build({ ...sizes, steps: 300, max_updates });
    const model = models["attractor"]!.instantiate({ neurons, activation, initial_deviation: 2 });
    const program = updaters["bptt"]!.build(
      { model, loss: task.loss, extents: { ...extents, steps: 300 } },
      { learning_rate: 0.01, optimizer: "adam" },
    );
    const engine = await referenceBackend().prepare(program);
    const options = { engine, task, loss: task.loss, seeds: [1], iterations: 50 };
    const { endReason, iterations } = await train(options);
    engine.close();
    return { endReason, iterations };
  };
  assert.deepEqual(await run("tanh", 3), { endReason: "unconverged", iterations: 3 });
  for (const activation of ["relu", "linear"] as const) {
    assert.equal((await run(activation, 50)).endReason, "diverged", activation);
  }
});
