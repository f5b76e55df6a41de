/**
 * Key-value recall: keys and their values, a `?`, then keys again, each followed by its value.
 *
 * `kv_unique_3`: "b5a0c3?c3b5a0". Each of K keys is written once. The keys are drawn without replacement, the
 * values with replacement. Then `queries` of the keys are asked for, each once, in random order.
 *
 * `kv_reassign_3`: "b5a0c3a2a7b1?b1a7c3". After each key was written once, K keys drawn with replacement get
 * another value, one of the V - 1 that differ from its present one. The latest value counts.
 *
 * Distractors, one of `.,;:` each, stand between these pairs: all places are equally likely.
 *
 * Recall: every value that is asked for. Chance: whatever the key and the step are, its value is uniform: 1/V.
 *
 * Best loss: answers are known. All choices are uniform, and the text tells each of them, so its entropy is a
 * sum: with U pairs (K, or 2K with reassignments), D distractors, A possible keys, V values and Q queries,
 *
 *   H = ln C(U+D, D) + D ln 4 + ln A!/(A-K)! + K ln V + (U-K) (ln K + ln(V-1)) + ln K!/(K-Q)!
 *
 * The first symbol is never a target: a distractor with probability q = D/(U+D), else a key. What it would cost
 * is taken off, h(q) + q ln 4 + (1-q) ln A, and the rest is divided by 2U + D + 2Q predictions. Where only
 * answers are judged the best loss is 0.
 */
import { z } from "../deps/zod.ts";
import type { RandomStream } from "../core/random.ts";
import { SettingError } from "../core/training/setting_error.ts";
import { type Characters, characterTask } from "./characters.ts";
import { characterSettings, judgedSettings } from "./character_settings.ts";
import { binaryEntropy, lnChoices, lnOrders } from "./entropy.ts";
import { defineTask, type TaskEntry } from "./entry.ts";
import { LETTERS, NOISE, QUESTION, VALUES } from "./key_value_symbols.ts";
import { numberedTask } from "./numbered_task.ts";
import type { KvUniqueTaskSettings } from "./settings.ts";

const config = z.strictObject({
  distractors: z.int().min(0).max(1000).default(0)
    .describe("D, symbols that mean nothing, between the pairs"),
  queries: z.int().min(1).optional().describe("Q, keys that are asked for (default: all K)"),
  keys: z.int().min(1).max(LETTERS.length).optional()
    .describe("A, different keys that occur, of which a sequence has K (default: K)"),
  values: z.int().min(2).max(VALUES.length).default(8).describe("V, different values"),
  ...judgedSettings,
  ...characterSettings,
});

/** What a sequence is made of. */
interface Recipe {
  /** K, keys of a sequence. */
  readonly pairs: number;
  /** Writes beyond the first of each key. */
  readonly rewrites: number;
  readonly distractors: number;
  readonly queries: number;
  /** All keys, and all values, that occur. */
  readonly keys: string;
  readonly values: string;
}

/** A family of key-value tasks; `rewrites` gives the later writes of K keys. */
const family = (
  name: string,
  { summaryOf, rewrites }: {
    summaryOf: (pairs: number) => string;
    rewrites: (pairs: number) => number;
  },
): TaskEntry<KvUniqueTaskSettings> =>
  numberedTask(name, {
    place: "after",
    numbers: [{ symbol: "K", least: 1, most: LETTERS.length, fallback: 2 }],
    aliases: [],
    at: (name, [pairs = 2]) =>
      defineTask({
        name,
        summary: summaryOf(pairs),
        config,
        small: { queries: 1 },
        build({ queries = pairs, keys = pairs, values, distractors, ...rest }, facts) {
          const wrong = (key: string, expected: string, value: number) => {
            throw new SettingError({ task: name, key }, expected, value);
          };
          if (queries > pairs) wrong("queries", `at most the ${pairs} keys of a sequence`, queries);
          if (keys < pairs) wrong("keys", `at least the ${pairs} keys of a sequence`, keys);
          const recipe = {
            ...{ pairs, rewrites: rewrites(pairs), distractors, queries },
            keys: LETTERS.slice(0, keys),
            values: VALUES.slice(0, values),
          };
          const { longest, entropy, first } = measure(recipe);
          return characterTask({
            ...facts,
            ...rest,
            alphabet: recipe.keys + recipe.values + QUESTION + (distractors > 0 ? NOISE : ""),
            longest,
            chance: 1 / values,
            bestLoss: (entropy - first) / (longest - 1),
            lags: { least: 2, most: longest - 3, step: distractors > 0 ? 1 : 2 },
            mistakes: recipe.rewrites > 0 ? ["stale", "wrong_key"] : ["wrong_key"],
            // Without rewrites the values of keys are independent: another key has what is guessed, or none has.
            ...recipe.rewrites > 0 ? {} : {
              guessing: {
                wrong_key_answers: (1 - 1 / values) * (1 - (1 - 1 / values) ** (pairs - 1)),
              },
            },
            texts: Math.exp(entropy),
            draw: (random) => drawText(recipe, random),
          });
        },
      }),
  });

/** Symbols of a text, and the entropies of it and of its first symbol, as the head of this file derives. */
function measure({ pairs, rewrites, distractors, queries, keys, values }: Recipe) {
  const written = pairs + rewrites;
  const share = distractors / (written + distractors);
  return {
    longest: 2 * written + distractors + 1 + 2 * queries,
    entropy: lnChoices(written + distractors, distractors) + distractors * Math.log(NOISE.length) +
      lnOrders(keys.length, pairs) + pairs * Math.log(values.length) +
      rewrites * (Math.log(pairs) + Math.log(values.length - 1)) + lnOrders(pairs, queries),
    first: binaryEntropy(share) + share * Math.log(NOISE.length) +
      (1 - share) * Math.log(keys.length),
  };
}

function drawText(recipe: Recipe, random: RandomStream): Characters {
  const { pairs, rewrites, distractors, queries, keys, values } = recipe;
  const chosen = random.shuffle([...keys]).slice(0, pairs);
  /** Of each key the values that it had, the latest last. */
  const histories = new Map(chosen.map((key) => [key, [] as string[]]));
  const written = new Map<string, number>();
  let text = "";
  const places = Array.from(
    { length: pairs + rewrites + distractors },
    (_, index) => index < distractors,
  );
  let writes = 0;
  for (const isDistractor of random.shuffle(places)) {
    if (isDistractor) {
      text += random.sample(NOISE);
      continue;
    }
    const key = chosen[writes++] ?? random.sample(chosen);
    const history = histories.get(key)!;
    const value = random.sample([...values].filter((value) => value !== history.at(-1)));
    history.push(value);
    written.set(key, text.length + 1);
    text += key + value;
  }
  text += QUESTION;
  const recall = random.shuffle(chosen).slice(0, queries).map((key) => {
    const value = histories.get(key)!.at(-1)!;
    text += key + value;
    return {
      position: text.length - 1,
      shown: written.get(key)!,
      stale: histories.get(key)!.slice(0, -1),
      others: chosen.filter((other) => other !== key).map((other) => histories.get(other)!.at(-1)!),
    };
  });
  return { text, recall };
}

/**
 * `kv_unique_K`: recall of the values of K keys, T = 4K without distractors.
 *
 * @example
 * const task = findTask("kv_unique_4").build({ distractors: 8 });
 * const { symbol, target, recall } = drawSequence(task, { seed: 1 }); // [T] each
 */
export const kvUnique: TaskEntry<KvUniqueTaskSettings> = family("kv_unique", {
  summaryOf: (pairs) => `${pairs} keys with values, then each key asks for its value`,
  rewrites: () => 0,
});

/** `kv_reassign_K`: K keys are written twice on average, and the latest value counts; T = 6K. */
export const kvReassign: TaskEntry<KvUniqueTaskSettings> = family("kv_reassign", {
  summaryOf: (pairs) => `${pairs} keys whose values change ${pairs} times; the latest one counts`,
  rewrites: (pairs) => pairs,
});
