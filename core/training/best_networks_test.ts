/** A training keeps and tests the best network of each replica, and stops when none gets better. */
import assert from "node:assert/strict";
import { simpleRnn } from "../../models/simple_rnn.ts";
import { palindrome } from "../../tasks/palindrome.ts";
import { updaters } from "../../updaters/mod.ts";
import { cpuBackend } from "../backends/cpu/cpu.ts";
import type { Values } from "../backends/backend.ts";
import { type BestNetworks, follow, followedMetric, noStanding } from "./followed_metric.ts";
import { train } from "./train.ts";
import type { TrainOptions, TrainRow, TrainState } from "./train_options.ts";

const task = palindrome.build();
const model = simpleRnn.instantiate({ ...task.sizes, hidden_size: 4, num_layers: 1 });
const seeds = [3, 4];
const program = updaters.bptt.build(
  { model, loss: task.loss, extents: { replicas: 2, sequences: 2, steps: task.steps } },
  // So fast that the loss goes up and down.
  { learning_rate: 0.3, optimizer: "adam" },
);
const metric = { name: "eval/loss", better: "less" } as const;

async function run(options: Partial<TrainOptions> = {}) {
  const rows: TrainRow[] = [];
  const states: TrainState[] = [];
  const bests: BestNetworks[] = [];
  const engine = await cpuBackend({ threads: 1 }).prepare(program, { chunk: 1 });
  const result = await train({
    ...{ engine, task, loss: task.loss, seeds, iterations: 60, logEvery: 3 },
    ...{ evaluationSequences: 8, testSequences: 40, checkpointEvery: 10, ...options },
    hooks: {
      onRow: (row) => void rows.push(row),
      onCheckpoint: (state) => void states.push(state),
      onBest: (best) => void bests.push(structuredClone(best)),
      ...options.hooks,
    },
  });
  const tensors = new Map<string, Values>();
  for (const [name, values] of await engine.read(["i2o/weight"])) tensors.set(name, values.slice());
  engine.close();
  return { rows, states, bests, result, tensors };
}

/** [P], the best row of each replica: the first with the lowest loss. */
const bestIterations = (rows: readonly TrainRow[]) =>
  seeds.map((_, replica) => {
    const losses = rows.map(({ values }) => values[metric.name]![replica]!);
    return rows[losses.indexOf(Math.min(...losses))]!.iteration;
  });

Deno.test("the best network of each replica is kept and tested, whatever came after it", async () => {
  const whole = await run({ keepBest: metric });
  const best = bestIterations(whole.rows);
  assert.deepEqual(whole.result.best!.iterations, best);
  assert.ok(best[0] !== best[1] && best.every((iteration) => iteration < 60), `${best}`);
  for (const [replica, iteration] of best.entries()) {
    // A training of so many iterations ends with this network.
    const short = await run({ iterations: iteration });
    for (const name of ["test/loss", "test/accuracy"]) {
      assert.equal(
        whole.result.metrics[name]?.[replica],
        short.result.metrics[name]?.[replica],
        `${name} of replica ${replica}`,
      );
    }
    const size = short.tensors.get("i2o/weight")!.length / 2;
    const of = (values: Values) => [...values.subarray(replica * size, (replica + 1) * size)];
    const [kept, expected] = [whole, short].map(({ tensors }) => of(tensors.get("i2o/weight")!));
    assert.deepEqual(kept, expected);
  }
  const plain = await run();
  assert.deepEqual(plain.rows.map(({ values }) => values), whole.rows.map(({ values }) => values));
  assert.deepEqual(plain.states.at(-1)!.tensors, whole.states.at(-1)!.tensors);
});

Deno.test("a resumed training knows the best networks from before", async () => {
  const whole = await run({ keepBest: metric });
  for (const at of [2, 4]) {
    const resume = whole.states[at]!;
    const best = whole.bests.findLast(({ standing }) =>
      Math.max(...standing.iterations) <= resume.iteration
    )!;
    const rest = await run({ keepBest: metric, resume, best });
    assert.deepEqual(rest.result.best!.iterations, whole.result.best!.iterations);
    assert.deepEqual(rest.result.metrics["test/loss"], whole.result.metrics["test/loss"]);
  }
});

Deno.test("patience: a training ends when no replica has got better for so many rows", async () => {
  const whole = await run();
  const patience = { metric, rows: 4, least: 0.01 };
  const standing = noStanding(2);
  const stopped = whole.rows.find(({ values, iteration }) => {
    follow(standing, { ...metric, metric: values[metric.name]!, iteration, least: 0.01 });
    return standing.rows.every((count) => count >= 4);
  })!;
  assert.ok(stopped.iteration < 60);
  const short = await run({ patience });
  assert.equal(short.result.endReason, "early_stopped");
  assert.equal(short.result.iterations, stopped.iteration);
  const resume = short.states[1]!;
  assert.ok(resume.patience!.rows.length === 2);
  const rest = await run({ patience, resume });
  assert.equal(rest.result.iterations, stopped.iteration);
});

Deno.test("a metric is named with or without its sequences; one without a direction needs one", () => {
  const of = (text: string, isJudged = true) =>
    followedMetric(text, { loss: task.loss, program, isJudged });
  assert.deepEqual(of("loss"), { name: "eval/loss", better: "less" });
  assert.deepEqual(of("recall_accuracy"), { name: "eval/recall_accuracy", better: "more" });
  assert.deepEqual(of("loss", false), { name: "train/loss", better: "less" });
  assert.deepEqual(of("train/loss"), { name: "train/loss", better: "less" });
  assert.deepEqual(of("max:plastic/gradient_norm").better, "more");
  assert.throws(() => of("plastic/gradient_norm"), /write min:plastic\/gradient_norm or max:/);
  assert.throws(
    () => of("eval/loss", false),
    /got "eval\/loss" \(no held-out sequences are judged\)/,
  );
  assert.throws(() => of("eval/los"), {
    name: "RangeError",
    message: /got "eval\/los" \(did you mean eval\/loss\?\); they are eval\/loss, /,
  });
});
