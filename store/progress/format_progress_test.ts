import assert from "node:assert/strict";
import {
  cutLine,
  formatDuration,
  formatNumber,
  formatProgress,
  formatRate,
} from "./format_progress.ts";

const snapshot = {
  iteration: 1200,
  iterations: 5000,
  sequences: 9600,
  seconds: 62,
  values: { loss: 0.123456, recall_accuracy: 1 },
  units: { loss: "nats" },
};

Deno.test("formatProgress: all parts, and those that are known", () => {
  assert.equal(
    formatProgress(snapshot, { sequencesPerSecond: 12_345, secondsLeft: 190 }),
    "iteration 1200/5000 (24%)  loss 0.1235 nats  recall accuracy 1  " +
      "12.3k sequences/s  1m02s, 3m10s left",
  );
  assert.equal(
    formatProgress({ ...snapshot, values: {} }, {}),
    "iteration 1200/5000 (24%)  1m02s",
  );
  assert.equal(
    formatProgress({ ...snapshot, iteration: 5000, values: {} }, { secondsLeft: 0 }),
    "iteration 5000/5000 (100%)  1m02s",
  );
  assert.match(formatProgress({ ...snapshot, iteration: 0, iterations: 0 }, {}), /0\/0 \(100%\)/);
});

Deno.test("formatProgress: names cannot steer the terminal", () => {
  const line = formatProgress({ ...snapshot, values: { "a\x1b[2J\n": 1 } }, {});
  assert.match(line, /a\?\[2J\? 1/);
});

Deno.test("formatNumber, formatRate and formatDuration", () => {
  const numbers = [0, 3, -0.5, 0.00012345, 0.99996, 12.3456, 12345.678, 1.5e9, NaN, -Infinity];
  assert.deepEqual(numbers.map(formatNumber), [
    "0",
    "3",
    "-0.5000",
    "1.23e-4",
    "1.000",
    "12.35",
    "12346",
    "1.50e+9",
    "NaN",
    "-Infinity",
  ]);
  assert.deepEqual([0, 1.234, 45.67, 999, 1234, 2.5e6, 3e9, Infinity].map(formatRate), [
    "0.00",
    "1.23",
    "45.7",
    "999",
    "1.23k",
    "2.50M",
    "3.00G",
    "?",
  ]);
  assert.deepEqual([0, 59.6, 192, 7500, 100 * 3600, NaN, -1].map(formatDuration), [
    "0s",
    "1m00s",
    "3m12s",
    "2h05m",
    "4d04h",
    "?",
    "?",
  ]);
});

Deno.test("cutLine", () => {
  assert.equal(cutLine("abcdef", 6), "abcdef");
  assert.equal(cutLine("abcdef", 5), "abcd…");
  assert.equal(cutLine("abcdef", 1), "…");
  assert.equal(cutLine("abcdef", 0), "");
});
