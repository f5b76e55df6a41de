/** Findings, verdict and tables of results that are made, whole and in part. */
import assert from "node:assert/strict";
import { findingOf } from "./findings.ts";
import { resultsFile } from "./results_file.ts";
import type { NetworkResult, PointResult } from "./results.ts";
import { network, sampleResults } from "./testing/sample_points.ts";
import { studies } from "./studies.ts";
import { cueTable, recallTable, ruleTable } from "./tables.ts";
import { headlineOf, verdictOf } from "./verdict.ts";

const results = sampleResults();
const inStudy = (name: string, points: readonly PointResult[] = results.points) =>
  points.filter(({ configuration }) => configuration.studies.includes(name));
const change = (points: readonly PointResult[], more: Partial<NetworkResult>) =>
  points.map((point) => ({
    ...point,
    networks: point.networks.map((original) => network(original.seed, { ...original, ...more })),
  }));

/** Words of a number that is not there, or of a list without entries. */
const holes = /unknown|undefined|NaN|null|– |, ,|; ;|: \.|: ;|\(\)| {2}/;

Deno.test("findings say what is there, and nothing of what is not", () => {
  const states = {
    whole: results.points,
    unexamined: change(results.points, { examination: undefined }),
    training: change(results.points, { examination: undefined, outcome: "training" }),
    alone: results.points.map((point) => ({ ...point, networks: point.networks.slice(0, 1) })),
  };
  for (const { name } of studies) {
    for (const [state, points] of Object.entries(states)) {
      const studyPoints = inStudy(name, points);
      for (const subset of [studyPoints, studyPoints.slice(0, 1), studyPoints.slice(-1)]) {
        const text = findingOf(name, subset);
        assert.ok(text.endsWith("."), `${name}, ${state}: ${text}`);
        assert.doesNotMatch(text, holes, `${name}, ${state}`);
      }
    }
    assert.equal(findingOf(name, []), "Nothing has been trained yet.");
  }
});

Deno.test("a finding tells runs in training, and how long they were", () => {
  const single = inStudy("single-memory").slice(0, 1);
  const training = change(single, { outcome: "training", runUpdates: 120, examination: undefined });
  assert.equal(
    findingOf("single-memory", training),
    "One memory, seeds that converge: 0 of 2, 2 in training within 120 updates in the early form.",
  );
  assert.match(
    findingOf("memory-sweep", inStudy("memory-sweep").slice(-1)),
    /^Seeds that converge, by memories: with the margin 20: 2\/2, after at most 20 updates\./,
  );
});

Deno.test("diverged networks are told, and what has settled is shown beside what has not", () => {
  assert.match(
    findingOf("activation-sweep", inStudy("activation-sweep")),
    /all 2 seeds diverged at updates 10 to 20 \(relu-early\)/,
  );
  const { columns, rows: [row] } = recallTable(inStudy("noise"));
  assert.equal(row!.length, columns.length);
  const cell = (column: string) => row![columns.indexOf(column)];
  assert.equal(cell("not settled"), "12.5%\u00a0±\u00a00.0");
  assert.equal(cell("Starts: ± memory"), "75.0%\u00a0±\u00a00.0");
  for (const table of [ruleTable(results.points), cueTable(results.points)]) {
    assert.ok(table!.rows.length > 0);
    assert.ok(table!.rows.every(({ length }) => length === table!.columns.length));
  }
});

Deno.test("the verdict counts configurations, and is short where nothing is known", () => {
  assert.match(headlineOf(results), /^67 of 67 configurations trained \(4 diverged\)$/);
  assert.match(verdictOf(results), /5, 10, 15, 20 memories of 64 bits converge in every seed/);
  const none = results.points.map((point) => ({ ...point, networks: [] }));
  assert.equal(
    verdictOf({ points: none, seconds: 0 }),
    "0 of 67 configurations trained.",
  );
});

Deno.test("results.json has the numbers of the tables", () => {
  const file = JSON.parse(JSON.stringify(resultsFile(results)));
  const stored = file.points.find(({ name }: { name: string }) => name === "memory-margin-5");
  assert.equal(stored.random_starts.unsettled.mean, 0.125);
  assert.equal(stored.rules.hebb.correlation.mean, 0.9);
  assert.deepEqual(stored.cues.map(({ level }: { level: number }) => level), [
    0,
    0.05,
    0.1,
    0.2,
    0.3,
  ]);
  assert.equal(stored.recall.learned[0].over, "networks");
});
