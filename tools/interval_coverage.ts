/**
 * `deno run tools/interval_coverage.ts`: how often each kind of 95 % interval holds what it is about, in
 * simulated samples. `docs/statistics.md` has the table that it prints.
 */
import { blockInterval } from "../analysis/evaluate/scene_blocks.ts";
import { pooled } from "../analysis/examine/pooled.ts";
import {
  type Cluster,
  clusteredRatioInterval,
  clusteredShareInterval,
} from "../core/numerics/clustered.ts";
import { jackknifeInterval } from "../core/numerics/jackknife.ts";
import {
  type Interval,
  meanInterval,
  predictionInterval,
  wilsonInterval,
} from "../core/numerics/statistics.ts";
import { type RandomStream, randomStream } from "../core/random.ts";
import { medianDifferenceInterval } from "../studies/median.ts";

/** Draws a sample: its interval, and the number that this should hold. */
type Draw = (random: RandomStream) => { interval: Interval; truth: number };

interface Kind {
  readonly name: string;
  readonly repeats: number;
  readonly cases: readonly Draw[];
}

const times = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => make(index));
const successes = (random: RandomStream, trials: number, share: number): number =>
  times(trials, () => Number(random.uniform() < share)).reduce((sum, one) => sum + one, 0);

/** 14 answers of a sequence; each copies one that all share with probability `copied`. */
function sequence(random: RandomStream, share: number, copied: number): Cluster {
  const common = Number(random.uniform() < share);
  const answers = times(
    14,
    () => random.uniform() < copied ? common : Number(random.uniform() < share),
  );
  return { above: answers.reduce((sum, one) => sum + one, 0), below: 14 };
}

/** Two ways to answer 60 sequences of 14 steps, one of them right where the other is but for a share of answers. */
const paired = (share: number, lost: number): Draw => (random) => ({
  truth: share * lost,
  interval: jackknifeInterval(
    times(60, () => {
      const right = sequence(random, share, 0.32).above;
      return [right, 14, right - successes(random, right, lost), 14];
    }),
    ([a, b, c, d]) => a! / b! - c! / d!,
  )!,
});

/** Networks of a logit N(mean, 1), with 200 tries each. The mean share is that of Gauss-Hermite sums. */
function networks(count: number, mean: number): Draw {
  const shareAt = (z: number) => 1 / (1 + Math.exp(-mean - z));
  const grid = times(2001, (index) => (index - 1000) / 125);
  const density = grid.map((z) => Math.exp(-z * z / 2));
  const weight = density.reduce((sum, part) => sum + part, 0);
  const truth = grid.reduce((sum, z, index) => sum + density[index]! * shareAt(z), 0) / weight;
  return (random) => ({
    truth,
    interval: pooled(
      times(count, () => ({ count: successes(random, 200, shareAt(random.normal())), of: 200 })),
    ),
  });
}

/** A movie of 10,000 scenes; a network is good or bad at them for `dwell` scenes on average. */
const movie = (reach: number, dwell: number, [good, bad]: readonly [number, number]): Draw => {
  const ones = new Float64Array(10_000).fill(1);
  return (random) => {
    let isGood = random.uniform() < 0.5;
    const right = Float64Array.from(ones, () => {
      if (random.uniform() < 1 / dwell) isGood = random.uniform() < 0.5;
      return Number(random.uniform() < (isGood ? good : bad));
    });
    return { truth: (good + bad) / 2, interval: blockInterval(right, ones, { reach }) };
  };
};

const kinds: readonly Kind[] = [
  {
    name: "mean of n seeds (Student's t), n = 2, 5, 31, 100",
    repeats: 20_000,
    cases: [2, 5, 31, 100].map((n) => (random) => ({
      truth: 0,
      interval: meanInterval(times(n, () => random.normal()))!,
    })),
  },
  {
    name: "share of independent trials (Wilson): .5 of 100, .9 of 100, .99 of 1000",
    repeats: 20_000,
    cases: ([[0.5, 100], [0.9, 100], [0.99, 1000]] as const).map(([truth, n]) => (random) => ({
      truth,
      interval: wilsonInterval(successes(random, n, truth), n),
    })),
  },
  {
    name: "share of answers, 60 sequences of 14 that correlate by .06, .10, .36",
    repeats: 5000,
    cases: [0.25, 0.32, 0.6].map((copied) => (random) => ({
      truth: 0.8,
      interval: clusteredShareInterval(times(60, () => sequence(random, 0.8, copied))),
    })),
  },
  {
    name: "mean of amounts over 60 sequences of 1 to 20",
    repeats: 5000,
    cases: [(random) => {
      const clusters = times(60, () => {
        const below = 1 + random.below(20);
        return { below, above: below * random.normal() + random.normal() };
      });
      return { truth: 0, interval: clusteredRatioInterval(clusters)! };
    }],
  },
  {
    name: "difference of shares on the same 60 sequences of 14: .8 - .4, .8 - .76, .99 - .98",
    repeats: 5000,
    cases: [paired(0.8, 0.5), paired(0.8, 0.05), paired(0.99, 0.01)],
  },
  {
    name: "share of tries of 5 networks of a mean share .50, .83, .97",
    repeats: 3000,
    cases: [0, 2, 4].map((mean) => networks(5, mean)),
  },
  {
    name: "share of scenes of a movie: R = 5, alone; R = 5, 10, 20, alike for R scenes",
    repeats: 400,
    cases: [
      movie(5, 1, [0.9, 0.9]),
      movie(5, 5, [0.95, 0.6]),
      movie(10, 10, [0.99, 0.8]),
      movie(20, 20, [0.97, 0.5]),
    ],
  },
  {
    name: "share of the next movie (prediction) of 2000 scenes: .9, .985, .999",
    repeats: 3000,
    cases: [0.9, 0.985, 0.999].map((share) => (random) => ({
      truth: successes(random, 2000, share) / 2000,
      interval: predictionInterval(successes(random, 2000, share), 2000, { size: 2000 }),
    })),
  },
  {
    name: "difference of medians of n seeds (bootstrap), n = 3, 5, 8",
    repeats: 300,
    cases: [3, 5, 8].map((n) => (random) => ({
      truth: 0,
      interval: medianDifferenceInterval(
        times(n, () => random.normal()),
        times(n, () => random.normal()),
      )!,
    })),
  },
];

for (const { name, repeats, cases } of kinds) {
  const held = cases.map((draw) => {
    const random = randomStream({ seed: 1 });
    const inside = times(repeats, () => draw(random))
      .filter(({ interval: { low, high }, truth }) => low <= truth && truth <= high).length;
    return (100 * inside / repeats).toFixed(1);
  });
  console.log(`| ${name} | ${held.join(", ")} |`);
}
