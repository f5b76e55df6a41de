import assert from "node:assert/strict";
import type { Estimate } from "../core/training/sequence_counts.ts";
import type { TrainResult } from "../core/training/train_options.ts";
import { resolveConfig } from "../config/resolve_config.ts";
import { findTask } from "../tasks/mod.ts";
import { resultLines } from "./result_lines.ts";

const task = findTask("long_range_memory").build();
const linesOf = (estimates: readonly Estimate[]) =>
  resultLines(
    {
      ...{ endReason: "completed", iterations: 3, sequences: 3, seconds: 1, testCounts: {} },
      metrics: {},
      testEstimates: { [task.score]: estimates },
      divergences: [],
    } as unknown as TrainResult,
    {
      tasks: estimates.map(() => task),
      replicas: estimates.map((_, index) => ({
        ...{ label: `seed ${index}`, seed: index, point: 0, settings: {} },
      })),
      config: resolveConfig([]).config,
    },
  ).filter((line) => line.includes("interval"));

Deno.test("a share is shown with its counts and its interval over sequences", () => {
  const share = { above: 70, below: 100, isShare: true, sequences: 10 };
  assert.deepEqual(linesOf([{ ...share, interval: { low: 0.5, high: 0.8 } }]), [
    `test/${task.score}: 0.7000 on fresh sequences (95% interval 0.5000 to 0.8000, 70 of 100; ` +
    `chance ${task.chance.toFixed(4)})`,
  ]);
});

Deno.test("a mean of amounts is never shown as a count", () => {
  const amount = { above: -25.5, below: 10, isShare: false, sequences: 10 };
  assert.deepEqual(linesOf([{ ...amount, interval: { low: -3, high: -2.1 } }]), [
    `test/${task.score}: -2.5500 on fresh sequences (95% interval -3.0000 to -2.1000, ` +
    `mean of 10 sequences; chance ${task.chance.toFixed(4)})`,
  ]);
});
