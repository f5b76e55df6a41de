import assert from "node:assert/strict";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { inTemporaryFolder } from "../store/files/testing/temporary_folder.ts";
import { fileLines } from "./file_lines.ts";

/** The lines of a file with this content. */
function linesOf(folder: string, content: string | Uint8Array<ArrayBuffer>): string[] {
  const path = join(folder, "some.txt");
  Deno.writeFileSync(
    path,
    typeof content === "string" ? new TextEncoder().encode(content) : content,
  );
  return [...fileLines(path)];
}

Deno.test(
  "file lines: line ends of any system, a mark in front, and what is no line",
  inTemporaryFolder((folder) => {
    const cases: Readonly<Record<string, readonly string[]>> = {
      "": [],
      "a": ["a"],
      "a\nb\n": ["a", "b"],
      "a\r\nb": ["a", "b"],
      "\n\na\n\n": ["", "", "a", ""],
      "\ufeffa\r\n\ufeffb": ["a", "\ufeffb"],
      "ä€😀\nö": ["ä€😀", "ö"],
    };
    for (const [content, lines] of Object.entries(cases)) {
      assert.deepEqual(linesOf(folder, content), lines, JSON.stringify(content));
    }
    const packed = gzipSync(new TextEncoder().encode("\ufeffa\r\nb\n"));
    assert.deepEqual(linesOf(folder, Uint8Array.from(packed)), ["a", "b"]);
    assert.throws(
      () => linesOf(folder, Uint8Array.of(0x1f, 0x8b, 1)),
      /cannot be unpacked by gzip/,
    );
  }),
);

Deno.test(
  "file lines: lines longer than a part of the file, and characters on its borders",
  inTemporaryFolder((folder) => {
    const lines = ["€".repeat(1 << 20), "", "x".repeat(3), "ü".repeat(700_001), "z"];
    assert.deepEqual(linesOf(folder, lines.join("\n")), lines);
    assert.deepEqual(linesOf(folder, lines.join("\r\n") + "\r\n"), lines);
  }),
);

Deno.test(
  "file lines: the line that is not UTF-8 is named",
  inTemporaryFolder((folder) => {
    const good = new TextEncoder().encode("0123456789\n".repeat(120_000));
    const bad = Uint8Array.of(...new TextEncoder().encode("good\nb"), 0xff, 10, 97);
    assert.throws(() => linesOf(folder, bad), /^SyntaxError: line 2 is not UTF-8 text$/);
    const late = new Uint8Array(good.length + bad.length);
    late.set(good);
    late.set(bad, good.length);
    assert.throws(() => linesOf(folder, late), /^SyntaxError: line 120002 is not UTF-8 text$/);
  }),
);
