import assert from "node:assert/strict";
import type { Chart } from "../../report/figures/chart.ts";
import type { SeedCurriculum } from "../read_curricula.ts";
import { writeSampleRun } from "../testing/sample_run.ts";
import { configurationsWith, ownMethod, publishedMethod } from "./configurations.ts";
import { medianCurve, seedCurve } from "./level_chart.ts";
import { hybridReport } from "./report.ts";

const seed = (at: readonly number[], updates: number): SeedCurriculum => ({
  seed: 1,
  run: "run",
  updates,
  sequences: updates,
  hasEnded: false,
  passed: at.map((one, index) => ({ level: index + 1, updates: one, seconds: one })),
});

Deno.test("curves of one seed and of the median, to where they have been trained", () => {
  assert.deepEqual(seedCurve(seed([10, 30], 50)), { x: [0, 10, 30, 50], y: [0, 1, 2, 2] });
  assert.deepEqual(seedCurve(seed([], 50)), { x: [0, 50], y: [0, 0] });
  const seeds = [seed([10, 30], 50), seed([20], 60), seed([20, 40, 55], 70)];
  assert.deepEqual(medianCurve(seeds), { x: [0, 10, 20, 30, 40, 50], y: [0, 0, 1, 1, 2, 2] });
});

async function report(
  seeds: readonly number[],
  updates: number,
  { method = ownMethod } = {},
) {
  const configurations = configurationsWith(method);
  const out = await Deno.makeTempDir();
  try {
    for (const configuration of configurations.slice(0, 2)) {
      for (const seed of seeds) {
        writeSampleRun(`${out}/${configuration.name}-seed-${seed}`, {
          configuration,
          seeds: [seed],
          passedAt: [[updates / 10, updates / 5]],
          updates,
        });
      }
    }
    const { html, ...rest } = await hybridReport(out, { configurations, method });
    const [, payload] = /<script type="application\/json" id="payload">(.*?)<\/script>/s.exec(
      html,
    )!;
    return { html, ...rest, charts: JSON.parse(payload!).charts as Chart[] };
  } finally {
    await Deno.remove(out, { recursive: true });
  }
}

Deno.test("the report has a curve for each network, thin ones for its seeds, and the reference", async () => {
  const { html, charts, headline, results, problems } = await report([1, 2], 100_000);
  assert.equal(headline, "0 of 18 reach the reference (16 not run)");
  assert.deepEqual(problems, []);
  assert.equal(charts.length, 1);
  assert.equal(charts[0]!.id, "levels-large");
  // Two thin lines, the median and the published run, of each network.
  assert.equal(charts[0]!.traces.length, 2 * 4);
  assert.match(
    html,
    /<th scope="row">Memo M,A 50\+50 \(large\)<\/th><td>7,653<\/td><td>1, 2<\/td>/,
  );
  assert.match(html, /<td>10,000 \(100 s\)<\/td><td>20,000 \(200 s\)<\/td>/);
  assert.match(html, /not reached/);
  assert.deepEqual(JSON.parse(JSON.stringify(results)), results);
});

Deno.test("the page and results.json say how networks began and learned, and how the published ones did", async () => {
  const ownReport = await report([1], 100);
  assert.match(ownReport.html, /begun and trained otherwise than here\./);
  assert.match(
    ownReport.html,
    /Adam with a rate of 0\.003 over 1 \+ \(t \/ 30,000\)\^2, the norm of its gradient clipped at 0\.3; judged are weights averaged over about the latest 2% of all updates\. Of Nonl_RO: Adam with a rate of 0\.003 over 1 \+ \(t \/ 10,000\)\^1, .*\. First rates η: signs that make a familiar input excite a unit less \(anti-Hebbian; random in Nonl_RO\)\. The published run took Adam with a rate of 0\.001 throughout, and first rates of random signs/,
  );
  const of = ({ results }: typeof ownReport) => results as Readonly<Record<string, unknown>>;
  assert.deepEqual(of(ownReport).optimizer, ownMethod.optimizer);
  assert.deepEqual(of(ownReport).published_optimizer, publishedMethod.optimizer);
  assert.equal(of(ownReport).method_is_published, false);
  const published = await report([1], 100, { method: publishedMethod });
  assert.deepEqual(published.problems, []);
  assert.equal(of(published).method_is_published, true);
  assert.match(
    published.html,
    /Adam with a rate of 0\.001 throughout\. First rates η: random signs\. Both as published\./,
  );
  assert.doesNotMatch(published.html, /otherwise/);
});

Deno.test("a short run is not squeezed by the reference", async () => {
  const { charts, html } = await report([1], 100);
  assert.equal(charts[0]!.traces.length, 2);
  assert.match(html, /2 open, 16 not run/);
});

Deno.test("an empty folder has a report too", async () => {
  const { charts, html, headline } = await report([], 100);
  assert.deepEqual(charts, []);
  assert.match(html, /Nothing has been trained yet/);
  assert.equal(headline, "0 of 18 reach the reference (18 not run)");
});
