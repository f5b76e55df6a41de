/**
 * Selective copying (Gu and Dao 2023, "Mamba"; Jing et al. 2019): symbols among noise, then the symbols alone.
 *
 * `selcopy_3_5`: "..c.a..a:caa". N symbols of `symbols` letters, drawn with replacement, stand at N of N + T
 * places, all choices of which are equally likely; the other T places are noise `.`. After `:` the N symbols come
 * again in their order. (The source shows no answers: there the network sees a marker N times. Here a text goes on
 * with what was to be predicted.)
 *
 * Recall: the N symbols after `:`. Chance: each is uniform whatever the symbol before it and the step are: 1/S.
 *
 * Best loss: the answers are known. With S symbols the text has the entropy ln C(N+T, N) + N ln S. Its first
 * symbol is never a target, one of S letters with probability q = N/(N+T), else noise:
 *
 *   (ln C(N+T, N) + N ln S - h(q) - q ln S) / (2N + T)
 *
 * Where only answers are judged it is 0.
 */
import { z } from "../deps/zod.ts";
import type { RandomStream } from "../core/random.ts";
import { type Characters, characterTask } from "./characters.ts";
import { characterSettings, judgedSettings } from "./character_settings.ts";
import { binaryEntropy, lnChoices } from "./entropy.ts";
import { defineTask, type TaskEntry } from "./entry.ts";
import { LETTERS } from "./key_value_symbols.ts";
import { numberedTask } from "./numbered_task.ts";
import type { SelcopyTaskSettings } from "./settings.ts";

const NOISE = ".";
const BEGIN = ":";

function drawText(
  { letters, count, noise }: { letters: string; count: number; noise: number },
  random: RandomStream,
): Characters {
  const isNoise = Array.from({ length: count + noise }, (_, index) => index < noise);
  const first = random.shuffle(isNoise).map((is) => is ? NOISE : random.sample(letters));
  const places = first.flatMap((symbol, place) => symbol === NOISE ? [] : [place]);
  return {
    text: first.join("") + BEGIN + places.map((place) => first[place]).join(""),
    recall: places.map((shown, index) => ({ position: first.length + 1 + index, shown })),
  };
}

/**
 * `selcopy_N_T`: N symbols among T of noise, then the N symbols in order; 2N + T steps.
 *
 * @example
 * const task = findTask("selcopy_4_12").build({ symbols: 14 });
 * const { symbol, target, recall } = drawSequence(task, { seed: 1 }); // [2N + T] each
 */
export const selcopy: TaskEntry<SelcopyTaskSettings> = numberedTask("selcopy", {
  place: "after",
  numbers: [
    { symbol: "N", least: 1, most: 64, fallback: 2 },
    { symbol: "T", least: 0, most: 4096, fallback: 4 },
  ],
  aliases: [],
  at: (name, [count = 2, noise = 4]) =>
    defineTask({
      name,
      summary: `${count} symbols among ${noise} of noise, then the ${count} in order`,
      config: z.strictObject({
        symbols: z.int().min(2).max(LETTERS.length).default(8).describe("S, different symbols"),
        ...judgedSettings,
        ...characterSettings,
      }),
      build({ symbols, ...rest }, facts) {
        const letters = LETTERS.slice(0, symbols);
        const share = count / (count + noise);
        const entropy = lnChoices(count + noise, count) + count * Math.log(symbols);
        const first = binaryEntropy(share) + share * Math.log(symbols);
        const longest = 2 * count + noise + 1;
        return characterTask({
          ...facts,
          ...rest,
          alphabet: letters + NOISE + BEGIN,
          longest,
          chance: 1 / symbols,
          bestLoss: (entropy - first) / (longest - 1),
          lags: { least: count, most: count + noise },
          texts: Math.exp(entropy),
          draw: (random) => drawText({ letters, count, noise }, random),
        });
      },
    }),
});
