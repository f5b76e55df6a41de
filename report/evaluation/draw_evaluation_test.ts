/** The page of an evaluation: its words, and its charts in a real browser. */
import assert from "node:assert/strict";
import { chromium } from "playwright-core";
import { wilsonInterval } from "../../core/numerics/statistics.ts";
import { assertFits } from "../testing/assert_fits.ts";
import { drawEvaluation } from "./draw_evaluation.ts";
import type {
  LevelEvaluation,
  MovieJudgement,
  Proportion,
  SequenceEvaluation,
} from "../../analysis/evaluate/evaluation.ts";
import { bounds } from "../../tasks/scene_bounds.ts";

const executablePath = Deno.env.get("HEBB_CHROMIUM") ?? "/usr/bin/chromium";
const hasBrowser = await Deno.stat(executablePath).then(() => true, () => false);
const ignore = !hasBrowser && Deno.env.get("CI") === undefined;
if (ignore) console.log(`skip: no browser at ${executablePath}; HEBB_CHROMIUM can name another`);

const proportion = (count: number, of: number): Proportion => ({
  count,
  of,
  share: of === 0 ? null : count / of,
  ...wilsonInterval(count, of),
});

const movie = (seed: number, level: number, interval: number): MovieJudgement => ({
  seed,
  label: `seed ${seed}`,
  level,
  passed: true,
  updates: 1000 * level,
  interval,
  scenes: 3000,
  chance: 0.667,
  holds: interval <= level,
  loss: 0.05,
  means: {},
  intervals: {},
  proportions: {
    accuracy: proportion(interval <= level ? 2970 : 2300, 3000),
    false_positive_rate: proportion(10, 2000),
    false_negative_rate: proportion(interval <= level ? 20 : 690, 1000),
  },
});

const judged = {
  run: `"><script>alert(1)</script>`,
  task: "continual_scene",
  model: "hybrid",
  updater: "bptt",
  device: "reference",
};

const ofLevels = (seeds: readonly number[]): LevelEvaluation => ({
  kind: "levels",
  ...judged,
  bounds,
  movies: seeds.flatMap((seed) => [1, 2, 3].map((level) => movie(seed, level, level))),
  curve: seeds.flatMap((seed) => [1, 2, 3, 4, 5].map((interval) => movie(seed, 3, interval))),
});

const ofSequences: SequenceEvaluation = {
  kind: "sequences",
  ...judged,
  task: "long_range_memory",
  updates: 300,
  sequences: 1000,
  score: "recall_accuracy",
  metrics: {
    loss: { kind: "mean", unit: "nats", better: "less" },
    wrong_bits: { kind: "count", unit: "bits", better: "less" },
    recall_accuracy: { kind: "share", better: "more" },
    accuracy: { kind: "share", better: "more" },
  },
  chance: 0.25,
  best_loss: 0.5,
  networks: [1, 2].map((seed) => ({
    seed,
    label: `seed ${seed}`,
    loss: 0.7,
    means: { wrong_bits: 3.25 },
    intervals: { loss: { low: 0.65, high: 0.75 } },
    proportions: {
      accuracy: proportion(7000, 8000),
      recall_accuracy: proportion(600 + 100 * seed, 1000),
    },
  })),
};

const lags = [[1, 1], [2, 2], [3, 4]] as const;
const byLag: SequenceEvaluation = {
  ...ofSequences,
  metrics: {
    ...ofSequences.metrics,
    ...Object.fromEntries(lags.map(([low, high]) => [
      `recall_lag_${low}`,
      { kind: "share", along: { series: "recall by lag", axis: "lag (steps)", low, high } },
    ])),
  },
  networks: ofSequences.networks.map((network) => ({
    ...network,
    proportions: {
      ...network.proportions,
      ...Object.fromEntries(lags.map(([low]) => [`recall_lag_${low}`, proportion(10, 10 * low)])),
    },
  })),
};

Deno.test("the verdict tells which levels hold and how far the highest carries", async () => {
  const html = await drawEvaluation(ofLevels([1]));
  assert.match(html, /On fresh movies of 3,000 scenes, 3 of 3 hold .*, the longest at R = 3\./);
  assert.match(html, /The network of level 3 holds at R = 1-3 of 1-5 on the generalisation curve/);
  assert.equal(await drawEvaluation(ofLevels([1])), html);
  const recalls = await drawEvaluation(ofSequences);
  assert.match(
    recalls,
    /After 300 updates: recall accuracy 0\.7500, mean of 2 seeds \(0\.7000 to 0\.8000\); chance 0\.2500/,
  );
});

Deno.test("a rate that could not be counted leaves a gap", async () => {
  const judged = movie(1, 1, 1);
  const uncounted = { ...judged, proportions: { ...judged.proportions } };
  uncounted.proportions.false_negative_rate = proportion(0, 0);
  const html = await drawEvaluation({ ...ofLevels([1]), movies: [uncounted] });
  assert.match(html, /<td>none<\/td><td>0 \/ 0<\/td>/);
});

/** Traces of each chart, and its error bars. */
const expected: [name: string, evaluation: LevelEvaluation | SequenceEvaluation, Charts][] = [
  ["one seed", ofLevels([1]), {
    accuracy: [1, 3],
    errors: [2, 6],
    "curve-accuracy": [2, 5],
    "curve-errors": [2, 10],
  }],
  ["two seeds", ofLevels([1, 2]), {
    accuracy: [2, 6],
    errors: [4, 12],
    "curve-accuracy": [3, 10],
    "curve-errors": [4, 20],
  }],
  ["sequences", ofSequences, { metrics: [2, 4] }],
  ["recall by lag", byLag, { metrics: [2, 4], "series-0": [2, 6] }],
];
type Charts = Readonly<Record<string, readonly [traces: number, bars: number]>>;

Deno.test({
  name: "an evaluation in a browser",
  ignore,
  // The browser and its pipes live from the first page to the last.
  sanitizeOps: false,
  sanitizeResources: false,
  async fn() {
    assert.ok(hasBrowser, `no browser at ${executablePath}; HEBB_CHROMIUM can name another`);
    const args = ["--no-sandbox", "--disable-quic", "--no-first-run", "--disable-sync"];
    const browser = await chromium.launch({ executablePath, args });
    const path = await Deno.makeTempFile({ suffix: ".html" });
    try {
      for (const [name, evaluation, charts] of expected) {
        await Deno.writeTextFile(path, await drawEvaluation(evaluation));
        const page = await browser.newPage();
        const complaints: string[] = [];
        page.on("console", (message) => complaints.push(message.text()));
        page.on("pageerror", (error) => complaints.push(error.message));
        page.on("request", (request) => {
          const url = request.url();
          if (url !== `file://${path}` && !/^(blob|data):/.test(url)) complaints.push(url);
        });
        await page.goto(`file://${path}`);
        await page.waitForSelector("html[data-state]", { timeout: 60_000 });
        assert.equal(await page.getAttribute("html", "data-state"), "drawn", name);
        assert.equal(await page.locator("h1").textContent(), judged.run);
        for (const [id, [traces, bars]] of Object.entries(charts)) {
          assert.equal(await page.getAttribute(`#${id}`, "data-drawn"), String(traces), id);
          assert.equal(await page.locator(`#${id} .errorbar`).count(), bars, `${name}: ${id}`);
        }
        assert.equal(await page.locator(".chart").count(), Object.keys(charts).length);
        assert.deepEqual(complaints, [], name);
        await page.close();
        if (evaluation.kind === "levels") continue;
        await assertFits(browser, await drawEvaluation(evaluation));
      }
    } finally {
      await browser.close();
      await Deno.remove(path);
    }
  },
});
