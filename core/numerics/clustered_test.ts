import assert from "node:assert/strict";
import { type RandomStream, randomStream } from "../random.ts";
import { type Cluster, clusteredRatioInterval, clusteredShareInterval } from "./clustered.ts";
import { meanInterval, wilsonInterval } from "./statistics.ts";

/**
 * The right trials of a sequence: each copies one answer that all share with probability `copied`, else it is
 * right by itself. Two of them correlate by copied².
 */
function sequence(
  random: RandomStream,
  { share, copied, trials }: { share: number; copied: number; trials: number },
): Cluster {
  const common = random.uniform() < share ? 1 : 0;
  let above = 0;
  for (let trial = 0; trial < trials; trial++) {
    above += random.uniform() < copied ? common : Number(random.uniform() < share);
  }
  return { above, below: trials };
}

type IntervalOf = (clusters: readonly Cluster[]) => { low: number; high: number };

/** How often the interval holds the share. */
function coverage(
  intervalOf: IntervalOf,
  { share, copied, trials, sequences }: {
    share: number;
    copied: number;
    trials: () => number;
    sequences: number;
  },
): number {
  const repeats = 4000;
  const random = randomStream({ seed: 5 });
  let inside = 0;
  for (let repeat = 0; repeat < repeats; repeat++) {
    const { low, high } = intervalOf(
      Array.from(
        { length: sequences },
        () => sequence(random, { share, copied, trials: trials() }),
      ),
    );
    inside += Number(low <= share && share <= high);
  }
  return inside / repeats;
}

Deno.test("intervals of shares of correlated trials hold the share in 95 ± 1 % of samples", () => {
  const length = randomStream({ seed: 9 });
  const lengths = { "14": () => 14, "1 to 20": () => 1 + length.below(20) };
  for (const [name, trials] of Object.entries(lengths)) {
    for (const copied of [0.25, 0.32, 0.6]) {
      for (const share of [0.5, 0.8]) {
        const held = coverage(clusteredShareInterval, { share, copied, trials, sequences: 60 });
        assert.ok(held > 0.94 && held < 0.96, `${name}, ${copied}, ${share}: ${held}`);
      }
    }
  }
  // What counts trials instead is too narrow by far.
  const trialsAlone: IntervalOf = (clusters) =>
    wilsonInterval(
      clusters.reduce((sum, { above }) => sum + above, 0),
      14 * clusters.length,
    );
  assert.ok(
    coverage(trialsAlone, { share: 0.5, copied: 0.32, trials: () => 14, sequences: 60 }) < 0.85,
  );
});

Deno.test("few sequences, rare errors: the interval holds the share in 93 % of samples at least", () => {
  for (const sequences of [3, 5, 10]) {
    for (const share of [0.5, 0.9, 0.98]) {
      const held = coverage(clusteredShareInterval, {
        ...{ share, copied: 0.32, sequences },
        trials: () => 14,
      });
      assert.ok(held > 0.93, `${sequences} sequences, ${share}: ${held}`);
    }
  }
});

Deno.test("one trial in each sequence: Wilson's interval itself", () => {
  const clusters = Array.from({ length: 40 }, (_, index) => ({
    above: index % 3 === 0 ? 1 : 0,
    below: index % 4 === 0 ? 0 : 1,
  })).map(({ above, below }) => ({ above: above * below, below }));
  const sum = (key: keyof Cluster) => clusters.reduce((sum, cluster) => sum + cluster[key], 0);
  assert.deepEqual(clusteredShareInterval(clusters), wilsonInterval(sum("above"), sum("below")));
  assert.deepEqual(clusteredShareInterval([]), { low: 0, high: 1 });
});

Deno.test("shares of 0 and 1, and of one sequence, count sequences", () => {
  const all = (above: number, sequences: number) =>
    clusteredShareInterval(Array.from({ length: sequences }, () => ({ above, below: 14 })));
  assert.deepEqual(all(14, 20), wilsonInterval(20, 20));
  assert.deepEqual(all(0, 20), wilsonInterval(0, 20));
  assert.deepEqual(all(7, 1), wilsonInterval(0.5, 1));
  // Several sequences in a cluster are told by their squares.
  const pairs = Array.from({ length: 10 }, () => ({ above: 28, below: 28 }));
  assert.deepEqual(clusteredShareInterval(pairs, 20 * 14 ** 2), wilsonInterval(20, 20));
});

Deno.test("a ratio of amounts: Student's t over the sequences", () => {
  const values = [0.3, -2, 5.5, 1.25, 0];
  const { low, high } = clusteredRatioInterval(values.map((above) => ({ above, below: 1 })))!;
  const expected = meanInterval(values)!;
  assert.ok(Math.abs(low - expected.low) < 1e-12 && Math.abs(high - expected.high) < 1e-12);
  assert.equal(clusteredRatioInterval([{ above: 1, below: 2 }]), undefined);
});

Deno.test("intervals of means of amounts hold the mean in 95 ± 1 % of samples", () => {
  for (const values of [2, 4, 32, 100]) {
    const random = randomStream({ seed: 6 });
    let inside = 0;
    const repeats = 6000;
    for (let repeat = 0; repeat < repeats; repeat++) {
      const { low, high } = meanInterval(
        Array.from({ length: values }, () => 3 + random.normal()),
      )!;
      inside += Number(low <= 3 && 3 <= high);
    }
    assert.ok(Math.abs(inside / repeats - 0.95) < 0.01, `${values}: ${inside / repeats}`);
  }
});
