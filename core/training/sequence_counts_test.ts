import assert from "node:assert/strict";
import type { Loss } from "../losses/loss.ts";
import { clusteredRatioInterval, clusteredShareInterval } from "../numerics/clustered.ts";
import { createProgram } from "../program/program.ts";
import { sequenceSlot } from "../program/sequence_slot.ts";
import { randomStream } from "../random.ts";
import { createSequenceCounts } from "./sequence_counts.ts";

const names = ["loss", "correct", "asked", "amount"];
const loss: Pick<Loss, "metrics" | "means"> = {
  metrics: { loss: ["loss", "asked"], accuracy: ["correct", "asked"], size: ["amount", "asked"] },
};

function programOf(replicas: number, sequences: number) {
  const builder = createProgram({ replicas, sequences, steps: 1 });
  builder.nameMetrics("evaluate", names);
  builder.slot(sequenceSlot, {
    kind: "metric",
    shape: [names.length],
    hasBatchAxis: true,
    hasChunkAxis: true,
  });
  return builder.build();
}

/** What replica p counts in sequence n. */
function countsOf(replica: number, sequence: number): number[] {
  const random = randomStream({ seed: replica, step: sequence });
  const asked = 1 + random.below(14);
  return [random.uniform(), Math.min(asked, random.below(15)), asked, 3 * random.normal()];
}

/** Rows [K, P, B, M] of so many iterations, through the counter. */
function counted({ replicas, sequences, iterations }: Record<string, number>) {
  const counts = createSequenceCounts(programOf(replicas!, sequences!));
  for (let first = 0; first < iterations!; first++) {
    const rows: number[] = [];
    for (let replica = 0; replica < replicas!; replica++) {
      for (let index = 0; index < sequences!; index++) {
        rows.push(...countsOf(replica, first * sequences! + index));
      }
    }
    counts.add(Float64Array.from(rows), 1);
  }
  return counts.estimates(loss as Loss);
}

Deno.test("intervals of a metric are those of its counts in each sequence, by replica", () => {
  const estimates = counted({ replicas: 2, sequences: 5, iterations: 8 });
  for (const replica of [0, 1]) {
    const all = Array.from({ length: 40 }, (_, sequence) => countsOf(replica, sequence));
    const clusters = all.map(([, above, below]) => ({ above: above!, below: below! }));
    const [share, size] = [estimates["accuracy"]![replica]!, estimates["size"]![replica]!];
    const total = (sum: "above" | "below") => clusters.reduce((all, c) => all + c[sum], 0);
    assert.deepEqual(share, {
      value: total("above") / total("below"),
      count: { count: total("above"), of: total("below") },
      interval: clusteredShareInterval(clusters),
      sequences: 40,
    });
    // The loss does not list it as a mean: its amounts tell.
    assert.equal(size.count, undefined);
    assert.deepEqual(
      size.interval,
      clusteredRatioInterval(all.map(([, , below, above]) => ({ above: above!, below: below! }))),
    );
    assert.equal(estimates["loss"]![replica]!.count, undefined);
  }
});

Deno.test("more sequences than groups: the interval is nearly the same, in bounded memory", () => {
  const [estimate] = counted({ replicas: 1, sequences: 100, iterations: 50 })["accuracy"]!;
  const { interval, count, sequences } = estimate!;
  const clusters = Array.from({ length: 5000 }, (_, sequence) => {
    const [, above, below] = countsOf(0, sequence);
    return { above: above!, below: below! };
  });
  const exact = clusteredShareInterval(clusters);
  assert.equal(sequences, 5000);
  assert.equal(count!.count, clusters.reduce((sum, { above }) => sum + above, 0));
  const ratio = (interval!.high - interval!.low) / (exact.high - exact.low);
  assert.ok(Math.abs(ratio - 1) < 0.05, `${ratio}`);
});

Deno.test("a replica whose counts are not numbers has no interval, and the others keep theirs", () => {
  const counts = createSequenceCounts(programOf(2, 1));
  for (let index = 0; index < 4; index++) {
    counts.add(Float64Array.of(NaN, NaN, 2, NaN, 1, 1, 2, 1), 1);
  }
  const [broken, sound] = counts.estimates(loss as Loss)["accuracy"]!;
  assert.equal(broken!.interval, undefined);
  assert.ok(sound!.count && sound!.interval!.low < 0.5);
});
