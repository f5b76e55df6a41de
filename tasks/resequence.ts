/**
 * Resequence: a few distinct symbols, repeated to a fixed length.
 *
 * With length 5: "33333", "1,1,1", "0?20?". The number m of distinct symbols is uniform in 1..n. The m
 * symbols are drawn from the 9, in random order. Only the last symbol counts as recall.
 *
 * Chance: the best guesser without memory repeats the symbol it sees, which is right for m = 1: 1/n. (For
 * m > 1 the answer is one of the 8 others, each with (1 - 1/n) / 8, which is less for n < 9. A guesser that
 * does not see the present symbol reaches 1/9.)
 *
 * Best loss: as long as all k symbols so far are distinct and k < n, the predictor does not know m. Either
 * m = k and the first symbol returns, or m > k and one of 9 - k new symbols comes. Once the first symbol has
 * returned, or k = n, everything is known. To learn m costs ln n nats in all, and each new symbol ln(9 - k):
 *
 *   (ln n + Σ_{k=1}^{n-1} (n - k)/n ln(9 - k)) / (length - 1)
 *
 * All sequences are equally long, so the mean over predictions and over sequences agree. Length 30,
 * n = 1..4: 0, .060, .108, .151.
 */
import { z } from "../deps/zod.ts";
import { alphabet, characterTask } from "./characters.ts";
import { characterSettings } from "./character_settings.ts";
import { defineTask, type TaskEntry } from "./entry.ts";
import { lnOrders } from "./entropy.ts";
import { numberedTask } from "./numbered_task.ts";
import type { ResequenceTaskSettings } from "./settings.ts";

/**
 * `n_resequence`: 1..n distinct symbols of 9, repeated to `length`; T = length - 1.
 *
 * @example
 * const task = findTask("3_resequence").build({ length: 30 });
 * const { symbol, target, last } = drawSequence(task, { seed: 1 }); // [T] each
 */
export const resequence: TaskEntry<ResequenceTaskSettings> = numberedTask("resequence", {
  place: "before",
  numbers: [{ symbol: "N", least: 1, most: 4, fallback: 2 }],
  aliases: ["resequence_dataset"],
  at: (name, [n = 2]) =>
    defineTask({
      name,
      aliases: [],
      summary: n === 1 ? "One symbol repeated" : `1..${n} distinct symbols repeated in order`,
      config: z.strictObject({
        // One more than n: otherwise the last symbol can be a new one, which no memory holds.
        length: z.int().min(n + 1).default(5).describe("L, symbols in a sequence"),
        ...characterSettings,
      }),
      build({ length, ...rest }, facts) {
        let [unknown, texts] = [Math.log(n), 0];
        for (let k = 1; k < n; k++) unknown += (n - k) / n * Math.log(alphabet.length - k);
        for (let m = 1; m <= n; m++) texts += Math.exp(lnOrders(alphabet.length, m));
        return characterTask({
          ...facts,
          ...rest,
          alphabet,
          longest: length,
          chance: 1 / n,
          // The last symbol was there one period before it; with one symbol, at the step that asks.
          lags: { least: 0, most: n - 1 },
          texts,
          bestLoss: unknown / (length - 1),
          draw(random) {
            const distinct = 1 + random.below(n);
            const period = random.shuffle([...alphabet]).slice(0, distinct).join("");
            const text = period.repeat(Math.ceil(length / distinct)).slice(0, length);
            return { text, recall: [{ position: length - 1, shown: length - 1 - distinct }] };
          },
        });
      },
    }),
});
