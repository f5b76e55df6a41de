import assert from "node:assert/strict";
import { differencesProgress } from "./differences_progress.ts";

/** What is said of `total` numbers that take so many seconds each. */
function linesOf(total: number, secondsEach: number, passes = 1): string[] {
  const lines: string[] = [];
  let seconds = 100;
  const onSample = differencesProgress({
    say: (line) => lines.push(`say ${line}`),
    show: (line) => lines.push(line),
    now: () => seconds,
  });
  for (let pass = 0; pass < passes; pass++) {
    seconds += 5;
    onSample(0, total);
    for (let moved = 1; moved <= total; moved++) {
      seconds += secondsEach;
      onSample(moved, total);
    }
  }
  return lines;
}

const advice = "say --samples N, or smaller sizes by --set, make it quicker";

Deno.test("progress of central differences: a line every two seconds, advice once where it is long", () => {
  assert.deepEqual(linesOf(16, 1).slice(0, 3), [
    advice,
    "central differences: 2 of 16 numbers, 14s left",
    "central differences: 4 of 16 numbers, 12s left",
  ]);
  const twice = linesOf(16, 1, 2);
  assert.equal(twice.length, 1 + 2 * 8);
  // The second comparison is timed from its own beginning.
  assert.equal(twice[9], "central differences: 2 of 16 numbers, 14s left");
});

Deno.test("progress of central differences: no advice where little is left, nothing of quick work", () => {
  assert.deepEqual(linesOf(5, 1), [
    "central differences: 2 of 5 numbers, 3s left",
    "central differences: 4 of 5 numbers, 1s left",
  ]);
  assert.deepEqual(linesOf(150, 0.0125), []);
});
