/** The files were written by another program: `data/testing/files/README.md`. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { foreign } from "../data/testing/write_file.ts";
import { inTemporaryFolder } from "../store/files/testing/temporary_folder.ts";
import { parquetTexts } from "./parquet_texts.ts";

for (const packed of ["none", "snappy", "gzip", "brotli", "zstd"]) {
  Deno.test(`parquet texts: ${packed}: a column over several groups of rows`, () => {
    let seen: readonly string[] = [];
    const choose = (names: readonly string[]) => {
      seen = names;
      return "name";
    };
    assert.deepEqual([...parquetTexts(foreign(`${packed}.parquet`), choose)], ["a", "ü", "", "a"]);
    assert.deepEqual(seen, ["n", "x", "name", "yes", "list", "day"]);
  });
}

Deno.test(
  "parquet texts: what is no text, an unknown packing and a torn file are named in a line",
  inTemporaryFolder((folder) => {
    const read = (path: string | URL, column = "name") => [...parquetTexts(path, () => column)];
    const whole = foreign("none.parquet");
    assert.throws(() => read(whole, "x"), /^SyntaxError: column "x" holds no texts$/);
    assert.throws(() => read(whole, "z"), /cannot be read as Parquet: .*z/);
    assert.throws(() => read(foreign("lz4.parquet")), /cannot be read as Parquet: .*LZ4/);
    const bytes = Deno.readFileSync(whole);
    const path = join(folder, "torn.parquet");
    for (const length of [0, 3, 40, bytes.length - 1]) {
      Deno.writeFileSync(path, bytes.subarray(0, length));
      assert.throws(() => read(path), /^SyntaxError: cannot be read as Parquet: [^\n]+$/);
    }
    const chooses = () => [...parquetTexts(whole, () => {
      throw new RangeError("none of these");
    })];
    assert.throws(chooses, /^RangeError: none of these$/);
  }),
);
