/** What the loss of recall counts of a step, on every backend. */
import assert from "node:assert/strict";
import { evaluateCases, onEveryBackend } from "../testing/on_every_backend.ts";
import { crossEntropy } from "./cross_entropy.ts";
import { crossEntropyOfRecall } from "./cross_entropy_of_recall.ts";
import { metricOf } from "./metric_facts.ts";

const loss = crossEntropyOfRecall({
  lags: { least: 0, most: 20 },
  mistakes: { symbols: 3, kinds: ["stale", "wrong_key"] },
});

/** Answers of three symbols: 0 is right, 1 stale and 2 another key's. */
const steps = [
  { answer: 0, lag: 0, recall: 1 },
  { answer: 1, lag: 3, recall: 1 },
  { answer: 2, lag: 4, recall: 1 },
  { answer: 0, lag: 20, recall: 1 },
  { answer: 1, lag: 3, recall: 0 },
];

onEveryBackend("recall: lags and mistakes are counted where there is recall", async (backend) => {
  const columns = {
    output: steps.map(({ answer }) => [0, 1, 2].map((symbol) => Number(symbol === answer))),
    target: steps.map(() => 0),
    mask: steps.map(() => 1),
    last: steps.map(() => 0),
    recall: steps.map(({ recall }) => recall),
    lag: steps.map(({ lag }) => lag),
    mistake: steps.map(() => [0, 1, 2]),
  };
  const found = await evaluateCases(backend, columns, ({ output, ...targets }) => {
    const step = { output: output!, observed: {}, state: {}, targets };
    const { loss: total, sums } = loss.step(step);
    return { ...sums, total, same: crossEntropy.step(step).loss };
  }, { of: "total", by: ["output"] });
  assert.deepEqual(found["total"], found["same"], "the loss is that of crossEntropy");
  const counted = (name: string) => found[name]!.flat();
  assert.deepEqual(counted("stale"), [0, 1, 0, 0, 0]);
  assert.deepEqual(counted("wrong_key"), [0, 0, 1, 0, 0]);
  assert.deepEqual(counted("recalls 0"), [1, 0, 0, 0, 0]);
  assert.deepEqual(counted("recalls 3_to_4"), [0, 1, 1, 0, 0]);
  assert.deepEqual(counted("recalled 3_to_4"), [0, 0, 0, 0, 0]);
  assert.deepEqual(counted("recalled 17_to_20"), [0, 0, 0, 1, 0]);
});

Deno.test("recall: each lag has a metric, with its place in the row of all", () => {
  const rows = Object.keys(loss.metrics).flatMap((name) => {
    const { along } = metricOf(loss, name);
    return along ? [[name, along.low, along.high]] : [];
  });
  assert.deepEqual(rows, [
    ...[["recall_lag_0", 0, 0], ["recall_lag_1", 1, 1], ["recall_lag_2", 2, 2]],
    ...[["recall_lag_3_to_4", 3, 4], ["recall_lag_5_to_8", 5, 8]],
    ...[["recall_lag_9_to_16", 9, 16], ["recall_lag_17_to_20", 17, 20]],
  ]);
  const plain = crossEntropyOfRecall();
  assert.deepEqual(Object.keys(plain.inputs), Object.keys(crossEntropy.inputs));
  assert.deepEqual(Object.keys(plain.metrics), [
    ...Object.keys(crossEntropy.metrics),
    "exact_sequences",
  ]);
});
