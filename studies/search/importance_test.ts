import assert from "node:assert/strict";
import { importances } from "./importance.ts";
import { propose } from "./propose.ts";
import { choice, knownTrial, range, sweepOf } from "./testing/sweeps.ts";
import type { SweepFile } from "./sweep_file.ts";
import type { Trial } from "./trial.ts";

const rate = range("a.rate", "log_uniform_values", { min: 1e-4, max: 1 });
const kind = choice("a.kind", "x", "y", "z");
const size = choice("a.size", 1, 2, 3);

/** All points of a sweep with their losses. */
const judged = (file: SweepFile, loss: (values: Trial["values"]) => number) =>
  propose(file, { seed: 1, known: [], count: 1000 }).map((trial) =>
    knownTrial(trial, "finished", loss(trial.values))
  );

Deno.test("in a full grid the shares of a sum are its parts, and those of what does nothing are 0", () => {
  const file = sweepOf([size, kind, choice("a.other", 1, 2)], { method: "grid" });
  const known = judged(file, (values) => Number(values["a.size"]));
  assert.deepEqual(importances(file, known), [
    { path: "a.size", share: 1, trend: -1 },
    { path: "a.kind", share: 0 },
    { path: "a.other", share: 0, trend: 0 },
  ]);
});

Deno.test("shares are epsilon squared of Kruskal and Wallis", () => {
  // H = 7.2 for these three groups of three; epsilon squared = (H - k + 1) / (n - k).
  const file = sweepOf([kind, choice("a.n", 1, 2, 3)], { method: "grid" });
  const losses = { x: 0, y: 10, z: 100 };
  const known = judged(
    file,
    (values) => losses[values["a.kind"] as keyof typeof losses] + Number(values["a.n"]),
  );
  const share = importances(file, known).find(({ path }) => path === "a.kind")!.share;
  assert.ok(Math.abs(share - (7.2 - 2) / (9 - 3)) < 1e-12, `${share}`);
});

Deno.test("one loss that explodes does not matter more than a bad one", () => {
  const file = sweepOf([size, kind], { method: "grid" });
  const loss = (values: Trial["values"]) =>
    Number(values["a.size"]) * 2 + (values["a.kind"] === "z" ? 1 : 0);
  const known = judged(file, loss);
  const worst = known.findIndex(({ scores }) => scores[0]!.value === 7);
  for (const value of [1e30, NaN]) {
    const exploded = known.with(worst, knownTrial(known[worst]!.trial, "finished", value));
    assert.deepEqual(importances(file, exploded), importances(file, known));
  }
});

Deno.test("a range is put into groups, its trend is positive where larger values are better", () => {
  const file = sweepOf([rate, kind], { runCap: 60 });
  const [first, second] = importances(file, judged(file, (values) => -Number(values["a.rate"])));
  assert.equal(first!.path, "a.rate");
  assert.ok(first!.share > 0.9, `${first!.share}`);
  assert.equal(first!.trend, 1);
  assert.ok(second!.share < 0.15, `${second!.share}`);
  const up = { ...file, metric: { name: "accuracy", goal: "maximize" } as const };
  assert.equal(importances(up, judged(file, (values) => -Number(values["a.rate"])))[0]!.trend, -1);
  // A valley in the middle has no trend, but matters.
  const [valley] = importances(
    file,
    judged(file, (values) => Math.abs(Math.log10(Number(values["a.rate"])) + 2)),
  );
  assert.ok(valley!.path === "a.rate" && valley!.share > 0.7 && Math.abs(valley!.trend!) < 0.3);
});

Deno.test("what does nothing gets about nothing, on the average of 200 sweeps", () => {
  const file = sweepOf([rate, kind], { runCap: 24 });
  let sum = 0;
  for (let seed = 0; seed < 200; seed++) {
    const known = propose(file, { seed, known: [], count: 24 }).map((trial, n) =>
      knownTrial(trial, "finished", Math.sin(1e4 * (n + 1) * (seed + 1)))
    );
    sum += importances(file, known).reduce((all, { share }) => all + share, 0) / 2;
  }
  assert.ok(sum / 200 < 0.06, `${sum / 200}`);
});

Deno.test("parameters of one value are left out, and so are sweeps of fewer than 4 trials", () => {
  const file = sweepOf([size, choice("a.fixed", 1)], { method: "grid" });
  assert.deepEqual(importances(file, judged(file, () => 1)), []);
  const more = sweepOf([size, choice("a.fixed", 1), kind], { method: "grid" });
  assert.deepEqual(importances(more, judged(more, () => 1)), [
    { path: "a.size", share: 0, trend: 0 },
    { path: "a.kind", share: 0 },
  ]);
});
