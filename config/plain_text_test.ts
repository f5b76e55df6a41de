import assert from "node:assert/strict";
import { plainLine, plainText, quote } from "./plain_text.ts";

Deno.test("plainText: nothing that a terminal obeys is left, and all else stays", () => {
  assert.equal(plainText("\u001b[31m\u009b2J\u0007\u007f"), "\\u001b[31m\\u009b2J\\u0007\\u007f");
  assert.equal(plainText("a\u202eb\u2028c\ud800"), "a\\u202eb\\u2028c\\ud800");
  assert.equal(plainText("naïve 学 🙂"), "naïve 学 🙂");
});

Deno.test("plainLine: lines are joined, and a long one keeps its beginning and end", () => {
  assert.equal(plainLine(" a\n  b\r\nc "), "a b c");
  const line = plainLine(`where: ${"\u001b".repeat(20_000_000)}: expected this`);
  assert.ok(line.length <= 300);
  assert.match(line, /^where: \\u001b.*\.\.\..*: expected this$/);
});

Deno.test("plainLine: of two long paths each is shortened by itself", () => {
  const [from, to] = ["from", "to"].map((name) => `/${"deep/".repeat(100)}${name}`);
  const line = plainLine(`cannot move ${from} to ${to}: there is no room`);
  assert.ok(line.length <= 300);
  assert.match(line, /^cannot move \/deep\S*\.\.\.\S*\/from to \/deep\S*\/to: there is no room$/);
});

Deno.test("quote: numbers keep their names, and a long value is cut", () => {
  assert.equal(
    quote({ a: [NaN, -Infinity, 1, null], b: "x" }),
    '{"a":[NaN,-Infinity,1,null],"b":"x"}',
  );
  assert.equal(quote(undefined), "undefined");
  assert.equal(quote("\u001b\u009b"), '"\\u001b\\u009b"');
  assert.ok(quote("x".repeat(1_000_000)).length <= 110);
  assert.equal(quote(Array(1_000_000).fill(1)).length, 100);
});
