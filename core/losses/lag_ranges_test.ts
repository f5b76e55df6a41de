import assert from "node:assert/strict";
import { lagRanges } from "./lag_ranges.ts";

const names = (...lags: Parameters<typeof lagRanges>) => lagRanges(...lags).map(({ name }) => name);

Deno.test("few lags stand alone", () => {
  assert.deepEqual(names({ least: 0, most: 3 }), ["0", "1", "2", "3"]);
  assert.deepEqual(names({ least: 1, most: 15, step: 2 }), [
    "1",
    "3",
    "5",
    "7",
    "9",
    "11",
    "13",
    "15",
  ]);
  assert.deepEqual(lagRanges({ least: 2, most: 2 }), [{ name: "2", low: 2, high: 2 }]);
});

Deno.test("many lags are put together between powers of two, without gaps", () => {
  assert.deepEqual(names({ least: 0, most: 9 }), ["0", "1", "2", "3_to_4", "5_to_8", "9"]);
  assert.deepEqual(names({ least: 1, most: 61, step: 2 }), [
    ...["1", "3", "5_to_7", "9_to_15", "17_to_31", "33_to_61"],
  ]);
  assert.deepEqual(names({ least: 5, most: 40 }), ["5_to_8", "9_to_16", "17_to_32", "33_to_40"]);
  for (const step of [1, 2, 3]) {
    const lags = { least: 1, most: 1 + 50 * step, step };
    const covered = lagRanges(lags).flatMap(({ low, high }) =>
      Array.from({ length: (high - low) / step + 1 }, (_, index) => low + index * step)
    );
    assert.deepEqual(covered, Array.from({ length: 51 }, (_, index) => 1 + index * step));
  }
});
