import assert from "node:assert/strict";
import { inTemporaryFolder } from "../store/files/testing/temporary_folder.ts";
import { readParquet } from "./read_parquet.ts";
import { assertDamaged, foreign, isOneLine, writeFile } from "./testing/write_file.ts";

for (const packed of ["none", "snappy", "gzip", "brotli", "zstd"]) {
  Deno.test(`parquet: ${packed}: columns over several row groups`, async () => {
    const table = await readParquet(foreign(`${packed}.parquet`));
    assert.equal(table.rows, 4);
    assert.deepEqual(table.names, ["n", "x", "name", "yes", "list", "day"]);
    assert.deepEqual(table.numbers("n"), Float64Array.of(1, 2, NaN, 4));
    assert.deepEqual(table.numbers("x"), Float64Array.of(0.5, NaN, 1.5, -2));
    assert.deepEqual(table.numbers("yes"), Float64Array.of(1, 0, 1, NaN));
    assert.deepEqual(table.texts("name"), ["a", "ü", "", "a"]);
    assert.equal(table.missing("x"), 1);
    assert.deepEqual(table.cells("list")[0], [1, 2]);
    assert.equal(table.texts("day")[1], "1970-01-02T00:00:00.000Z");
    assertDamaged(() => table.numbers("name"), /row 1, column "name": "a" is no number; expected/);
  });
}

Deno.test(
  "parquet: some columns; one that is not there, an unknown packing and a torn file are named",
  inTemporaryFolder(async (folder) => {
    const some = await readParquet(foreign("zstd.parquet"), { columns: ["x", "n"] });
    assert.deepEqual(some.names, ["x", "n"]);
    assert.deepEqual(some.vectors(["n", "x"])[3], Float64Array.of(4, -2));
    const refused = (path: string | URL, says: RegExp, columns?: string[]) =>
      assert.rejects(
        readParquet(path, columns ? { columns } : {}),
        (error) => isOneLine(error, says),
      );
    await refused(foreign("zstd.parquet"), /has no column "z"; it has "n", "x", "name"/, ["z"]);
    await refused(foreign("lz4.parquet"), /lz4\.parquet: cannot be read as Parquet: .*LZ4/i);
    const bytes = Deno.readFileSync(foreign("none.parquet"));
    for (const length of [0, 10, 1000, bytes.length - 1]) {
      await refused(
        writeFile(folder, "torn.parquet", bytes.slice(0, length)),
        /torn\.parquet: cannot/,
      );
    }
  }),
);
