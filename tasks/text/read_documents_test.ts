import assert from "node:assert/strict";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { inTemporaryFolder } from "../../store/files/testing/temporary_folder.ts";
import { SettingError } from "../../core/training/setting_error.ts";
import { type DocumentOptions, readDocuments } from "./read_documents.ts";

const usual: DocumentOptions = { task: "text", column: undefined, documents: "lines" };

/** The documents of a file with this name and content. */
function read(
  folder: string,
  name: string,
  content: string,
  options: Partial<DocumentOptions> = {},
) {
  const path = join(folder, name);
  const bytes = new TextEncoder().encode(content);
  Deno.writeFileSync(path, name.endsWith(".gz") ? Uint8Array.from(gzipSync(bytes)) : bytes);
  return [...readDocuments(path, { ...usual, ...options })];
}

Deno.test(
  "documents: lines or paragraphs of a text, cells of tables, values of JSON lines",
  inTemporaryFolder((folder) => {
    const text = "\ufeffone\r\nTwo.\r\n\r\n \nthree\n";
    assert.deepEqual(read(folder, "a.txt", text), ["one", "Two.", "", " ", "three"]);
    const paragraphs = { documents: "paragraphs" } as const;
    assert.deepEqual(read(folder, "b.txt.gz", text, paragraphs), ["one\nTwo.", "three"]);
    const table = '\ufeffid,text\r\n1,"a, ""b""\r\nc"\r\n\r\n2,\r\n';
    assert.deepEqual(read(folder, "a.csv", table), ['a, "b"\nc', ""]);
    assert.deepEqual(read(folder, "a.csv", table, { column: "id" }), ["1", "2"]);
    assert.deepEqual(read(folder, "a.tsv", "Names\tyear\nAda\t1815\n", { column: "Names" }), [
      "Ada",
    ]);
    assert.deepEqual(read(folder, "one.csv", "Names\nAda\nBo\n"), ["Ada", "Bo"]);
    const values = '{"text": "a\\nb", "id": 1}\n\n"plain"\n{"id": 2}\n{"text": null}\n';
    assert.deepEqual(read(folder, "a.jsonl", values), ["a\nb", "plain", "", ""]);
  }),
);

Deno.test(
  "documents: a column that is not there is told with those that are",
  inTemporaryFolder((folder) => {
    const refused = (name: string, content: string, column?: string) =>
      assert.throws(() => read(folder, name, content, { column }), (error: Error) => {
        assert.ok(error instanceof SettingError);
        assert.equal(error.key, "column");
        assert.equal(error.expected, 'one of "id", "story"');
        return true;
      });
    refused("a.csv", "id,story\n1,a\n", "txt");
    refused("b.csv", "id,story\n1,a\n");
    refused("c.jsonl", '{"id": 1, "story": "a"}\n', "Story");
  }),
);

Deno.test(
  "documents: a column of plain text, and paragraphs of a table, are refused",
  inTemporaryFolder((folder) => {
    const refused = (name: string, options: Partial<DocumentOptions>, message: RegExp) =>
      assert.throws(() => read(folder, name, "text\na\n", options), (error: Error) => {
        assert.ok(error instanceof SettingError);
        assert.match(error.message, message);
        return true;
      });
    const paragraphs = { documents: "paragraphs" } as const;
    refused("a.txt", { column: "text" }, /column.*expected none, since the data set is plain text/);
    refused("a.txt.gz", { column: "b" }, /expected none/);
    refused("a.csv", paragraphs, /documents.*expected lines, since only a \.txt has paragraphs/);
    assert.deepEqual(read(folder, "a.txt", "a\n", { publishedColumn: "text" }), ["a"]);
    assert.deepEqual(read(folder, "a.csv", "a,text\nb,c\n", { publishedColumn: "a" }), ["b"]);
  }),
);

Deno.test(
  "documents: what cannot be read is told in a line with the file and its line",
  inTemporaryFolder((folder) => {
    const cases: Readonly<Record<string, readonly [name: string, content: string, says: RegExp]>> =
      {
        "a quote that does not close": ["a.csv", 'text\n"a\n', /a\.csv: line 2: a quote/],
        "a row that is too long": ["a.csv", "a,text\n1,2,3\n", /line 2 has 3 fields, expected 2/],
        "no JSON": ["a.jsonl", '"a"\n{"b"\n', /a\.jsonl: line 2: /],
        "a list": ["a.jsonl", '["a"]\n', /line 1: expected a text, or a group with one/],
        "a number": ["a.jsonl", "7\n", /line 1: expected a text, or a group with one/],
        "a number in the column": ["a.jsonl", '{"text": 7}\n', /line 1: expected a text as "text"/],
        "no Parquet": [
          "a.parquet",
          "PAR1, but not really",
          /a\.parquet: cannot be read as Parquet/,
        ],
      };
    for (const [what, [name, content, says]] of Object.entries(cases)) {
      assert.throws(() => read(folder, name, content), (error: Error) => {
        assert.ok(error instanceof RangeError && !error.message.includes("\n"), what);
        assert.match(error.message, says, what);
        return true;
      });
    }
  }),
);
