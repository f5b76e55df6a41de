import assert from "node:assert/strict";
import type { SequenceEvaluation } from "../../analysis/evaluate/evaluation.ts";
import { wilsonInterval } from "../../core/numerics/statistics.ts";
import { fastWeightTable } from "./fast_weight_table.ts";

/** A network with this recall and loss. */
const network = (seed: number, count: number, loss: number) => ({
  ...{ seed, label: `seed ${seed}`, loss, means: {}, intervals: {} },
  proportions: { recall: { count, of: 100, share: count / 100, ...wilsonInterval(count, 100) } },
});
/** How it differs from one that is judged in another way; alike in all sequences. */
const differing = (recall: number, loss: number) => ({
  differences: { recall: { value: recall }, loss: { value: loss } },
});

const on = [network(1, 100, 0.5), network(2, 100, 0.7)];
const off = [network(1, 20, 1.5), network(2, 30, 1.7)];
const evaluation: SequenceEvaluation = {
  ...{ kind: "sequences", run: "run", task: "words", model: "fast", updater: "dfa" },
  ...{ device: "cpu", updates: 1, sequences: 100, score: "recall", chance: null, best_loss: null },
  metrics: {
    loss: { kind: "mean", unit: "nats", better: "less" },
    recall: { kind: "share", better: "more" },
  },
  networks: on,
  fast_weights: [
    { mode: "on", networks: on.map((network) => ({ ...network, differences: {} })) },
    {
      mode: "off",
      networks: [{ ...off[0]!, ...differing(0.8, -1) }, { ...off[1]!, ...differing(0.7, -1) }],
    },
  ],
};

Deno.test("fast weights: means over seeds have intervals of networks, and none where all are alike", () => {
  const { columns, rows } = fastWeightTable(evaluation, (name) => name)!;
  assert.deepEqual(columns, ["metric", "seed", "on [95 %]", "off [95 %]", "on - off [95 %]"]);
  const means = rows.filter(([, name]) => name === "mean of 2");
  const { low, high } = wilsonInterval(2, 2);
  const [recall, loss] = means.map((cells) => cells.slice(2));
  assert.equal(recall![0], `1.0000 [${low.toFixed(4)}, ${high.toFixed(4)}]`);
  const [, least, most] = /^0\.2500 \[([\d.]+), ([\d.]+)\]$/.exec(recall![1]!)!;
  assert.ok(Number(least) > 0 && Number(most) < 1);
  // A difference may have either sign: 12.706 times the standard error, 0.05.
  assert.equal(recall![2], "0.7500 [0.1147, 1.3853]");
  assert.match(loss![0]!, /^0\.6 \[/);
  assert.equal(loss![2], "-1");
});
