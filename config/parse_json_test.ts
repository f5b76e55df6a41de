import assert from "node:assert/strict";
import fc from "fast-check";
import { parseJson } from "./parse_json.ts";

Deno.test("parseJson: a key that is given twice is refused, however it is written", () => {
  for (
    const text of [
      '{"a": 1, "a": 2}',
      '{"a" :1,"b":2,"\\u0061":3}',
      '[{"x:y": {"z": [{"k": 1, "k" \n: {}}]}}]',
      '{"__proto__": 1, "__proto__": 2}',
    ]
  ) assert.throws(() => parseJson(text), /^SyntaxError: ".*" is given twice$/, text);
});

Deno.test("parseJson: every other text means what JSON.parse says, up to a depth of 64", () => {
  fc.assert(fc.property(fc.json({ maxDepth: 5 }), (text) => {
    assert.deepEqual(parseJson(text), JSON.parse(text));
  }));
  const deep = (depth: number) => "[".repeat(depth) + "]".repeat(depth);
  assert.ok(parseJson(deep(64)));
  assert.throws(() => parseJson(deep(65)), /^SyntaxError: expected at most 64 groups or lists/);
  assert.throws(
    () => parseJson(deep(100_000)),
    /^SyntaxError: expected at most 64 groups or lists/,
  );
});
