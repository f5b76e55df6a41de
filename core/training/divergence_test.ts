/** Replicas that diverge beside others that do not. */
import assert from "node:assert/strict";
import { judgementsOf } from "../../analysis/evaluate/evaluation.ts";
import type { Engine, Values } from "../backends/backend.ts";
import { initialValues } from "../backends/initial_values.ts";
import { createBatches } from "./batches.ts";
import { runChunk } from "./chunk.ts";
import { createSums, meanOf, metricValues } from "./sums.ts";
import type { Task } from "./task.ts";
import { engineFor, loss, taskWith } from "./testing/line.ts";
import { train } from "./train.ts";
import type { TrainOptions, TrainRow, TrainState } from "./train_options.ts";

interface Trained {
  readonly result: Awaited<ReturnType<typeof train>>;
  readonly states: readonly TrainState[];
  readonly rows: readonly TrainRow[];
  readonly told: readonly number[];
  /** What the engine held at the end. */
  readonly held: ReadonlyMap<string, Values>;
}

/** Rates by replica; the seed of each is the number of its rate here, so that it is the same elsewhere. */
const rates = [0.01, 50, 0.02, 12];

async function trainOn(
  replicas: readonly number[],
  { chunk, task = taskWith(), ...options }: Partial<TrainOptions> & {
    chunk?: number;
    task?: Task;
  } = {},
): Promise<Trained> {
  const [states, rows, told]: [TrainState[], TrainRow[], number[]] = [[], [], []];
  const engine = await engineFor(replicas.map((replica) => rates[replica]!), chunk);
  const result = await train({
    ...{ engine, task, loss, iterations: 40, logEvery: 20, checkpointEvery: 5, testSequences: 4 },
    seeds: replicas.map((replica) => 1 + replica),
    hooks: {
      onCheckpoint: (state) => states.push(state),
      onRow: (row) => rows.push({ ...row, seconds: 0 }),
      onDiverged: ({ replica }) => told.push(replica),
    },
    ...options,
  });
  const held = await result.engine.read(["w", "idle"]);
  engine.close();
  return { result, states, rows, told, held };
}

/** What one replica has in rows, metrics and tensors. */
const shareOf = ({ result, rows, states }: Trained, place: number) => {
  const part = (metrics: TrainRow["values"]) =>
    Object.entries(metrics).map((
      [name, metric],
    ) => [name, typeof metric === "number" ? metric : metric[place]]);
  const count =
    result.divergences.length > 0 || rows.some(({ values }) => Array.isArray(values["train/loss"]))
      ? result.engine.program.extents.replicas
      : 1;
  const slice = (values: Values) =>
    Array.from(values).slice(place * values.length / count, (place + 1) * values.length / count);
  return {
    metrics: part(result.metrics),
    rows: rows.map(({ values }) => part(values)),
    tensors: states.map(({ iteration, tensors }) => [
      iteration,
      [...tensors].map(([name, values]) => [name, slice(values)]),
    ]),
  };
};

/** The update that breaks a network, and whether its weights broke with its loss; found one by one. */
async function firstBroken(replica: number): Promise<[number, boolean]> {
  const engine = await engineFor([rates[replica]!], 1);
  const seeds = [1 + replica];
  for (const name of ["w", "idle", "learning_rate"]) {
    engine.write(name, initialValues(engine.program, name, seeds));
  }
  const batches = createBatches(engine.program, taskWith(), { seeds, chunk: 1 });
  for (let first = 0;; first++) {
    const range = { procedure: "train", split: "train", first, iterations: 1 } as const;
    const row = await runChunk(engine, batches, range);
    const w = (await engine.read(["w"])).get("w")!;
    const [goodRow, goodWeights] = [row, w].map((values) => values.every(Number.isFinite));
    if (goodRow && goodWeights) continue;
    engine.close();
    return [first + 1, !goodWeights];
  }
}

Deno.test("a replica that diverges is frozen with its exact update; the others keep their bits", async () => {
  const together = await trainOn([0, 1, 2, 3]);
  const { result, told, states } = together;
  assert.equal(result.endReason, "completed");
  for (const [index, replica] of [1, 3].entries()) {
    const [iteration, hasTensor] = await firstBroken(replica);
    const { names, ...where } = result.divergences[index]!;
    assert.deepEqual(where, { replica, iteration });
    assert.equal(names[0], hasTensor ? "w" : "train/loss");
  }
  assert.deepEqual([...told].sort(), [1, 3]);
  const [first, second] = result.divergences;
  assert.ok(first!.iteration > 5 && first!.iteration < second!.iteration);
  for (const healthy of [0, 2]) {
    assert.deepEqual(shareOf(together, healthy), shareOf(await trainOn([healthy]), 0));
  }
  for (const { replica, iteration } of result.divergences) {
    const before = await trainOn([replica], { iterations: iteration - 1 });
    const last = shareOf(together, replica).tensors.at(-1)![1];
    assert.deepEqual(last, shareOf(before, 0).tensors.at(-1)![1]);
    assert.ok(shareOf(together, replica).metrics.every(([, value]) => Number.isNaN(value)));
  }
  assert.ok(states.every(({ tensors }) => [...tensors.values()].every((v) => v.every(isFinite))));
  assert.ok(Number.isFinite(meanOf(result.metrics["test/loss"]!)));
});

Deno.test("chunks, rows and resumes do not change where a replica diverged", async () => {
  const whole = await trainOn([0, 1, 3]);
  const { divergences } = whole.result;
  assert.equal(divergences.length, 2);
  for (const options of [{ chunk: 1 }, { chunk: 32, checkpointEvery: 0, logEvery: 40 }]) {
    assert.deepEqual((await trainOn([0, 1, 3], options)).result.divergences, divergences);
  }
  for (const resume of whole.states.slice(0, -1)) {
    const { result, states, told } = await trainOn([0, 1, 3], { resume, chunk: 3 });
    assert.deepEqual(result.divergences, divergences);
    assert.deepEqual(result.metrics, whole.result.metrics);
    assert.deepEqual(states.at(-1)!.tensors, whole.states.at(-1)!.tensors);
    assert.equal(told.length + (resume.divergences?.length ?? 0), 2);
  }
});

Deno.test("replicas that diverge one after the other do not repeat the whole training each time", async () => {
  // Each diverges a few updates after the one before.
  const ever = [60, 12, 6, 4, 3, 2.5, 2, 1.7, 1.5, 1.4];
  const engine = await engineFor([0.01, ...ever], 1);
  let updates = 0;
  const counting: Engine = {
    ...engine,
    run(procedure, options) {
      if (procedure === "train") updates += options.iterations;
      return engine.run(procedure, options);
    },
  };
  const { divergences } = await train({
    ...{
      engine: counting,
      task: taskWith(),
      loss,
      iterations: 150,
      seeds: [0.01, ...ever].map((_, index) => index),
    },
  });
  engine.close();
  const when = new Set(divergences.map(({ iteration }) => iteration));
  assert.ok(when.size >= 6, `diverged at ${[...when]}`);
  // The training itself, and a few updates to find each: from the start each time it were 350.
  assert.ok(updates < 150 + 60, `${updates} updates`);
});

Deno.test("when all replicas have diverged the run has, and its engine holds finite numbers", async () => {
  const { result, states, held } = await trainOn([1, 3]);
  assert.equal(result.endReason, "diverged");
  assert.deepEqual(result.divergences.map(({ replica }) => replica), [0, 1]);
  const last = result.divergences[1]!.iteration;
  assert.ok(result.iterations >= last && result.iterations < last + 5);
  assert.ok(states.every(({ iteration }) => iteration < last));
  assert.deepEqual(result.metrics["train/loss"], [NaN, NaN]);
  assert.ok([...held.values()].every((values) => values.every(Number.isFinite)));
});

Deno.test("a replica that has diverged passes nothing, and nothing waits for it", async () => {
  const task = taskWith({ threshold: 1, streak: 3, longest: 1000 });
  const { result } = await trainOn([0, 1], { task, iterations: 1000 });
  assert.equal(result.endReason, "completed");
  assert.ok(result.iterations < 1000);
  assert.deepEqual(result.metrics["goal/reached"], [1, 0]);
  assert.deepEqual(result.divergences.map(({ replica }) => replica), [1]);
});

Deno.test("a network whose loss is no number has no score", async () => {
  const engine = await engineFor([0.1, 0.1]);
  const sums = createSums(engine.program, "train");
  const names = engine.program.metrics.get("train")!;
  const row: Readonly<Record<string, number>> = { loss: NaN, steps: 4, small: 4 };
  const good: Readonly<Record<string, number>> = { ...row, loss: 1 };
  sums.add(Float64Array.from([row, good].flatMap((of) => names.map((name) => of[name]!))), 1);
  assert.deepEqual(metricValues(sums, loss, "small"), [NaN, 1]);
  const shares = judgementsOf(sums, loss).map(({ proportions }) => proportions["small"]!.share);
  assert.deepEqual(shares, [null, 1]);
  engine.close();
});
