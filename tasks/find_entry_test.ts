import assert from "node:assert/strict";
import { z } from "../deps/zod.ts";
import { characterTask } from "./characters.ts";
import { defineTask } from "./entry.ts";
import { findEntry } from "./find_entry.ts";
import { numberedTask } from "./numbered_task.ts";

const repeat = (name: string, { aliases, longest }: { aliases: string[]; longest: number }) =>
  defineTask({
    name,
    aliases,
    summary: `${longest} times the same symbol`,
    config: z.strictObject({}),
    build: (_settings, facts) =>
      characterTask({
        ...facts,
        alphabet: "ab",
        longest,
        chance: 1,
        bestLoss: 0,
        draw: (random) => ({ text: random.sample("ab").repeat(longest), recall: [longest - 1] }),
      }),
  });

const entry = repeat("repeat", { aliases: ["repeat_dataset"], longest: 4 });
const count = numberedTask("count", {
  least: 1,
  most: 3,
  fallback: 2,
  aliases: ["tally"],
  at: (name, n) => repeat(name, { aliases: ["counting"], longest: n + 1 }),
});
const table = { repeat: entry, count };

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
  const hint =
    'No task is named "Repaet" (did you mean repeat?); tasks are repeat, N_count (N 1 to 3, default 2)';
  assert.equal(message("Repaet"), hint);
  for (const name of ["constructor", "__proto__"]) {
    assert.equal(
      message(name),
      `No task is named "${name}"; tasks are repeat, N_count (N 1 to 3, default 2)`,
    );
  }
  assert.equal(
    message("a\nb"),
    'No task is named "a\\nb"; tasks are repeat, N_count (N 1 to 3, default 2)',
  );
});

Deno.test("findEntry takes the number from the name of a family", () => {
  for (const [name, n] of [["1_count", 1], ["3_count", 3], ["3_tally", 3]] as const) {
    const found = findEntry(table, name);
    assert.equal(found.name, `${n}_count`);
    assert.equal(found.build().name, `${n}_count`);
    assert.equal(found.build().steps, n);
  }
  for (const name of ["count", "counting"]) {
    assert.equal(findEntry(table, name).name, "count");
    assert.equal(findEntry(table, name).build().steps, 2);
  }
  for (
    const name of ["0_count", "4_count", "03_count", "_count", "1_repeat", "tally", "2_counting"]
  ) {
    assert.throws(() => findEntry(table, name), /^RangeError: No task is named/, name);
  }
});
