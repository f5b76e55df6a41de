/**
 * Attractor memories: hold a pattern after it was shown, as a state that the network does not leave.
 *
 * The patterns of ±1 are drawn once per seed. Sequence n is about pattern n mod `memories`: a batch of one
 * trains one pattern per update, a batch of `memories` trains all. The `cue` is how the network gets it:
 * - input: the pattern times a gain, drawn for each sequence, is shown during the first steps.
 * - state: nothing is shown; the network starts from a damaged pattern.
 * - turns: one round of all patterns as input, the next one as state, and so on.
 *
 * Source: J. J. Hopfield (1982), "Neural networks and physical systems with emergent collective
 * computational abilities", and the weight learning experiments with recurrent networks.
 */
import { z } from "../deps/zod.ts";
import { attractorLoss } from "../core/losses/attractor_loss.ts";
import { fixed } from "../core/program/input.ts";
import { type RandomStream, randomStream, streamOf } from "../core/random.ts";
import { SettingError } from "../core/training/setting_error.ts";
import type { Task } from "../core/training/task.ts";
import { countOfShare, inexactShare } from "./count_of_share.ts";
import { defineTask, type TaskEntry, type TaskFacts } from "./entry.ts";
import type { AttractorTaskSettings } from "./settings.ts";

const number = z.number();
const share = number.min(0).max(1);

const config = z.strictObject({
  neurons: z.int().min(1).max(8192).default(64).describe("N, values of a pattern"),
  memories: z.int().min(1).max(100_000).default(5).describe("Patterns to hold"),
  correlation: share.default(0).describe("Mean product of the bits of two patterns"),
  steps: z.int().min(2).max(1_000_000).default(1000).describe("Steps of a sequence"),
  presentation_steps: z.int().min(1).max(1_000_000).default(200).describe(
    "Steps of the presentation, the first ones",
  ),
  gain_low: number.default(2).describe("Least factor on a pattern that is shown"),
  gain_high: number.default(3.5).describe("Largest factor on a pattern that is shown"),
  cue: z.enum(["input", "state", "turns"]).default("input").describe(
    "What the network gets of a pattern: an input during the presentation, its first state, or both in turns",
  ),
  noise: number.min(0).default(0).describe(
    "Deviation of noise on the cue, which is then clamped to -1 and 1",
  ),
  flips: share.default(0).describe("Share of the bits of a cue that are flipped"),
  flip_draw: z.enum(["each", "share"]).default("each").describe(
    "Flip each bit with that probability, or exactly that share of them",
  ),
  retention_weight: number.min(0).default(1).describe(
    "Weight of the overlap after the presentation",
  ),
  reaction_weight: number.min(0).default(10).describe("Weight of the largest overlap during it"),
  fixed_point_weight: number.min(0).default(0.5).describe("Weight of mean((f(W m) - m)²)"),
  margin_weight: number.min(0).default(10).describe(
    "Weight of what the bits of a pattern lack of the model's margin",
  ),
  activity_weight: number.min(0).default(0).describe("Weight of the mean h² of all steps"),
  kept_overlap: share.default(0.99).describe("Retention and reaction of a pattern that is kept"),
  streak: z.int().min(1).max(1_000_000).default(20).describe(
    "Updates in a row with nothing but kept patterns, after which training ends",
  ),
  max_updates: z.int().min(1).max(999_999_999_999).default(2000).describe(
    "Updates after which training ends without that, unconverged",
  ),
});
type Settings = z.output<typeof config>;

/** The patterns [memories, N] of a seed. */
function patternsOf(seed: number, { neurons, memories, correlation }: Settings): Float32Array[] {
  const random = randomStream({ seed, stream: streamOf("attractor/memories") });
  const bit = () => random.bits() & 1 ? 1 : -1;
  const common = Float32Array.from({ length: neurons }, bit);
  // If bits follow a common pattern with this probability, their mean product is `correlation`.
  const follows = Math.sqrt(correlation);
  return Array.from(
    { length: memories },
    () => common.map((shared) => random.uniform() < follows ? shared : bit()),
  );
}

/** A pattern with noise and flipped bits: the cue that the network gets. */
function damaged(
  pattern: Float32Array,
  { noise, flips, flip_draw }: Settings,
  random: RandomStream,
): Float32Array {
  const cue = pattern.map((bit) =>
    noise > 0 ? Math.max(-1, Math.min(1, bit + noise * random.normal())) : bit
  );
  if (flip_draw === "each") {
    return flips > 0 ? cue.map((bit) => random.uniform() < flips ? -bit : bit) : cue;
  }
  const places = random.shuffle(Uint32Array.from(cue, (_, place) => place));
  for (const place of places.subarray(0, countOfShare(flips, cue.length))) {
    cue[place] = -cue[place]!;
  }
  return cue;
}

/** Makes the function that draws a sequence; patterns are drawn once per seed. */
function sequencesOf(settings: Settings): Task["sequence"] {
  const { neurons, memories, steps, presentation_steps, gain_low, gain_high } = settings;
  const shown = new Float32Array(steps).fill(1, 0, presentation_steps);
  const share = new Float32Array(steps).fill(1 / (steps - presentation_steps), presentation_steps);
  const last = new Float32Array(steps);
  last[steps - 1] = 1;
  const zero = new Float32Array(neurons);
  const patternsBySeed = new Map<number, Float32Array[]>();
  return (random) => {
    const { seed, step } = random.address;
    const patterns = patternsBySeed.get(seed) ?? patternsOf(seed, settings);
    patternsBySeed.set(seed, patterns);
    const memory = patterns[step % memories]!;
    const gain = gain_low + (gain_high - gain_low) * random.uniform();
    const cue = damaged(memory, settings, random);
    const round = Math.floor(step / memories);
    const isShown = settings.cue === "turns" ? round % 2 === 0 : settings.cue === "input";
    return {
      memory,
      drive: isShown ? cue.map((value) => gain * value) : zero,
      start: isShown ? zero : cue,
      shown,
      share,
      last,
    };
  };
}

/** Makes the task. @throws SettingError if nothing follows the presentation, or `gain_low` is above `gain_high`. */
function memories(settings: Settings, { name, summary }: TaskFacts): Task {
  const { neurons, memories, steps, presentation_steps, gain_low, gain_high } = settings;
  const expect = (key: keyof Settings, what: string) => {
    throw new SettingError({ task: name, key }, what, settings[key]);
  };
  if (presentation_steps >= steps) expect("presentation_steps", `less than the ${steps} steps`);
  if (gain_low > gain_high) expect("gain_low", `at most gain_high (${gain_high})`);
  const { streak, max_updates: longest } = settings;
  return {
    name,
    summary,
    steps,
    inputs: {
      memory: fixed([neurons]),
      drive: fixed([neurons]),
      start: fixed([neurons]),
      shown: [],
      share: [],
      last: [],
    },
    loss: attractorLoss({
      alpha: settings.retention_weight,
      beta: settings.reaction_weight,
      gamma: settings.fixed_point_weight,
      delta: settings.margin_weight,
      epsilon: settings.activity_weight,
      steps,
      kept: settings.kept_overlap,
    }),
    output: [neurons],
    sizes: { neurons },
    score: "kept",
    chance: 0,
    bestLoss: -(settings.retention_weight + settings.reaction_weight),
    batch: memories,
    notes: settings.flip_draw === "share"
      ? inexactShare("flips", { share: settings.flips, of: neurons, what: "bits" })
      : [],
    goal: { threshold: 1, streak, longest },
    sequence: sequencesOf(settings),
  };
}

/**
 * Attractor memories of N bits; the pattern is the same for all T steps of a sequence.
 *
 * @example
 * const task = findTask("attractor").build({ neurons: 64, memories: 5 });
 * const { memory, drive, shown } = drawSequence(task, { seed: 1 }); // [N], [N], [T]
 */
export const attractorMemories: TaskEntry<AttractorTaskSettings> = defineTask({
  name: "attractor",
  aliases: ["attractor_memories", "hopfield"],
  summary: "Hold patterns as states that the network does not leave",
  config,
  small: { neurons: 5, memories: 2, steps: 7, presentation_steps: 3 },
  lengths: ["max_updates"],
  build: memories,
});
