import assert from "node:assert/strict";
import { z } from "zod";
import { characterTask } from "./characters.ts";
import { defineTask, findEntry } from "./entry.ts";

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
      draw: (random) => ({ text: random.sample("ab").repeat(length), recall: [length - 1] }),
    }),
});
const table = { repeat: entry };

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
  assert.throws(() => entry.build({ lenght: 5 }), /Task repeat: [^\n]*"lenght"/);
});

Deno.test("findEntry knows names and aliases", () => {
  assert.equal(findEntry(table, "repeat"), entry);
  assert.equal(findEntry(table, "repeat_dataset"), entry);
});

Deno.test("findEntry names the nearest entry and lists all", () => {
  const message = (name: string) => {
    try {
      findEntry(table, name);
    } catch (error) {
      assert.ok(error instanceof RangeError);
      return error.message;
    }
  };
  const hint = 'No task is named "Repaet" (did you mean repeat?); tasks are repeat';
  assert.equal(message("Repaet"), hint);
  for (const name of ["constructor", "__proto__"]) {
    assert.equal(message(name), `No task is named "${name}"; tasks are repeat`);
  }
  assert.equal(message("a\nb"), 'No task is named "a\\nb"; tasks are repeat');
});
