import assert from "node:assert/strict";
import type { Estimate } from "../core/training/sequence_counts.ts";
import type { TrainResult } from "../core/training/train_options.ts";
import { resolveConfig } from "../config/resolve_config.ts";
import { computed } from "../core/losses/metric_kinds.ts";
import type { Task } from "../core/training/task.ts";
import { findTask } from "../tasks/mod.ts";
import { resultLines } from "./result_lines.ts";

const task = findTask("long_range_memory").build();
const linesOf = (estimates: readonly Estimate[], judged: Task = task) =>
  resultLines(
    {
      ...{ endReason: "completed", iterations: 3, sequences: 3, seconds: 1, testCounts: {} },
      metrics: {},
      testEstimates: { [judged.score]: estimates },
      divergences: [],
    } as unknown as TrainResult,
    {
      tasks: estimates.map(() => judged),
      replicas: estimates.map((_, index) => ({
        ...{ label: `seed ${index}`, seed: index, point: 0, settings: {} },
      })),
      config: resolveConfig([]).config,
    },
  ).filter((line) => line.startsWith("test/"));

Deno.test("a share is shown with its counts and its interval over sequences", () => {
  const share = { value: 0.7, count: { count: 70, of: 100 }, sequences: 10 };
  assert.deepEqual(linesOf([{ ...share, interval: { low: 0.5, high: 0.8 } }]), [
    `test/${task.score}: 0.7000 on fresh sequences (95% interval 0.5000 to 0.8000, 70 of 100; ` +
    `chance ${task.chance!.toFixed(4)})`,
  ]);
});

Deno.test("a score that is an amount has its unit, and neither counts nor a chance", () => {
  const volts: Task = {
    ...task,
    score: "deviation",
    chance: 1,
    loss: {
      ...task.loss,
      metrics: { deviation: ["above", "below"] },
      means: ["deviation"],
      notes: { deviation: { unit: "mV" } },
    },
  };
  const amount = { value: 1234.55, count: undefined };
  assert.deepEqual(linesOf([{ ...amount, sequences: 1, interval: undefined }], volts), [
    "test/deviation: 1235 mV on fresh sequences (mean of 1 sequence)",
  ]);
  const interval = { low: 1200, high: 1.25e-7 };
  assert.deepEqual(linesOf([{ ...amount, sequences: 10, interval }], volts), [
    "test/deviation: 1235 mV on fresh sequences (95% interval 1200 mV to 1.25e-7 mV, mean of " +
    "10 sequences)",
  ]);
  const value = computed(["above"], (above) => above!, { unit: "bits" });
  const bits: Task = { ...volts, loss: { ...volts.loss, metrics: { deviation: value } } };
  assert.deepEqual(linesOf([{ ...amount, sequences: 10, interval: undefined }], bits), [
    "test/deviation: 1235 bits on fresh sequences (over 10 sequences)",
  ]);
  const few: Task = { ...volts, heldOut: { validation: 5, test: 10 } };
  assert.deepEqual(linesOf([{ ...amount, sequences: 10, interval: undefined }], few), [
    "test/deviation: 1235 mV on all 10 held-out sequences (mean of 10 sequences)",
  ]);
});
