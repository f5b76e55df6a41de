/**
 * Auto-associative memory: complete a pattern from a part of it, some steps after it was shown.
 *
 * A sequence shows `patterns` random patterns, half of whose bits are 1 and half -1. There are `cycles`
 * rounds, each in a new order. Each pattern is shown for `presentation_time` steps; `delay` steps without
 * input follow. Then one pattern is shown for `test_time` steps with a share of its bits set to 0. At the
 * last step the first `pattern_size` neurons of the network have to show all of it.
 *
 * One more neuron has a constant input, the bias. All inputs are multiplied by `input_gain`, so that they
 * outweigh the recurrent input.
 *
 * Source: the memory task of T. Miconi's plastic recurrent networks (2016), and its form with 1000
 * bits in T. Miconi, J. Clune and K. O. Stanley, "Differentiable plasticity" (ICML 2018), section 4.
 */
import { z } from "../deps/zod.ts";
import { patternError } from "../core/losses/pattern_error.ts";
import type { RandomStream } from "../core/random.ts";
import { SettingError } from "../core/training/setting_error.ts";
import type { Sequence, Task } from "../core/training/task.ts";
import { countOfShare, inexactShare } from "./count_of_share.ts";
import { defineTask, type TaskEntry, type TaskFacts } from "./entry.ts";
import { drawPatterns, mostOrthogonal } from "./patterns.ts";
import type { AutoAssociative1000TaskSettings, AutoAssociativeTaskSettings } from "./settings.ts";

const integer = (least: number, most: number) => z.int().min(least).max(most);

interface Defaults {
  readonly pattern_size: number;
  readonly patterns: number;
  readonly orthogonal: boolean;
  readonly bias_input: number;
  readonly half_loss: boolean;
}

const configOf = (defaults: Defaults) =>
  z.strictObject({
    pattern_size: integer(2, 8000).default(defaults.pattern_size).describe(
      "Bits of a pattern; even, and a multiple of 4 for orthogonal patterns",
    ),
    patterns: integer(1, 1000).default(defaults.patterns).describe("Patterns to remember"),
    orthogonal: z.boolean().default(defaults.orthogonal).describe(
      "Patterns that are orthogonal to each other",
    ),
    cycles: integer(1, 1000).default(2).describe("Rounds in which every pattern is shown once"),
    presentation_time: integer(1, 10_000).default(6).describe("Steps that a pattern is shown"),
    delay: integer(0, 10_000).default(4).describe("Steps without a pattern after each"),
    test_time: integer(1, 10_000).default(6).describe("Steps that a part of a pattern is shown"),
    degraded: z.number().min(0).max(1).default(0.5).describe(
      "Share of bits that are set to 0 in the test",
    ),
    input_gain: z.number().positive().default(20).describe("Factor on all inputs"),
    bias_input: z.number().default(defaults.bias_input).describe(
      "Input of the bias neuron, before the factor",
    ),
    half_loss: z.boolean().default(defaults.half_loss).describe(
      "Lower half the squared error instead of all of it",
    ),
  });
type Settings = z.output<ReturnType<typeof configOf>>;

/** Makes the task. @throws SettingError if there are no such patterns, or no bit to complete. */
function episodes(settings: Settings, { name }: TaskFacts): Task {
  const { pattern_size: size, patterns, orthogonal, degraded } = settings;
  const { cycles, presentation_time, delay, test_time } = settings;
  const expect = (key: keyof Settings, what: string) => {
    throw new SettingError({ task: name, key }, what, settings[key]);
  };
  if (orthogonal && size % 4 !== 0) {
    expect("pattern_size", "a multiple of 4 for orthogonal patterns");
  }
  if (size % 2 !== 0) expect("pattern_size", "an even number, for as many bits of 1 as of -1");
  if (orthogonal && patterns > mostOrthogonal(size)) {
    expect("patterns", `at most ${mostOrthogonal(size)} orthogonal ones of ${size} bits`);
  }
  if (countOfShare(degraded, size) === 0) expect("degraded", `at least one of ${size} bits`);
  const shown = size - countOfShare(degraded, size);
  return {
    name,
    summary: `Complete one of ${patterns} patterns of ${size} bits from ${shown} of them`,
    steps: cycles * patterns * (presentation_time + delay) + test_time,
    inputs: { x: [size + 1], target: [size], erased: [size], weight: [] },
    loss: patternError(size),
    output: [size + 1],
    sizes: { inputs: size + 1 },
    score: "erased_accuracy",
    chance: 0.5,
    bestLoss: 0,
    // A guessed bit has an error of 1 on average, an output of 0 exactly 1.
    guessing: { error: countOfShare(degraded, size) },
    notes: inexactShare("degraded", { share: degraded, of: size, what: "bits" }),
    sequence: (random) => drawEpisode(random, settings),
  };
}

/** Draws `x` [T, N], `target` [T, n], `erased` [T, n] and `weight` [T]; the last three are 0 but at the last step. */
function drawEpisode(random: RandomStream, settings: Settings): Sequence {
  const { pattern_size: size, orthogonal, cycles, degraded, half_loss } = settings;
  const { presentation_time, delay, test_time, input_gain, bias_input } = settings;
  const patterns = drawPatterns(random, { count: settings.patterns, size, orthogonal });
  const neurons = size + 1;
  const steps = cycles * patterns.length * (presentation_time + delay) + test_time;
  const x = new Float32Array(steps * neurons);
  for (let t = 0; t < steps; t++) x[t * neurons + size] = input_gain * bias_input;
  let step = 0;
  const show = (pattern: Float32Array, duration: number) => {
    const input = pattern.map((bit) => input_gain * bit);
    for (const end = step + duration; step < end; step++) x.set(input, step * neurons);
  };
  const order = [...patterns];
  for (let cycle = 0; cycle < cycles; cycle++) {
    for (const pattern of random.shuffle(order)) {
      show(pattern, presentation_time);
      step += delay;
    }
  }
  const tested = random.sample(patterns);
  const part = tested.slice();
  const last = steps - 1;
  const erased = new Float32Array(steps * size);
  const places = random.shuffle(Uint32Array.from({ length: size }, (_, bit) => bit));
  for (const bit of places.subarray(0, countOfShare(degraded, size))) {
    part[bit] = 0;
    erased[last * size + bit] = 1;
  }
  show(part, test_time);
  const target = new Float32Array(steps * size);
  target.set(tested, last * size);
  const weight = new Float32Array(steps);
  weight[last] = half_loss ? 1 : 2;
  return { x, target, erased, weight };
}

const small = {
  ...{ pattern_size: 8, patterns: 2, cycles: 1, presentation_time: 2, delay: 1, test_time: 2 },
  ...{ input_gain: 1, bias_input: 0.5 },
};

/**
 * Pattern completion, 28 bits and a bias neuron; T = 66 steps by default.
 *
 * @example
 * const task = findTask("auto_associative").build({ patterns: 2 });
 * const { x, target } = drawSequence(task, { seed: 1 }); // [T, 29], [T, 28]
 */
export const autoAssociative: TaskEntry<AutoAssociativeTaskSettings> = defineTask({
  name: "auto_associative",
  summary: "Complete one of three patterns of 28 bits from half of it",
  aliases: ["auto_associative_memory", "pattern_completion"],
  config: configOf({
    pattern_size: 28,
    patterns: 3,
    orthogonal: true,
    bias_input: 10,
    half_loss: true,
  }),
  small,
  build: episodes,
});

/**
 * Pattern completion, 1000 bits and a bias neuron; T = 106 steps by default.
 *
 * @example
 * const task = findTask("auto_associative_1000").build({ degraded: 0.3 });
 * const { x, target } = drawSequence(task, { seed: 1 }); // [T, 1001], [T, 1000]
 */
export const autoAssociative1000: TaskEntry<AutoAssociative1000TaskSettings> = defineTask({
  name: "auto_associative_1000",
  summary: "Complete one of five patterns of 1000 bits from half of it",
  aliases: ["auto_associative_memory_1000", "pattern_completion_1000"],
  config: configOf({
    pattern_size: 1000,
    patterns: 5,
    orthogonal: false,
    bias_input: 1,
    half_loss: false,
  }),
  small,
  build: episodes,
});
