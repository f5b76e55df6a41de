import assert from "node:assert/strict";
import { z } from "../deps/zod.ts";
import { characterTask } from "./characters.ts";
import { defineTask } from "./entry.ts";

const entry = defineTask({
  name: "repeat",
  aliases: ["repeat_dataset"],
  summary: "the same symbol over and over",
  config: z.strictObject({ length: z.int().min(2).default(4).describe("Symbols in a sequence") }),
  build: ({ length }) =>
    characterTask({
      name: "repeat",
      summary: "the same symbol over and over",
      alphabet: "ab",
      longest: length,
      chance: 1,
      bestLoss: 0,
      draw: (random) => ({
        text: random.sample("ab").repeat(length),
        recall: [{ position: length - 1 }],
      }),
    }),
});

Deno.test("build takes settings, or their defaults", () => {
  assert.equal(entry.build().steps, 3);
  assert.equal(entry.build({ length: 9 }).steps, 8);
});

Deno.test("build refuses settings in one line that names task and setting", () => {
  assert.throws(() => entry.build({ length: 1 }), (error: Error) => {
    assert.ok(error instanceof TypeError);
    assert.match(error.message, /^Task repeat: length: [^\n]+$/);
    return true;
  });
  // @ts-expect-error a wrong key does not compile either
  assert.throws(() => entry.build({ lenght: 5 }), /Task repeat: [^\n]*"lenght"/);
});
