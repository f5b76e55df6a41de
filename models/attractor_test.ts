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

const [neurons, steps, presentation_steps] = [6, 9, 4];
const sizes = { neurons, steps, presentation_steps, memories: 2 };
const extents = { replicas: 1, sequences: 2, steps };
const options = [
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

for (const cue of ["input", "state"]) {
  for (const option of options) {
    Deno.test(`attractor, ${cue}, ${JSON.stringify(option)}: steps are the equations`, async () => {
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
      const { activation, symmetric, zero_diagonal, signed_overlap, margin } = model.config as {
        activation: string;
        symmetric: boolean;
        zero_diagonal: boolean;
        signed_overlap: boolean;
        margin: number;
      };
      const exists = "w_exists" in model.parameters
        ? initialValues(program, "w_exists", [3])
        : undefined;
      const f = functions[activation]!;
      const [l, v] = [read.get("w_self_free")!, read.get("w_input")!];
      const weight = (i: number, j: number) => {
        if (zero_diagonal && i === j || exists?.[i * neurons + j] === 0) return 0;
        const own = l[i * neurons + j]!;
        return symmetric ? (own + l[j * neurons + i]!) / 2 : own;
      };
      const sum = (g: (unit: number) => number) => units.reduce((total, i) => total + g(i), 0);
      const product = (x: ArrayLike<number>) => units.map((i) => sum((j) => weight(i, j) * x[j]!));
      for (let b = 0; b < 2; b++) {
        const of = (name: string) => batch.get(name)!.subarray(b * neurons, (b + 1) * neurons);
        const [memory, drive] = [of("memory"), of("drive")];
        const driven = units.map((i) => sum((j) => v[i * neurons + j]! * drive[j]!));
        const shortOf = (x: number) => Math.max(0, margin - x);
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
          const field = product(memory);
          const again = product(h);
          const expected = {
            "state/retention": retention,
            "state/reaction": reaction,
            "observed/overlap": overlap,
            "observed/fixed_point_error": sum((i) => (f(field[i]!) - memory[i]!) ** 2) / neurons,
            "observed/margin_shortfall": margin > 0
              ? sum((i) => shortOf(memory[i]! * field[i]!) + shortOf(memory[i]! * driven[i]!)) /
                neurons
              : 0,
            "observed/wrong_bits": units.filter((i) => memory[i]! * h[i]! <= 0).length,
            "observed/activity": sum((i) => h[i]! ** 2) / neurons,
            "observed/energy": -sum((i) => h[i]! * again[i]!) / 2,
          };
          const place = t * 2 + b;
          for (const [name, value] of Object.entries(expected)) {
            near(read.get(`probe/${name}`)![place]!, value, `${t} ${name}`);
          }
          for (const name of ["state/h", "output"]) {
            h.forEach((value, i) =>
              near(read.get(`probe/${name}`)![place * neurons + i]!, value, `${t} ${name} ${i}`)
            );
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
  const run = async (activation: string, max_updates: number) => {
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
  for (const activation of ["relu", "linear"]) {
    assert.equal((await run(activation, 50)).endReason, "diverged", activation);
  }
});
