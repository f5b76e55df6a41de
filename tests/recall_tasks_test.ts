/** Recall is learned by a network with a state, and by none without; each task measures both by lag. */
import assert from "node:assert/strict";
import { bptt, findTask, meanOf, openBackend, simpleRnn, train } from "../mod.ts";

const task = findTask("kv_unique_1").build({ distractors: 2, values: 4, judged: "recall" });

/** The held-out metrics of a small network after 400 updates of 16 sequences. */
async function learned(enable_recurrence: boolean) {
  using opened = await openBackend({ device: "cpu", threads: 1 });
  const sizes = { hidden_size: 32, num_layers: 1, enable_recurrence } as const;
  const model = simpleRnn.instantiate({ ...task.sizes, ...sizes });
  const extents = { replicas: 1, sequences: 16, steps: task.steps };
  const settings = { learning_rate: 0.005, optimizer: "adam" } as const;
  using engine = await opened.backend.prepare(
    bptt.build({ model, loss: task.loss, extents }, settings),
    { chunk: 50 },
  );
  const { metrics } = await train({
    ...{ engine, task, loss: task.loss, seeds: [1], iterations: 400, logEvery: 400 },
    evaluationSequences: 480,
  });
  return (name: string) => meanOf(metrics[`eval/${name}`]!);
}

Deno.test("a network with a state recalls at every lag", async () => {
  const metric = await learned(true);
  const lags = Object.keys(task.loss.metrics).filter((name) => name.startsWith("recall_lag_"));
  assert.deepEqual(lags, ["recall_lag_2", "recall_lag_3", "recall_lag_4"]);
  for (const name of ["recall_accuracy", ...lags]) {
    assert.ok(metric(name) > 0.95, `${name} is ${metric(name)}`);
  }
  // One answer a sequence: it is all that has to be right.
  assert.equal(metric("exact_sequences"), metric("recall_accuracy"));
  assert.equal(metric("wrong_key_answers"), 0);
});

Deno.test("a network without a state stays at chance", async () => {
  const metric = await learned(false);
  const error = Math.abs(metric("recall_accuracy") - task.chance!);
  assert.ok(error < 0.08, `recall is ${metric("recall_accuracy")}, chance ${task.chance}`);
});
