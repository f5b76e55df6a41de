import assert from "node:assert/strict";
import { inTemporaryFolder } from "../../store/files/testing/temporary_folder.ts";
import { comparisonReport } from "./report.ts";
import { comparisonOfRows, draft, rowsOf, writeSampleRow } from "./testing/sample_rows.ts";

/** The page of rows with a score a seed, the same in all. */
async function pageOf(
  out: string,
  { seeds, scores, batches }: { seeds: number; scores: number[]; batches: number[] },
): Promise<string> {
  const rows = rowsOf(...scores.map((_, row) =>
    draft(`row ${row}`, [
      ...["model.name=rnn", "updater.name=bptt", `training.batch_size=${batches[row]}`],
      `model.hidden_size=${8 + row}`,
    ])
  ));
  const numbers = Array.from({ length: seeds }, (_, seed) => seed + 1);
  for (const [row, score] of scores.entries()) {
    writeSampleRow(out, {
      row: rows[row]!,
      seeds: numbers,
      scores: numbers.map((seed) => [0, 0, score - seed / 1000]),
    });
  }
  return (await comparisonReport(out, comparisonOfRows(rows))).html;
}

Deno.test(
  "the verdict on two rows says which is better, by how much, and that sequences differ",
  inTemporaryFolder(async (out) => {
    const html = await pageOf(out, { seeds: 6, scores: [0.5, 0.75], batches: [1, 16] });
    assert.match(
      html,
      /“row 1” against “row 0”: score higher by 0\.25 \(p 0\.031\); loss lower by 0\.25 \(p 0\.031\)\./,
    );
    assert.match(html, /unlike numbers of sequences: from 20 \(“row 0”\) to 320 \(“row 1”\)\./);
  }),
);

Deno.test(
  "the verdict on equal rows tells none apart",
  inTemporaryFolder(async (out) => {
    const html = await pageOf(out, { seeds: 6, scores: [0.5, 0.5], batches: [4, 4] });
    assert.match(html, /score not told apart \(p 1\); loss not told apart \(p 1\)\./);
    assert.doesNotMatch(html, /unlike numbers/);
  }),
);

Deno.test(
  "the verdict says how many seeds it takes to tell rows apart",
  inTemporaryFolder(async (out) => {
    const html = await pageOf(out, { seeds: 6, scores: [0.5, 0.75, 0.5], batches: [4, 4, 4] });
    assert.match(html, /one of 2 rows apart from “row 0” takes 7 seeds or more, and these are 6\./);
  }),
);

Deno.test(
  "the verdict on several rows counts those that differ",
  inTemporaryFolder(async (out) => {
    const html = await pageOf(out, { seeds: 7, scores: [0.5, 0.75, 0.25], batches: [4, 4, 4] });
    assert.match(
      html,
      /Of 2 other rows 1 can be told to have a higher and 1 a lower score than “row 0”; 1 can be told to have a higher and 1 a lower loss\./,
    );
  }),
);
