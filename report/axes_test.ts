import assert from "node:assert/strict";
import { runAxes } from "./axes.ts";
import { parseRunFiles } from "./run_files.ts";

const axes = (metrics: string) => runAxes(parseRunFiles({ config: "{}", metrics }));

Deno.test("runAxes offers the clocks that every line holds", () => {
  const { titles, values } = axes('{"iteration":1,"seconds":0.5}\n{"iteration":2}\n');
  assert.deepEqual(titles, { iteration: "iterations" });
  assert.deepEqual(values, { iteration: [1, 2] });
});

Deno.test("runAxes counts lines where there is no clock", () => {
  assert.deepEqual(axes('{"train/loss":1}\n{"train/loss":2}\n').values, { line: [0, 1] });
  assert.deepEqual(axes("").values, { line: [] });
});
