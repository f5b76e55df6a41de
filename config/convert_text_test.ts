import assert from "node:assert/strict";
import { z } from "../deps/zod.ts";
import { convertText, defaultText, placeholder } from "./convert_text.ts";

Deno.test("typed values: read by the type that the schema wants, inside defaults too", () => {
  const good: [string, z.ZodType, unknown][] = [
    ["3e-4", z.number().default(1), 3e-4],
    ["1e3", z.int(), 1000],
    ["True", z.boolean().optional(), true],
    ["off", z.boolean(), false],
    ["x", z.enum(["x", "y"]), "x"],
    ["1,2", z.array(z.int()), [1, 2]],
    ["[1, 2]", z.array(z.int()).default([]), [1, 2]],
    ["[]", z.array(z.int()).default([1]), []],
  ];
  for (const [text, schema, value] of good) assert.deepEqual(convertText(text, schema), { value });
});

Deno.test("typed values: what does not fit the type says what would", () => {
  const bad: [string, z.ZodType, RegExp][] = [
    ["x", z.number(), /^a number$/],
    ["", z.number(), /^a number$/],
    ["Infinity", z.number(), /^a number$/],
    ["1.5", z.int(), /^a whole number$/],
    ["yes", z.boolean(), /^true or false$/],
    ["1,x", z.array(z.int()), /^a whole number, or several/],
  ];
  for (const [text, schema, expected] of bad) {
    const converted = convertText(text, schema);
    assert.ok("expected" in converted, text);
    assert.match(converted.expected, expected);
  }
});

Deno.test("typed values: the help shows what to type and the default", () => {
  assert.equal(placeholder(z.enum(["x", "y"]).default("y")), "x|y");
  assert.equal(placeholder(z.array(z.int())), "N,...");
  assert.equal(defaultText(z.array(z.int()).default([1, 2])), "1,2");
  assert.equal(defaultText(z.array(z.int()).default([])), "[]");
  assert.equal(defaultText(z.int().optional()), undefined);
});
