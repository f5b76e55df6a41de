import assert from "node:assert/strict";
import { inTemporaryFolder } from "../../store/files/testing/temporary_folder.ts";
import { comparisonReport } from "./report.ts";
import { comparisonOfRows, draft, rowsOf, writeSampleRow } from "./testing/sample_rows.ts";

const rows = rowsOf(
  draft("fast", ["model.name=ethereal", "updater.name=backprop"], {
    published: { outcome: "Good", note: "the main claim" },
  }),
  draft("slow", ["model.name=rnn", "updater.name=bptt"], { published: { outcome: "Good" } }),
  draft("<b>later</b>", ["model.name=rnn", "updater.name=backprop"]),
);

const writeRuns = (out: string): void => {
  const seeds = [1, 2, 3, 4, 5, 6];
  writeSampleRow(out, {
    row: rows[0]!,
    seeds,
    scores: seeds.map((seed) => [0.6, 1, 1 - seed / 1000]),
    losses: seeds.map((seed) => 0.3 + seed / 100),
  });
  writeSampleRow(out, { row: rows[1]!, seeds, scores: seeds.map(() => [0.5, 0.5, 0.5]) });
};

const cellsOf = (html: string, row: string): string[] => {
  const [, cells = ""] = new RegExp(`<th scope="row">${row}</th>(.*?)</tr>`).exec(html) ?? [];
  return [...cells.matchAll(/<td>(.*?)<\/td>/g)].map(([, cell]) => cell!);
};

Deno.test(
  "the report has the numbers of the stored rows",
  inTemporaryFolder(async (out) => {
    writeRuns(out);
    const { headline, html, results, problems } = await comparisonReport(
      out,
      comparisonOfRows(rows),
    );
    assert.deepEqual(problems, []);
    assert.equal(headline, "2 of 3 rows run: 1 good, 1 no memory");
    assert.deepEqual(cellsOf(html, "fast").slice(0, 7), [
      "0.996 (0.99 to 0.998)",
      "0.335\u00a0±\u00a00.02",
      "0/6",
      "6/6",
      "6/6",
      "80",
      "2",
    ]);
    assert.equal(cellsOf(html, "fast").at(-1), "yes");
    assert.equal(cellsOf(html, "slow").at(-1), "no");
    assert.match(html, /fast: published “Good” \(the main claim\); here good: 0\.99/);
    assert.match(html, /slow: published “Good”; here no memory: .* otherwise than published\./);
    assert.match(html, /1 of 2 cells come out as published/);
    assert.doesNotMatch(html, /<b>later/);
    const { rows: stored, score_differences: differences } = results as Record<string, object[]>;
    assert.equal(stored!.length, 3);
    const [difference] = differences as { p: number; mean: number; pairs: number }[];
    assert.equal(difference!.p, 2 / 64);
    assert.equal(difference!.pairs, 6);
    assert.ok(Math.abs(difference!.mean + 0.4965) < 1e-9);
    // The same files give the same page.
    assert.equal((await comparisonReport(out, comparisonOfRows(rows))).html, html);
  }),
);

Deno.test(
  "a folder without runs has a report too, and a run of other settings is left out",
  inTemporaryFolder(async (out) => {
    const empty = await comparisonReport(out, comparisonOfRows(rows));
    assert.equal(empty.headline, "0 of 3 rows run");
    const [wider] = rowsOf(
      draft("fast", ["model.name=ethereal", "updater.name=backprop", "model.hidden_size=9"]),
    );
    writeSampleRow(out, { row: wider!, seeds: [1], scores: [[1, 1, 1]] });
    const { headline, problems } = await comparisonReport(out, comparisonOfRows(rows));
    assert.equal(headline, "0 of 3 rows run");
    assert.match(problems.join("\n"), /^left out: .*model\.hidden_size is 9, expected 32$/);
  }),
);
