import assert from "node:assert/strict";
import { inTemporaryFolder } from "../../../store/files/testing/temporary_folder.ts";
import { comparisonReport } from "../report.ts";
import { commonGuess, rowTable } from "../tables.ts";
import { comparisonOfRows, draft, rowsOf } from "../testing/sample_rows.ts";
import { judgeRows } from "./judge_row.ts";
import { readRow } from "./read_row.ts";

const text = ["task.name=text", "task.length=8", "model.name=rnn", "updater.name=bptt"];
const [wide, narrow, aligned, palindrome] = rowsOf(
  draft("wide", text),
  draft("narrow", [...text, "model.hidden_size=5"]),
  draft("lines", [...text, "task.line_ends=true"]),
  draft("palindrome", ["model.name=rnn", "updater.name=bptt"]),
);

Deno.test(
  "rows on a text have the n-gram model beside score and loss, if it is the same for all",
  inTemporaryFolder(async (out) => {
    const judge = (...rows: readonly (typeof wide)[]) =>
      judgeRows(rows.map((row) => readRow(out, { row: row!, problem: assert.fail })), 3);
    const rows = judge(wide, narrow);
    const { name, value: bits } = commonGuess(rows, "score")!;
    const { value: nats } = commonGuess(rows, "loss")!;
    assert.equal(name, "5-gram");
    assert.ok(Math.abs(bits - nats / Math.LN2) < 1e-12);
    const [, score, loss] = rowTable(rows, 3).columns;
    assert.equal(score, `Bits per character, 5-gram ${bits.toPrecision(3)} (bits)`);
    assert.equal(loss, `Loss (nats), 5-gram ${nats.toPrecision(3)}`);
    assert.equal(commonGuess(judge(wide, aligned), "score"), undefined);
    assert.equal(commonGuess(judge(palindrome), "score"), undefined);
    const { results } = await comparisonReport(out, comparisonOfRows([wide!, narrow!]));
    const { rows: [stored] } = results as { rows: { guessing: { name: string } }[] };
    assert.equal(stored!.guessing.name, "5-gram");
  }),
);
