/**
 * Multi-query associative recall (MQAR; Arora et al. 2023, "Zoology"): K keys with their values, then the keys
 * again, somewhere in a long rest, each followed by its value.
 *
 * `mqar_2`, length 16: "cBaD....aD..cB..". Keys are drawn without replacement from the first half of the
 * vocabulary, values without replacement from the second half. The rest of the text has S = (length - 2K)/2
 * places for two symbols each; all choices of K places for the K keys are equally likely, the others hold `..`.
 *
 * As in the source are the two halves of the vocabulary, the draws without replacement and the rule that a length
 * holds 4K symbols at least. Otherwise here: places are uniform (there the density falls nearly as 1/place), and
 * answers are shown after their keys, since a text goes on with what was to be predicted. The source judges
 * answers alone: `judged` recall.
 *
 * Recall: every value that is asked for. Chance: it is uniform whatever the key and the step are: 1/V, V half the
 * vocabulary.
 *
 * Best loss: answers are known, and all choices are uniform. The first symbol, a key, is never a target:
 *
 *   (ln V!/(V-K)! + ln V!/(V-K)! + ln S!/(S-K)! - ln V) / (length - 1)
 *
 * Where only answers are judged it is 0.
 */
import { z } from "../deps/zod.ts";
import type { RandomStream } from "../core/random.ts";
import { SettingError } from "../core/training/setting_error.ts";
import { type Characters, characterTask } from "./characters.ts";
import { characterSettings, judgedSettings } from "./character_settings.ts";
import { lnOrders } from "./entropy.ts";
import { defineTask, type TaskEntry } from "./entry.ts";
import { numberedTask } from "./numbered_task.ts";
import type { MqarTaskSettings } from "./settings.ts";

const KEYS = "abcdefghijklmnopqrstuvwxyz012345";
const VALUES = "ABCDEFGHIJKLMNOPQRSTUVWXYZ6789#@";
const FILLER = ".";
const MOST_PAIRS = 16;

interface Recipe {
  /** K. */
  readonly pairs: number;
  /** S, places of two symbols after the pairs. */
  readonly places: number;
  readonly keys: string;
  readonly values: string;
}

function drawText({ pairs, places, keys, values }: Recipe, random: RandomStream): Characters {
  const chosen = random.shuffle([...keys]).slice(0, pairs);
  const answers = random.shuffle([...values]).slice(0, pairs);
  const rest = new Array<string>(places).fill(FILLER + FILLER);
  const asked = random.shuffle(Array.from({ length: places }, (_, place) => place)).slice(0, pairs);
  const recall = chosen.map((key, pair) => {
    rest[asked[pair]!] = key + answers[pair]!;
    return {
      position: 2 * (pairs + asked[pair]!) + 1,
      shown: 2 * pair + 1,
      others: answers.filter((_, other) => other !== pair),
    };
  });
  const text = chosen.map((key, pair) => key + answers[pair]!).join("") + rest.join("");
  return { text, recall };
}

/**
 * `mqar_K`: K keys are asked for in any order, at any time; T = length - 1.
 *
 * @example
 * const task = findTask("mqar_8").build({ vocabulary: 64, length: 64 });
 * const { symbol, target, recall } = drawSequence(task, { seed: 1 }); // [T] each
 */
export const mqar: TaskEntry<MqarTaskSettings> = numberedTask("mqar", {
  place: "after",
  numbers: [{ symbol: "K", least: 1, most: MOST_PAIRS, fallback: 2 }],
  aliases: [],
  at: (name, [pairs = 2]) =>
    defineTask({
      name,
      summary: `${pairs} keys with values, asked for at random places of a long rest`,
      config: z.strictObject({
        vocabulary: z.int().min(2).max(2 * KEYS.length).multipleOf(2).default(32)
          .describe("Symbols, half of them keys and half values; a filler comes on top"),
        length: z.int().min(4).max(4096).multipleOf(2).optional()
          .describe("Symbols of a sequence, at least 4K (default: 8K)"),
        ...judgedSettings,
        ...characterSettings,
      }),
      small: { length: 4 * pairs },
      build({ vocabulary, length = 8 * pairs, ...rest }, facts) {
        const half = vocabulary / 2;
        const wrong = (key: string, expected: string, value: number) => {
          throw new SettingError({ task: name, key }, expected, value);
        };
        if (half < pairs) {
          wrong("vocabulary", `at least ${2 * pairs}, for ${pairs} keys`, vocabulary);
        }
        if (length < 4 * pairs) wrong("length", `at least ${4 * pairs}, for ${pairs} keys`, length);
        const recipe = {
          ...{ pairs, places: length / 2 - pairs },
          ...{ keys: KEYS.slice(0, half), values: VALUES.slice(0, half) },
        };
        const entropy = 2 * lnOrders(half, pairs) + lnOrders(recipe.places, pairs);
        return characterTask({
          ...facts,
          ...rest,
          alphabet: recipe.keys + recipe.values + FILLER,
          longest: length,
          chance: 1 / half,
          bestLoss: (entropy - Math.log(half)) / (length - 1),
          lags: { least: 1, most: 2 * (pairs + recipe.places) - 3, step: 2 },
          mistakes: ["wrong_key"],
          guessing: { wrong_key_answers: (pairs - 1) / half },
          texts: Math.exp(entropy),
          draw: (random) => drawText(recipe, random),
        });
      },
    }),
});
