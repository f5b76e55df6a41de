/** What every model with every rule that can train it promises, in float64 but for equal bits. */
import assert from "node:assert/strict";
import type { Backend, Values } from "../core/backends/backend.ts";
import { cpuBackend } from "../core/backends/cpu/cpu.ts";
import { referenceBackend } from "../core/backends/reference/reference.ts";
import { type TableCase, tableCases } from "../core/testing/table_cases.ts";
import { assertNear } from "../core/testing/relative_rms.ts";
import { onlyProcedures, trainOn, writeStart } from "../core/testing/twin.ts";
import { batchOf, createBatches } from "../core/training/batches.ts";
import { checkGradient } from "../core/training/check_gradient.ts";
import type { Program } from "../core/program/program.ts";
import { models } from "../models/mod.ts";
import { updaters } from "./mod.ts";

const SEQUENCES = 3;
const build = (sequences: number) => tableCases({ sequences, probe: true });
const cases = build(SEQUENCES);
const singles = build(1);
const seeds = [4];
const reference = referenceBackend();
const procedures = ["train", "evaluate", "measure"];

Deno.test("tables: every model is trained by bptt, and every rule trains a model", () => {
  const trainable = (updater: string) =>
    cases.filter((entry) => entry.updater === updater).map(({ model }) => model);
  assert.deepEqual(trainable("bptt"), Object.keys(models));
  for (const updater of Object.keys(updaters)) assert.ok(trainable(updater).length > 0, updater);
});

/** The gradients that a program keeps, by slot: those of rules that follow the exact one. */
const gradientSlots = ({ slots }: Program) =>
  [...slots.keys()].filter((name) => name.startsWith("probe/gradient/"));

/**
 * Whether judging a batch changes no weight on the way. Weights that all sequences share and that
 * change inside of them see the whole batch.
 */
const judgesOnly = ({ procedures }: Program) =>
  procedures.get("evaluate")!.every(({ loop, stores }) =>
    loop === "none" || stores.every(({ slot }) => slot.kind !== "parameter")
  );

/** Gradients and counts of sequences first, first + 1, ... of the training split. */
async function outcome(
  program: Program,
  { task, first }: { task: TableCase["task"]; first: number },
): Promise<Map<string, Values>> {
  const engine = await reference.prepare(onlyProcedures(program, ["train", "evaluate"]));
  const gradients = gradientSlots(program);
  writeStart(engine, { seeds, task });
  createBatches(program, task, { seeds, chunk: 1 }).draw("train", { first, iterations: 1 })
    .forEach((values, name) => engine.write(name, values));
  await engine.run("evaluate", { iterations: 1, restore: true });
  const judged = judgesOnly(program) ? ["metrics/evaluate"] : [];
  const counts = await engine.read(judged);
  await engine.run("train", { iterations: 1 });
  const results = new Map([...counts, ...await engine.read(gradients)]);
  engine.close();
  return new Map([...results].map(([name, values]) => [name, values.slice()]));
}

const left = (backend: Backend, { program, task }: TableCase, which = seeds) =>
  trainOn(backend, program, { seeds: which, task, procedures, iterations: 2 });

cases.forEach((testCase, index) => {
  const { model, updater, program, task } = testCase;
  const title = `${model}, ${updater}`;

  Deno.test(`${title}: shapes fit, numbers are finite, the seed decides`, async () => {
    assert.deepEqual(program.output, task.output);
    assert.deepEqual([...program.procedures.keys()].sort(), [...procedures].sort());
    const after = await left(reference, testCase);
    for (const [name, values] of after) assert.ok(values.every(Number.isFinite), name);
    const measured = program.metrics.get("measure")!;
    assert.equal(after.get("metrics/measure")![measured.indexOf("not_finite")], 0);
    assert.notDeepEqual(await left(reference, testCase, [5]), after);
  });

  Deno.test(`${title}: the same seed gives the same bits, on one thread or three`, async () => {
    const runs: ReadonlyMap<string, Values>[] = [];
    for (const options of [{ threads: 1 }, { threads: 1 }, { threads: 3, forceThreads: true }]) {
      const backend = cpuBackend(options);
      runs.push(await left(backend, testCase));
      backend.close();
    }
    assert.deepEqual(runs[1], runs[0]);
    assert.deepEqual(runs[2], runs[0]);
  });

  if (gradientSlots(program).length > 0) {
    Deno.test(`${title}: the gradient is that of central differences`, async () => {
      const checks = await checkGradient({ program, loss: task.loss, task, samples: 5 });
      assert.ok(checks.length > 0);
      for (const { parameter, error, resolution } of checks) {
        assert.ok(error < Math.max(1e-6, resolution), `${parameter}: ${error}`);
      }
    });
  }

  if (batchOf(program) > 1 && (judgesOnly(program) || gradientSlots(program).length > 0)) {
    Deno.test(`${title}: a batch of B is B single sequences`, async () => {
      const batch = await outcome(program, { task, first: 0 });
      const sums = new Map([...batch].map(([name, values]) => [name, values.map(() => 0)]));
      for (let b = 0; b < SEQUENCES; b++) {
        for (const [name, values] of await outcome(singles[index]!.program, { task, first: b })) {
          // Counts add up; a gradient is that of the mean loss.
          const share = name.startsWith("metrics/") ? 1 : 1 / SEQUENCES;
          values.forEach((value, i) => sums.get(name)![i]! += share * value);
        }
      }
      for (const [name, values] of batch) {
        assertNear(values, sums.get(name)!, { bound: 1e-9, what: name });
      }
    });
  }
});
