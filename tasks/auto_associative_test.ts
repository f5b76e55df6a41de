/** Episodes, read back step by step and held to what an episode is said to be. */
import assert from "node:assert/strict";
import { randomStream } from "../core/random.ts";
import { anyDraw } from "../core/testing/any_draw.ts";
import { type Sequence, splitStreams, type Task } from "../core/training/task.ts";
import { autoAssociative, autoAssociative1000 } from "./auto_associative.ts";
import { findTask } from "./mod.ts";
import { drawPatterns, mostOrthogonal } from "./patterns.ts";

interface Settings {
  readonly pattern_size: number;
  readonly patterns: number;
  readonly orthogonal: boolean;
  readonly cycles: number;
  readonly presentation_time: number;
  readonly delay: number;
  readonly test_time: number;
  readonly degraded: number;
  readonly input_gain: number;
  readonly bias_input: number;
  readonly half_loss: boolean;
}

const usual: Settings = {
  pattern_size: 28,
  patterns: 3,
  orthogonal: true,
  cycles: 2,
  presentation_time: 6,
  delay: 4,
  test_time: 6,
  degraded: 0.5,
  input_gain: 20,
  bias_input: 10,
  half_loss: true,
};
const kinds: readonly Partial<Settings>[] = [
  {},
  { pattern_size: 4, patterns: 2, cycles: 1, presentation_time: 1, delay: 0, test_time: 1 },
  { pattern_size: 8, patterns: 3, cycles: 3, degraded: 0.3, input_gain: 2, bias_input: 0 },
  { pattern_size: 6, patterns: 5, orthogonal: false, degraded: 1, half_loss: false },
  { pattern_size: 16, patterns: 4, presentation_time: 2, delay: 1, test_time: 3, degraded: 0.99 },
];

const drawn = (task: Task, step = 0, { seed = 5, stream = splitStreams.train as number } = {}) =>
  task.sequence(randomStream({ seed, stream, step }), anyDraw);

/** The input of one step in units of the gain: the bits as a text of +, - and 0, and the bias. */
function inputAt({ x }: Sequence, t: number, { pattern_size, input_gain }: Settings) {
  const values = [...x!.subarray(t * (pattern_size + 1), (t + 1) * (pattern_size + 1))];
  const bits = values.slice(0, pattern_size).map((value) => {
    assert.ok([0, input_gain, -input_gain].includes(value), `${value}`);
    return value === 0 ? "0" : value > 0 ? "+" : "-";
  });
  return { bits: bits.join(""), bias: values.at(-1)! / input_gain };
}

const product = (a: string, b: string) =>
  [...a].reduce((sum, sign, bit) => sum + (sign === b[bit] ? 1 : -1), 0);
const count = (text: string, sign: string) => text.split(sign).length - 1;

/** An episode as runs of equal inputs: what was shown, in which order, and the test. */
function readEpisode(sequence: Sequence, settings: Settings) {
  const { patterns, cycles, presentation_time, delay, test_time, pattern_size } = settings;
  const nothing = "0".repeat(pattern_size);
  let t = 0;
  const run = (length: number): string => {
    const seen = Array.from({ length }, () => {
      const { bits, bias } = inputAt(sequence, t++, settings);
      assert.ok(Math.abs(bias - settings.bias_input) < 1e-6, `bias ${bias}`);
      return bits;
    });
    assert.equal(new Set(seen).size, Math.min(1, length), "one input throughout");
    return seen[0] ?? nothing;
  };
  const rounds = Array.from({ length: cycles }, () =>
    Array.from({ length: patterns }, () => {
      const shown = run(presentation_time);
      assert.equal(run(delay), nothing);
      return shown;
    }));
  return { rounds, test: run(test_time), steps: t };
}

/** Fails if counts are too far from all being equally likely. */
function assertUniform(counts: readonly number[], what: string): void {
  const expected = counts.reduce((a, b) => a + b, 0) / counts.length;
  assert.ok(expected > 20, `${what}: ${expected} are too few to tell`);
  const statistic = counts.reduce((sum, n) => sum + (n - expected) ** 2 / expected, 0);
  const freedom = counts.length - 1;
  assert.ok(statistic < freedom + 4.5 * Math.sqrt(2 * freedom), `${what}: ${statistic}: ${counts}`);
}

const tally = (keys: readonly string[]): Map<string, number> => {
  const counts = new Map<string, number>();
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  return counts;
};

Deno.test("auto_associative: rounds of patterns, then part of one of them", () => {
  for (const options of kinds) {
    const settings = { ...usual, ...options };
    const { pattern_size, patterns, orthogonal, degraded, half_loss } = settings;
    const task = autoAssociative.build(settings);
    assert.deepEqual(task.sizes, { inputs: pattern_size + 1 });
    assert.deepEqual(task.output, [pattern_size + 1]);
    for (let step = 0; step < 40; step++) {
      const sequence = drawn(task, step);
      assert.deepEqual(Object.keys(sequence), Object.keys(task.inputs));
      const { rounds, test, steps } = readEpisode(sequence, settings);
      assert.equal(steps, task.steps);
      const shown = rounds[0]!;
      for (const round of rounds) assert.deepEqual(round.toSorted(), shown.toSorted());
      for (const [index, pattern] of shown.entries()) {
        assert.equal(count(pattern, "+"), pattern_size / 2);
        assert.equal(count(pattern, "-"), pattern_size / 2);
        for (const other of orthogonal ? shown.slice(0, index) : []) {
          assert.equal(product(pattern, other), 0);
        }
      }
      if (orthogonal) assert.equal(new Set(shown).size, patterns);
      assert.equal(count(test, "0"), Math.round(degraded * pattern_size));
      const { target, erased, weight } = sequence;
      const last = (steps - 1) * pattern_size;
      const answer = [...target!.subarray(last)].map((bit) => bit === 1 ? "+" : "-").join("");
      assert.ok(shown.includes(answer), "one of the patterns");
      assert.deepEqual([...erased!.subarray(last)], [...test].map((bit) => Number(bit === "0")));
      [...test].forEach((bit, place) => assert.ok(bit === "0" || bit === answer[place]));
      assert.ok([...target!.subarray(last)].every((bit) => Math.abs(bit) === 1));
      for (const before of [target!.subarray(0, last), erased!.subarray(0, last)]) {
        assert.ok(before.every((value) => value === 0));
      }
      assert.deepEqual([...weight!], [...Array(steps - 1).fill(0), half_loss ? 1 : 2]);
    }
  }
});

Deno.test("auto_associative: 66 steps of 29 neurons, 106 of 1001", () => {
  const small = autoAssociative.build();
  const large = autoAssociative1000.build();
  assert.deepEqual([small.steps, small.output], [66, [29]]);
  assert.deepEqual([large.steps, large.output], [106, [1001]]);
  const { x, erased, weight } = drawn(small);
  assert.deepEqual([x![28], x!.at(-1), x!.length], [200, 200, 66 * 29]);
  assert.deepEqual([erased!.reduce((a, b) => a + b), weight!.at(-1)], [14, 1]);
  const settings = {
    ...usual,
    pattern_size: 1000,
    patterns: 5,
    orthogonal: false,
    bias_input: 1,
    half_loss: false,
  };
  const big = drawn(large);
  assert.deepEqual([big.x![1000], big.x!.length, big.weight!.at(-1)], [20, 106 * 1001, 2]);
  const { rounds, test } = readEpisode(big, settings);
  assert.equal(new Set(rounds.flat()).size, 5);
  assert.equal(count(test, "0"), 500);
  for (const pattern of rounds[0]!) assert.equal(count(pattern, "+"), 500);
});

Deno.test("auto_associative: orders, tested patterns, bits and erased places are equally likely", () => {
  const task = autoAssociative.build();
  const episodes = Array.from({ length: 1500 }, (_, step) => {
    const sequence = drawn(task, step);
    const { rounds, test } = readEpisode(sequence, usual);
    const answer = rounds[0]!.findIndex((pattern) =>
      [...test].every((bit, place) => bit === "0" || bit === pattern[place])
    );
    return { rounds, test, answer };
  });
  const second = episodes.map(({ rounds: [first, again] }) =>
    again!.map((pattern) => first!.indexOf(pattern)).join("")
  );
  const orders = tally(second);
  assert.equal(orders.size, 6);
  assertUniform([...orders.values()], "orders");
  assertUniform([...tally(episodes.map(({ answer }) => String(answer))).values()], "tested");
  const places = Array.from({ length: 28 }, (_, place) => place);
  const erased = (place: number) => episodes.filter(({ test }) => test[place] === "0").length;
  assertUniform(places.map(erased), "erased places");
  const ups = (place: number) =>
    episodes.reduce(
      (sum, { rounds }) => sum + rounds[0]!.filter((p) => p[place] === "+").length,
      0,
    );
  assertUniform(places.map(ups), "bits of 1");
});

Deno.test("drawPatterns: all sets of up to three orthogonal patterns are equally likely", () => {
  const size = 8;
  const random = randomStream({ seed: 3 });
  const text = (pattern: Float32Array) => [...pattern].map((bit) => bit > 0 ? "+" : "-").join("");
  // Listed without drawing: words of as many + as -, and the pairs of those that are orthogonal.
  const words = Array.from(
    { length: 2 ** size },
    (_, code) =>
      [...code.toString(2).padStart(size, "0")].map((bit) => bit === "1" ? "+" : "-").join(""),
  )
    .filter((word) => count(word, "+") === size / 2);
  const triples = words.flatMap((a) =>
    words.filter((b) => product(a, b) === 0).map((b) =>
      words.filter((c) => product(a, c) === 0 && product(b, c) === 0).length
    )
  );
  assert.equal(new Set(triples).size, 1, "every pair has equally many continuations");
  const draws = Array.from({ length: 60_000 }, () => {
    const [a, b] = drawPatterns(random, { count: 2, size, orthogonal: true }).map(text);
    return `${a} ${b}`;
  });
  const pairs = tally(draws);
  assert.equal(pairs.size, triples.length);
  assertUniform([...pairs.values()], "pairs");
});

Deno.test("drawPatterns: as many as promised, at every size", () => {
  const random = randomStream({ seed: 1 });
  for (const size of [4, 8, 12, 16, 20, 28, 64, 200]) {
    const most = mostOrthogonal(size);
    assert.ok(most >= 2, `${size}: ${most}`);
    const counted = Math.min(most, size <= 28 ? most : 3);
    const patterns = drawPatterns(random, { count: counted, size, orthogonal: true });
    assert.equal(patterns.length, counted);
    patterns.forEach((a, index) =>
      patterns.slice(0, index).forEach((b) =>
        assert.equal(a.reduce((sum, bit, place) => sum + bit * b[place]!, 0), 0)
      )
    );
  }
});

Deno.test("auto_associative: the same stream gives the same episode, any other another one", () => {
  const task = autoAssociative.build();
  const { validation, test } = splitStreams;
  const bits = (...where: [number, { seed?: number; stream?: number }?]) =>
    drawn(task, ...where).x!.join();
  assert.equal(bits(3), bits(3));
  const others = [bits(4), bits(3, { seed: 6 }), bits(3, { stream: validation })];
  assert.equal(new Set([bits(3), ...others, bits(3, { stream: test })]).size, 5);
});

Deno.test("auto_associative: what cannot be is refused, by name", () => {
  const bad: [Record<string, unknown>, RegExp][] = [
    [
      { pattern_size: 30 },
      /pattern_size: expected a multiple of 4 for orthogonal patterns, got 30/,
    ],
    [{ pattern_size: 7, orthogonal: false }, /pattern_size: expected an even number, .*, got 7/],
    [{ pattern_size: 4, patterns: 3 }, /patterns: expected at most 2 orthogonal ones of 4 bits/],
    [{ pattern_size: 1000, patterns: 9 }, /patterns: expected at most 4 orthogonal ones of 1000/],
    [{ degraded: 0.01 }, /degraded: expected at least one of 28 bits, got 0\.01/],
  ];
  for (const [settings, message] of bad) {
    assert.throws(() => autoAssociative.build(settings), { name: "SettingError", message });
  }
  assert.equal(findTask("pattern_completion"), autoAssociative);
  assert.equal(findTask("pattern_completion_1000"), autoAssociative1000);
});
