import assert from "node:assert/strict";
import { drawSequence, type Split, type Task } from "../core/training/task.ts";
import { splitOfText } from "./held_out_texts.ts";
import { findTask } from "./mod.ts";

function textsOf(task: Task, split: Split): Set<string> {
  const texts = Array.from({ length: 2000 }, (_, index) => {
    const { symbol, target, mask } = drawSequence(task, { seed: 2, split, index });
    const targets = [...target!].filter((_, t) => mask![t] === 1);
    return [symbol![0]!, ...targets].map((id) => task.alphabet![id]).join("");
  });
  return new Set(texts);
}

Deno.test("held-out texts are never trained, and each split has its share of all", () => {
  const task = findTask("3_palindrome_vary").build({ held_out: "texts" });
  const [train, validation, test] = (["train", "validation", "test"] as const)
    .map((split) => textsOf(task, split));
  const all = new Set([...train!, ...validation!, ...test!]);
  assert.equal(all.size, train!.size + validation!.size + test!.size, "they are disjoint");
  assert.ok(all.size > 350 && all.size <= 7 + 49 + 343, `${all.size} texts`);
  for (const part of [validation!, test!]) {
    assert.ok(part.size > 12 && part.size < 40, `${part.size} held out`);
  }
  assert.match(task.notes!.join(), /1\/16 of all texts/);
});

Deno.test("what belongs to a split does not change with the version", () => {
  const named = ["17", "25", "35", "42", "46", "57"].map(splitOfText);
  assert.deepEqual(named, ["train", "validation", "validation", "test", "test", "train"]);
  const texts = Array.from({ length: 8000 }, (_, number) => String(number));
  const count = (split: Split) => texts.filter((text) => splitOfText(text) === split).length;
  for (const split of ["validation", "test"] as const) {
    assert.ok(Math.abs(count(split) - 500) < 100, `${count(split)} of 8000`);
  }
});

Deno.test("draws are held out by default, as ever", () => {
  const [task, same] = [{}, { held_out: "draws" }].map((settings) =>
    findTask("long_range_memory").build(settings)
  );
  assert.deepEqual(drawSequence(task!, { seed: 1 }), drawSequence(same!, { seed: 1 }));
});

Deno.test("a task of few texts does not split them", () => {
  for (
    const [name, texts] of [["long_range_memory", 60], ["palindrome_vary", 56], ["parity_7", 128]]
  ) {
    assert.throws(() => findTask(String(name)).build({ held_out: "texts" }), {
      name: "SettingError",
      message:
        `Task ${name}: held_out: expected draws, since it has ${texts} texts, and only 256 ` +
        "or more are split, got texts",
    });
  }
});
