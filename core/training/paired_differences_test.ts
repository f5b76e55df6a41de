import assert from "node:assert/strict";
import type { Loss } from "../losses/loss.ts";
import { meanInterval } from "../numerics/statistics.ts";
import { createProgram } from "../program/program.ts";
import { sequenceSlot } from "../program/sequence_slot.ts";
import { pairedDifferences } from "./paired_differences.ts";
import { createSequenceCounts } from "./sequence_counts.ts";

const loss = {
  metrics: { loss: ["loss", "asked"], accuracy: ["right", "asked"] },
} as unknown as Loss;

/** Counts of two replicas, [sequences][P] of loss, right and asked. */
function counted(rows: readonly (readonly (readonly [number, number, number])[])[]) {
  const builder = createProgram({ replicas: 2, sequences: 1, steps: 1 });
  builder.nameMetrics("evaluate", ["loss", "right", "asked"]);
  const axes = { hasBatchAxis: true, hasChunkAxis: true };
  builder.slot(sequenceSlot, { kind: "metric", shape: [3], ...axes });
  const counts = createSequenceCounts(builder.build());
  counts.add(Float64Array.from(rows.flat(2)), rows.length);
  return counts;
}

Deno.test("paired differences: of as many predictions each, the mean difference with Student's t", () => {
  const [before, after] = [[1, 3, 2, 5], [0.5, 2, 2.5, 1]];
  const rows = (losses: readonly number[], right: number) =>
    losses.map((value) => [[2 * value, right, 2], [NaN, 1, 2]] as const);
  const { loss: losses, accuracy } = pairedDifferences(
    loss,
    counted(rows(before!, 2)),
    counted(rows(after!, 1)),
  );
  const differences = before!.map((value, index) => value - after![index]!);
  const { low, high } = meanInterval(differences)!;
  const [first, second] = losses!;
  assert.ok(Math.abs(first!.value - 1.25) < 1e-12);
  assert.ok(Math.abs(first!.interval!.low - low) < 1e-12);
  assert.ok(Math.abs(first!.interval!.high - high) < 1e-12);
  assert.deepEqual(second, { value: NaN, interval: undefined });
  // All sequences differ alike: they do not tell how much others would.
  assert.deepEqual(accuracy, [
    { value: 0.5, interval: undefined },
    { value: 0, interval: undefined },
  ]);
});

Deno.test("paired differences: sequences of many predictions weigh more, and there are pairs only", () => {
  const [short, long] = [[1, 1, 1], [9, 3, 9]] as const;
  const first = counted([[short, short], [long, long], [short, short]]);
  const second = counted([[[2, 0, 1], short], [[0, 9, 9], long], [short, short]]);
  const [difference] = pairedDifferences(loss, first, second)["accuracy"]!;
  assert.ok(Math.abs(difference!.value - (5 / 11 - 10 / 11)) < 1e-12);
  assert.throws(() => pairedDifferences(loss, first, counted([[short, short]])), RangeError);
});
