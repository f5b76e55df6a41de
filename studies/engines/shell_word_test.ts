import assert from "node:assert/strict";
import fc from "fast-check";
import { shellWord } from "./shell_word.ts";

Deno.test("words are quoted only where a shell would change them", () => {
  const cases = [
    ["--set", "--set"],
    ["model.hidden_size=64", "model.hidden_size=64"],
    ["/data/a-b_c.1:2,3@x%+", "/data/a-b_c.1:2,3@x%+"],
    ["", "''"],
    ["a b", "'a b'"],
    ["[1,2]", "'[1,2]'"],
    ["$HOME", "'$HOME'"],
    ["it's", `'it'\\''s'`],
    ["=ls", "'=ls'"],
    ["~", "'~'"],
    ["ä", "'ä'"],
  ] as const;
  for (const [text, word] of cases) assert.equal(shellWord(text), word);
});

Deno.test("a shell reads back what was quoted", {
  ignore: Deno.build.os === "windows",
}, () => {
  const text = fc.string({ unit: fc.constantFrom(..."ab '\"\\$`!*?[]{}()<>|&;#~=%^-äé\u{1f600}") });
  fc.assert(
    fc.property(fc.array(text, { maxLength: 20 }), (texts) => {
      const line = ["printf", "'%s\\n'", "begin", ...texts].map((word, index) =>
        index < 3 ? word : shellWord(word)
      ).join(" ");
      const { stdout } = new Deno.Command("sh", { args: ["-c", line] }).outputSync();
      assert.deepEqual(new TextDecoder().decode(stdout).split("\n"), ["begin", ...texts, ""]);
    }),
    { numRuns: 50 },
  );
});

Deno.test("what would make two lines of a command is refused", () => {
  for (const text of ["a\nb", "\0", "a\tb"]) {
    assert.throws(() => shellWord(text), /cannot be part of a command in one line/);
  }
});
