import assert from "node:assert/strict";
import { formatCount, formatNumber, formatSeconds, formatShare } from "./format.ts";

Deno.test("formatNumber keeps four digits and never hides a small number", () => {
  assert.deepEqual(
    [0, 12345, 0.123456, 1e-7, 2.5e9 + 0.5, NaN, -Infinity].map(formatNumber),
    ["0", "12,345", "0.1235", "1.00e-7", "2.50e+9", "NaN", "-Infinity"],
  );
});

Deno.test("formatCount groups digits", () => {
  assert.deepEqual([7, 1000, 1234567, -1234].map(formatCount), [
    "7",
    "1,000",
    "1,234,567",
    "-1,234",
  ]);
});

Deno.test("formatShare does not round an imperfect share to 1 or 0", () => {
  assert.deepEqual(
    [0.17, 1, 0, 0.996, 0.9996, 0.004].map(formatShare),
    ["0.17", "1.00", "0.00", "0.996", "0.9996", "0.004"],
  );
});

Deno.test("formatSeconds reads as a clock at every size", () => {
  assert.deepEqual(
    [0.04, 59.9, 59.96, 125.4, 3599.7, 11220].map(formatSeconds),
    ["0.0 s", "59.9 s", "1 min 00 s", "2 min 05 s", "1 h 00 min", "3 h 07 min"],
  );
});
