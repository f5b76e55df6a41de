import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { inTemporaryFolder } from "../store/files/testing/temporary_folder.ts";
import { type CsvOptions, parseCsv, readCsv } from "./read_csv.ts";
import { assertDamaged, writeFile } from "./testing/write_file.ts";

const parse = (text: string, options?: CsvOptions) =>
  parseCsv(new TextEncoder().encode(text), "a.csv", options);

Deno.test("csv: names, quotes, line breaks, a mark, empty lines, spaces around numbers", () => {
  const table = parse(
    '\ufeffname,"x, cm",note\r\n\r\n"a ""b""", 1e3 ,"two\r\nlines"\r\nü,-.5,\r\n',
  );
  assert.deepEqual(table.names, ["name", "x, cm", "note"]);
  assert.deepEqual(table.texts("name"), ['a "b"', "ü"]);
  assert.deepEqual(table.numbers("x, cm"), Float64Array.of(1000, -0.5));
  assert.deepEqual(table.texts("note"), ["two\r\nlines", ""]);
});

Deno.test("csv: without names, with names given, other delimiters, missing values, infinity", () => {
  const tabs = parse("1\tNA\n2\t-inf", { delimiter: "\t", header: false });
  assert.deepEqual(tabs.names, ["1", "2"]);
  assert.deepEqual(tabs.vectors(["1", "2"]), [
    Float64Array.of(1, NaN),
    Float64Array.of(2, -Infinity),
  ]);
  assert.equal(tabs.missing("2"), 1);
  const named = parse("1;?\n", { delimiter: ";", header: ["a", "b"], missing: ["?"] });
  assert.deepEqual(named.numbers("b"), Float64Array.of(NaN));
  assert.deepEqual(parse("a,b\n").numbers("a"), new Float64Array(0));
});

Deno.test("csv: errors name file, line and column, and what was expected", () => {
  const text = 'a,b\n"1\n2",3\n4,x5\n';
  assertDamaged(
    () => parse(text).numbers("b"),
    /^a\.csv: line 4, column "b": "x5" is no number; expected one of: a number, nothing, NA/,
  );
  for (const cell of ["0x10", "1,5", "1 2", "--1", "1e", "."]) {
    assertDamaged(
      () => parse(`a;b\n1;${cell}`, { delimiter: ";" }).numbers("b"),
      /line 2, column "b"/,
    );
  }
  assertDamaged(() => parse(text).numbers("c"), /^a\.csv: has no column "c"; it has "a", "b"$/);
  const refusals: readonly [text: string, says: RegExp][] = [
    ["", /is empty, expected a line of CSV/],
    ["a,b\n1,2\n\n3\n", /line 4 has 1 field between ",", expected 2 as line 1/],
    ["a,b\n1,2,3\n", /line 2 has 3 fields/],
    ["a,a\n", /line 1 names the column "a" twice/],
    ['a\n1\n"2\n3\n', /line 3: a quote \("\) does not close/],
    ['a,b\n1,2 "x"\n', /line 2, field 2: "2 \\"x\\"" has a quote \("\) inside/],
    ['a,b\n"1"2,3\n', /line 2, field 1: /],
  ];
  for (const [text, says] of refusals) assertDamaged(() => parse(text), says);
  const latin = Uint8Array.of(0x61, 0x0a, 0xfc, 0x0a);
  assertDamaged(() => parseCsv(latin, "a.csv"), /^a\.csv: line 2 is not UTF-8 text$/);
  assert.throws(() => parse("a", { delimiter: ",," }), /^RangeError: The delimiter of CSV must be/);
});

Deno.test(
  "csv: a file of gzip is unpacked, a torn one named",
  inTemporaryFolder((folder) => {
    const packed = new Uint8Array(gzipSync("a\n1\n"));
    assert.deepEqual(
      readCsv(writeFile(folder, "a.csv.gz", packed)).numbers("a"),
      Float64Array.of(1),
    );
    const torn = writeFile(folder, "torn.csv.gz", packed.slice(0, -6));
    assertDamaged(() => readCsv(torn), /torn\.csv\.gz: cannot be unpacked by gzip/);
  }),
);

Deno.test("csv: what is written with quotes is read back, whatever it holds", () => {
  const cell = fc.string({ unit: fc.constantFrom(...'ab,";\r\nü') });
  const rows = fc.integer({ min: 1, max: 4 }).chain((width) =>
    fc.array(fc.array(cell, { minLength: width, maxLength: width }), { minLength: 1 })
  );
  const written = (text: string) => `"${text.replaceAll('"', '""')}"`;
  fc.assert(fc.property(rows, fc.constantFrom("\n", "\r\n"), (rows, end) => {
    const text = rows.map((row) => row.map(written).join(",") + end).join("");
    const table = parse(text, { header: false });
    rows.forEach((row, at) =>
      row.forEach((value, column) => assert.equal(table.texts(String(column + 1))[at], value))
    );
  }));
});
