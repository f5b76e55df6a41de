import assert from "node:assert/strict";
import { metricFacts } from "../../../core/losses/metric_facts.ts";
import { crossEntropy } from "../../../core/losses/cross_entropy.ts";
import { inTemporaryFolder } from "../../../store/files/testing/temporary_folder.ts";
import { draft, rowsOf, writeSampleRow } from "../testing/sample_rows.ts";
import { differencesFrom } from "./differences.ts";
import { judgeRows } from "./judge_row.ts";
import { overSeeds } from "./over_seeds.ts";
import { readRow, type RowResult } from "./read_row.ts";

const share = metricFacts(crossEntropy, "recall_accuracy");
const loss = metricFacts(crossEntropy, "loss");

const near = (value: number, expected: number) =>
  assert.ok(Math.abs(value - expected) < 5e-4, `${value}, expected ${expected}`);

const refuseProblem = (line: string) => assert.fail(line);

const input = "model.input_mode=last_one";
const fast = draft("fast", [input, "model.name=ethereal", "updater.name=dfa"]);
const slow = draft("slow", [input, "model.name=rnn", "updater.name=bptt"]);
const control = draft("control", [
  input,
  "model.name=rnn",
  "updater.name=bptt",
  "model.enable_recurrence=false",
]);

Deno.test("overSeeds: a share has the interval of networks, an amount Student's t", () => {
  // Ten networks that are right throughout: Wilson's interval of 10 of 10.
  const all = overSeeds(Array.from({ length: 10 }, () => 1), { facts: share, judged: 1000 });
  assert.equal(all.mean, 1);
  near(all.interval!.low, 0.7225);
  assert.equal(all.interval!.high, 1);
  // t of 2 degrees of freedom is 4.303; the standard error of 1, 2, 3 is 0.577.
  const amounts = overSeeds([1, 2, 3, NaN], { facts: loss, judged: 1000 });
  assert.equal(amounts.mean, 2);
  assert.equal(amounts.count, 3);
  near(amounts.interval!.low, 2 - 4.3027 * 0.57735);
  // A network that has diverged answers nothing.
  assert.equal(overSeeds([1, NaN], { facts: share, judged: 10 }).mean, 0.5);
  assert.equal(overSeeds([0.5], { facts: share, judged: 10 }).interval, undefined);
});

Deno.test(
  "a row is read seed by seed; of a seed trained twice the longer run counts",
  inTemporaryFolder((out) => {
    const [row] = rowsOf(fast);
    writeSampleRow(out, {
      row: row!,
      seeds: [1, 2],
      scores: [[0.5, 0.96, 0.97], [0.96, NaN, NaN]],
      norms: { "plastic/weight_norm_high": [2, 4], "plastic/update_norm_low": [1, NaN] },
    });
    writeSampleRow(out, { row: row!, seeds: [3], scores: [[0.95, 0.2, 0.25]] });
    const result = readRow(out, { row: row!, problem: refuseProblem });
    assert.deepEqual(result.seeds.map(({ seed }) => seed), [1, 2, 3]);
    assert.equal(result.score, "recall_accuracy");
    assert.equal(result.chance, 0.5);
    near(result.bestLoss!, 0.26);
    const [judged] = judgeRows([result], 0.95);
    assert.equal(judged!.diverged, 1);
    near(judged!.score.mean, (0.97 + 0 + 0.25) / 3);
    near(judged!.loss.mean, (0.03 + 0.75) / 2);
    // All three reached it once, after 80, 40 and 40 sequences; one has it in the end.
    assert.deepEqual(judged!.reached, { count: 3, of: 3, sequences: 40, seconds: 1 });
    assert.equal(judged!.good, 1);
    assert.equal(judged!.outcome, "mixed");
    assert.equal(judged!.norms.weightHigh, 3);
    assert.equal(judged!.norms.updateLow, 1);
    assert.equal(judged!.speed, 10);
    return Promise.resolve();
  }),
);

/** Rows with scores on fresh sequences. */
function resultsOf(out: string, scores: Readonly<Record<string, readonly number[]>>): RowResult[] {
  const rows = rowsOf(fast, slow, control);
  return rows.flatMap((row) => {
    const of = scores[row.name];
    if (!of) return [];
    writeSampleRow(out, {
      row,
      seeds: of.map((_, index) => index + 1),
      scores: of.map((score) => [score, score, score]),
    });
    return [readRow(out, { row, problem: refuseProblem })];
  });
}

Deno.test(
  "differences are taken seed by seed, and corrected for their number",
  inTemporaryFolder((out) => {
    const [base, same, worse] = resultsOf(out, {
      fast: [0.9, 0.8, 0.9, 0.8, 0.9, 0.8, 0.9, 0.8],
      slow: [0.8, 0.9, 0.8, 0.9, 0.8, 0.9, 0.8, 0.9],
      control: [0.6, 0.5, 0.6, 0.5, 0.6, 0.5, 0.6],
    });
    const [first, second] = differencesFrom(base!, [base!, same!, worse!], "score");
    near(first!.mean, 0);
    assert.equal(first!.p, 1);
    assert.equal(second!.pairs, 7);
    near(second!.mean, -0.3);
    near(second!.interval!.high, -0.3);
    // All seven are worse: 2 of 2^7 arrangements; the smaller of two p is doubled.
    assert.equal(second!.p, 2 / 128);
    assert.equal(second!.corrected, 4 / 128);
    const [, less] = differencesFrom(base!, [base!, same!, worse!], "loss");
    near(less!.mean, 0.3);
    return Promise.resolve();
  }),
);

Deno.test(
  "a network without memory is told from one with it, on its own sequences",
  inTemporaryFolder((out) => {
    const [good, partial, none] = judgeRows(
      resultsOf(out, {
        fast: [1, 1, 0.99],
        slow: [0.7, 0.72, 0.71],
        control: [0.49, 0.51, 0.5],
      }),
      0.95,
    );
    // last_one sees the current symbol: a guesser is right half of the time.
    near(Math.round(10 * good!.ceiling!) / 10, 0.5);
    assert.deepEqual([good, partial, none].map((row) => row!.outcome), [
      "good",
      "partial",
      "no memory",
    ]);
    assert.deepEqual([good, partial, none].map((row) => row!.isControl), [false, false, true]);
    return Promise.resolve();
  }),
);
