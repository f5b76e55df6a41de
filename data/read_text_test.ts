import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import { join } from "node:path";
import { z } from "../deps/zod.ts";
import { inTemporaryFolder } from "../store/files/testing/temporary_folder.ts";
import { readJsonLines } from "./read_json_lines.ts";
import { readLines, readText } from "./read_text.ts";
import { assertDamaged, writeFile } from "./testing/write_file.ts";

Deno.test(
  "text: whole, by lines, from gzip, through a link, by an address",
  inTemporaryFolder((folder) => {
    const text = "\ufeffone\r\ntwo\n\nfüur";
    const path = writeFile(folder, "a b.txt", text);
    const packed = writeFile(folder, "a.txt.gz", new Uint8Array(gzipSync(text)));
    const link = join(folder, "link.txt");
    Deno.symlinkSync(path, link);
    const lines = ["one", "two", "", "füur"];
    for (const source of [path, packed, link, new URL(`file://${encodeURI(path)}`)]) {
      assert.equal(readText(source), "one\r\ntwo\n\nfüur");
      assert.deepEqual([...readLines(source)], lines);
    }
    const latin = writeFile(folder, "latin.txt", Uint8Array.of(0x61, 0x0a, 0xff));
    assertDamaged(() => readText(latin), /latin\.txt: it is not UTF-8 text/);
    assertDamaged(() => [...readLines(latin)], /latin\.txt: line 2 is not UTF-8 text/);
    assertDamaged(() => readText(folder), /: is a folder, expected a file/);
  }),
);

Deno.test({
  name: "text: a pipe or a device is not opened",
  ignore: Deno.build.os === "windows",
  fn: inTemporaryFolder((folder) => {
    const pipe = join(folder, "pipe.txt");
    new Deno.Command("mkfifo", { args: [pipe] }).outputSync();
    const zero = join(folder, "zero.txt");
    Deno.symlinkSync("/dev/zero", zero);
    for (const path of [pipe, zero]) {
      assertDamaged(() => readText(path), /\.txt: is a pipe, socket or device, expected a file$/);
    }
  }),
});

Deno.test(
  "JSON lines: values, checked by a schema; errors name the line",
  inTemporaryFolder((folder) => {
    const path = writeFile(
      folder,
      "a.jsonl",
      '{"word": "a", "n": 1}\r\n\n{"word": "b", "n": 2.5}\n',
    );
    assert.deepEqual(readJsonLines(path), [{ word: "a", n: 1 }, { word: "b", n: 2.5 }]);
    const row = z.object({ word: z.string(), n: z.number() });
    const words: string[] = readJsonLines(path, row).map(({ word }) => word);
    assert.deepEqual(words, ["a", "b"]);
    const strict = z.object({ word: z.string(), n: z.int() });
    assertDamaged(() => readJsonLines(path, strict), /a\.jsonl: line 3: n: expected .*got 2\.5/);
    const broken = writeFile(folder, "broken.jsonl", '1\n{"a": 1, "a": 2}\n');
    assertDamaged(() => readJsonLines(broken), /broken\.jsonl: line 2: "a" is given twice/);
    const torn = writeFile(folder, "torn.jsonl", '1\n2\n{"a":');
    assertDamaged(() => readJsonLines(torn), /torn\.jsonl: line 3: /);
  }),
);
