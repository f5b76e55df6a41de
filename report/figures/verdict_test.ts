import assert from "node:assert/strict";
import { parseRunFiles } from "../run_files.ts";
import { drawTiles } from "../page/sections.ts";
import { sampleRun } from "../testing/sample_run.ts";
import { levelPanel } from "./level_curve.ts";
import { drawPanel } from "./panel.ts";
import { verdict } from "./verdict.ts";

const run = (status: unknown, figures: unknown = {}, config: unknown = {}) =>
  parseRunFiles({
    config: JSON.stringify(config),
    status: JSON.stringify(status),
    figures: JSON.stringify(figures),
  });
const told = (...parts: Parameters<typeof run>) => verdict(run(...parts));

const share = { kind: "share", better: "more" };

Deno.test("verdict tells recall, loss and effort of a finished run", () => {
  assert.equal(
    verdict(parseRunFiles(sampleRun())),
    "Recall accuracy 0.99 on held-out sequences; chance 0.17. Loss 0.4702 nats on held-out " +
      "sequences; best possible 0.46 nats. The run finished (iteration limit) after 6,000 iterations " +
      "and 384,000 sequences in 2 min 07 s on cpu, 8 workers.",
  );
});

Deno.test("verdict tells the spread of replicas and how many diverged", () => {
  const metrics = { "train/recall_accuracy": [0.25, 0.75, "NaN"] };
  assert.equal(
    told({ state: "finished", end_reason: "diverged", metrics }),
    "Recall accuracy 0.5 on training sequences, mean of 2 replicas (0.25 to 0.75). " +
      "1 of 3 replicas diverged. The run diverged: a number was not finite.",
  );
});

Deno.test("verdict names the replicas that diverged, with update and tensor", () => {
  const diverged = [{ replica: 1, iteration: 17, names: ["w", "out"] }];
  const config = JSON.stringify({ training: { seeds: [3, 4, 5] } });
  const metrics = { "train/recall_accuracy": [0.25, "NaN", 0.75] };
  const status = JSON.stringify({ state: "finished", diverged, metrics });
  const bounds = { score: "recall_accuracy" };
  const figures = JSON.stringify({ bounds, metrics: { recall_accuracy: share } });
  assert.equal(
    verdict(parseRunFiles({ config, status, figures })),
    "Recall accuracy 0.50 on training sequences, mean of 2 replicas (0.25 to 0.75). " +
      "1 of 3 replicas diverged: seed 4 at update 17 (w). The run finished.",
  );
});

Deno.test("verdict says whether a score is above chance, by its interval", () => {
  const of = (low: number, high: number) =>
    told({ metrics: { "test/kept": 0.48 } }, {
      bounds: { score: "kept", chance: 0.5 },
      metrics: { kept: share },
      intervals: [{ low, high }],
    });
  assert.match(
    of(0.45, 0.51),
    /^Kept 0.48 on fresh sequences, not above chance, 0.50 \(95% interval 0.45 to 0.51\)\./,
  );
  assert.match(of(0.51, 0.6), /, above chance, 0.50 /);
  assert.match(of(0.4, 0.49), /, below chance, 0.50 /);
  const several = told({ metrics: { "test/kept": [0.4, 0.9] } }, {
    bounds: { score: "kept", chance: 0.5 },
    metrics: { kept: share },
    intervals: [{ low: 0.3, high: 0.5 }, { low: 0.8, high: 0.95 }],
  });
  assert.match(several, /; 1 of 2 are above chance, 0.50, by their 95% intervals\./);
});

Deno.test("verdict takes score and loss from the same sequences, and says which", () => {
  const metrics = { "test/kept": 1, "test/loss": 2, "eval/loss": 3 };
  const text = told({ metrics }, { bounds: { score: "kept" }, metrics: { kept: share } });
  assert.match(text, /Kept 1.00 on fresh sequences\. Loss 2 on fresh sequences\./);
});

Deno.test("verdict of a regression has its own metric and unit, no accuracy and no chance", () => {
  const figures = {
    bounds: { score: "distance", chance: 1 },
    metrics: { distance: { kind: "mean", unit: "mm", better: "less" } },
  };
  const files = run({
    state: "finished",
    end_reason: "completed",
    metrics: { "eval/distance": 0.01 },
  }, figures);
  assert.equal(verdict(files), "Distance 0.01 mm on held-out sequences. The run finished.");
  assert.match(drawTiles(files), /<dt>Distance on held-out sequences<\/dt><dd>0.01 mm<\/dd>/);
});

Deno.test("verdict of levels says whether fresh sequences confirmed them", () => {
  const of = (passed: number, is_verified: boolean) =>
    told({ metrics: { "curriculum/passed": passed } }, {
      levels: { symbol: "R", first: 1, streak: 5, is_verified },
    });
  assert.match(of(3, true), /^Level R = 3 passed\. The/);
  assert.match(
    of(3, false),
    /by 5 good training batches in a row, which fresh sequences have not confirmed\./,
  );
  assert.match(of(0, false), /^No level passed\./);
});

Deno.test("verdict and tiles of a sweep tell its points, not a mean over all of them", () => {
  const files = run(
    { metrics: { "test/kept": [0.1, 0.3, 0.8, 1], "test/loss": [4, 4, "NaN", "NaN"] } },
    {
      bounds: { score: "kept", chance: 0 },
      metrics: { kept: share, loss: { kind: "mean", better: "less" } },
    },
    { training: { seeds: [1, 2], sweep: { "task.memories": [10, 5] } } },
  );
  assert.equal(
    verdict(files),
    "Kept on fresh sequences: best 0.90 at memories 5, worst 0.20 at memories 10. Loss on fresh sequences: 4 at " +
      "memories 10. At 1 of 2 points it is not finite. A sweep of 2 points with 2 seeds each. " +
      "The run left no state.",
  );
  assert.doesNotMatch(drawTiles(files), /Kept|Loss/);
  assert.match(drawTiles(files), /<dt>Points of the sweep<\/dt><dd>2<\/dd>/);
});

Deno.test("verdict and state name how a run ended: one that was preempted has not finished", () => {
  const files = run({ state: "finished", end_reason: "preempted" });
  assert.equal(verdict(files), "The run was preempted and can be resumed.");
  assert.match(drawTiles(files), /<dt>State<\/dt><dd>preempted<\/dd>/);
  assert.equal(
    told({ state: "finished", end_reason: "interrupted" }),
    "The run was interrupted and can be resumed.",
  );
  assert.equal(told({ state: "running" }), "The run is still running.");
  assert.equal(told({ state: "odd" }), 'The run is in state "odd".');
  assert.equal(told({}), "The run left no state.");
});

Deno.test("verdict tells whether a goal was reached, by whom and after how many updates", () => {
  const of = (reached: unknown, updates: unknown) =>
    told({ metrics: { "goal/reached": reached, "goal/updates": updates } });
  assert.match(of(1, 55), /^The goal was reached after 55 updates\. /);
  assert.match(of([1, 0, 1], [54, 0, 57]), /by 2 of 3 replicas after 54 to 57 updates\. /);
  assert.match(of([0, 0], [0, 0]), /^The goal was not reached\. /);
});

Deno.test("levels have ticks at whole numbers only", () => {
  const tickOf = (level: number) => {
    const files = parseRunFiles({
      config: "{}",
      metrics: JSON.stringify({ iteration: 1, "curriculum/passed": level }),
    });
    return (drawPanel(levelPanel(files)).chart.layout["yaxis"] as { dtick?: number }).dtick;
  };
  assert.deepEqual([0, 8, 30].map(tickOf), [1, 1, undefined]);
});

Deno.test("verdict gives the interval of a score that is an amount, in its unit and without a chance", () => {
  const figures = {
    bounds: { score: "force", chance: 1 },
    metrics: { force: { kind: "mean", unit: "mN", better: "less" } },
    intervals: [{ low: 1, high: 2.5 }],
  };
  assert.match(
    told({ metrics: { "test/force": 2 } }, figures),
    /^Force 2 mN on fresh sequences \(95% interval 1 mN to 2\.5 mN\)\. /,
  );
});
