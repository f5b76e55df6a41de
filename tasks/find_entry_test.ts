import assert from "node:assert/strict";
import { z } from "../deps/zod.ts";
import { characterTask } from "./characters.ts";
import { defineTask } from "./entry.ts";
import { findEntry } from "./find_entry.ts";
import { membersOf, numberedTask } from "./numbered_task.ts";

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
        draw: (random) => ({
          text: random.sample("ab").repeat(longest),
          recall: [{ position: longest - 1 }],
        }),
      }),
  });

const entry = repeat("repeat", { aliases: ["repeat_dataset"], longest: 4 });
const count = numberedTask("count", {
  place: "before",
  numbers: [{ symbol: "N", least: 1, most: 3, fallback: 2 }],
  aliases: ["tally"],
  at: (name, [n]) => repeat(name, { aliases: ["counting"], longest: n! + 1 }),
});
const grid = numberedTask("grid_copy", {
  place: "after",
  numbers: [
    { symbol: "N", least: 1, most: 16, fallback: 4 },
    { symbol: "T", least: 0, most: 4096, fallback: 12 },
  ],
  aliases: [],
  at: (name, [n, t]) => repeat(name, { aliases: [], longest: n! + t! + 1 }),
});
const table = { repeat: entry, count, grid_copy: grid };
const list = "tasks are repeat, N_count (N 1 to 3, default 2), " +
  "grid_copy_N_T (N 1 to 16, default 4; T 0 to 4096, default 12)";

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
  assert.equal(message("Repaet"), `No task is named "Repaet" (did you mean repeat?); ${list}`);
  for (const name of ["constructor", "__proto__"]) {
    assert.equal(message(name), `No task is named "${name}"; ${list}`);
  }
  assert.equal(message("a\nb"), `No task is named "a\\nb"; ${list}`);
  const meant = {
    "2_cuont": "2_count",
    "9_count": "3_count",
    "3_taly": "3_tally",
    "grid_cpoy_3_9": "grid_copy_3_9",
    "grid_copy_3": "grid_copy",
    "grid_copy_0_9999": "grid_copy_1_4096",
  };
  for (const [typed, name] of Object.entries(meant)) {
    assert.match(message(typed)!, new RegExp(`did you mean ${name}\\?`), typed);
  }
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

Deno.test("findEntry takes two numbers behind the name of a family", () => {
  for (const [n, t] of [[1, 0], [4, 12], [16, 4096]] as const) {
    const found = findEntry(table, `grid_copy_${n}_${t}`);
    assert.equal(found.name, `grid_copy_${n}_${t}`);
    assert.equal(found.build().steps, n + t);
    assert.equal(findEntry(table, found.name), found, "the same entry each time");
  }
  assert.equal(findEntry(table, "grid_copy").build().steps, 16);
  const wrong = [
    "grid_copy_4",
    "grid_copy_4_",
    "grid_copy_04_12",
    "grid_copy_17_1",
    "4_12_grid_copy",
  ];
  for (const name of wrong) {
    assert.throws(() => findEntry(table, name), /^RangeError: No task/, name);
  }
});

Deno.test("membersOf lists a family by its least numbers", () => {
  assert.deepEqual(membersOf(entry), [entry]);
  assert.deepEqual(membersOf(count).map(({ name }) => name), [
    "count",
    "1_count",
    "2_count",
    "3_count",
  ]);
  const names = membersOf(grid).map(({ name }) => name);
  assert.equal(names.length, 17);
  assert.deepEqual(names.slice(0, 3), ["grid_copy", "grid_copy_1_0", "grid_copy_1_1"]);
  assert.equal(names.at(-1), "grid_copy_4_3");
});
