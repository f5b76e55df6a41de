import assert from "node:assert/strict";
import { bestRecall, OBSERVERS } from "./observers.ts";
import { allTexts } from "./texts.ts";

Deno.test("the texts are all of the task, with their probabilities", () => {
  const texts = allTexts();
  assert.equal(texts.length, 7 + 49 + 343);
  assert.ok(Math.abs(texts.reduce((sum, { probability }) => sum + probability, 0) - 1) < 1e-12);
});

Deno.test("what observers can recall", () => {
  const recall = (knows: string) => bestRecall(allTexts(), OBSERVERS[knows]!);
  const near = (actual: number | undefined, expected: number) =>
    assert.ok(Math.abs(actual! - expected) < 1e-9, `${actual}, expected ${expected}`);
  const input = recall("last two symbols");
  // The dot and the last symbol of the half are the input at lag 1; later the end symbol is more probable.
  near(input["lag 1"], 1);
  near(input["lag 3, half of 2"], 0);
  const backward = recall("and what stood before the current symbol");
  near(backward["lag 3, half of 3"], 1);
  // Asked for a after b: the newest symbol before b is a, unless c = b.
  near(backward["lag 5"], 6 / 7);
});
