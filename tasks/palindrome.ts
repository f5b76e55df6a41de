/**
 * Palindrome: two symbols, a middle one, and the two reversed, as "1,0,1".
 *
 * All are drawn from the 9 with replacement. The reversed half counts as recall.
 *
 * Chance: a symbol of the reversed half is uniform whatever the present symbol is: 1/9.
 *
 * Best loss: the second and the middle symbol cannot be known, 2 ln 9 nats in 4 predictions. (The
 * first symbol is never a target.)
 */
import { z } from "../deps/zod.ts";
import { alphabet, characterTask, mirrored } from "./characters.ts";
import { characterSettings } from "./character_settings.ts";
import { defineTask, type TaskEntry } from "./entry.ts";
import type { PalindromeTaskSettings } from "./settings.ts";

const HALF = 2;
const LENGTH = 2 * HALF + 1;

/**
 * Palindromes of 5 of 9 symbols, T = 4.
 *
 * @example
 * const task = findTask("palindrome").build();
 * const { symbol, target, recall } = drawSequence(task, { seed: 1 }); // [T] each
 */
export const palindrome: TaskEntry<PalindromeTaskSettings> = defineTask({
  name: "palindrome",
  aliases: ["palindrome_dataset"],
  summary: "Two symbols, a middle one, the two reversed",
  config: z.strictObject({ ...characterSettings }),
  build(settings, facts) {
    return characterTask({
      ...facts,
      ...settings,
      alphabet,
      longest: LENGTH,
      chance: 1 / alphabet.length,
      lags: { least: 1, most: 2 * HALF - 1, step: 2 },
      texts: alphabet.length ** (HALF + 1),
      bestLoss: HALF * Math.log(alphabet.length) / (LENGTH - 1),
      draw(random) {
        const half = Array.from({ length: HALF }, () => random.sample(alphabet));
        const middle = random.sample(alphabet);
        const text = half.join("") + middle + half.toReversed().join("");
        return { text, recall: mirrored(HALF) };
      },
    });
  },
});
