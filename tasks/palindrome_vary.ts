/**
 * Palindromes of varying length: a half, `.`, the half reversed, then end symbols (spaces).
 *
 * With n = 3: "2.2    ", "1?.?1  ", "0,3.3,0". The length h of the half is uniform in 1..n and its
 * symbols are drawn with replacement from the alphabet without `.` and space. Every sequence has
 * 2n + 1 symbols; the spaces are real targets. The reversed half counts as recall.
 *
 * Chance: a symbol of the reversed half is uniform whatever the present symbol and the step are: 1/7, or
 * 1/2 with the small alphabet. (On the *last* symbol a guesser without memory reaches 1 - (1 - 1/7)/n,
 * since it is a space unless h = n.)
 *
 * Best loss, with s symbols: the place of `.` reveals h, ln n nats. Every symbol of the half costs ln s, but
 * the first, which is never a target:
 *
 *   (ln n + (n - 1)/2 ln s) / 2n
 *
 * All sequences are equally long, so the mean over predictions and over sequences agree. n = 2, 3,
 * 4: .417, .507, .538 (small: .260, .299, .303).
 */
import { z } from "../deps/zod.ts";
import { alphabet, characterTask, mirrored, smallAlphabet } from "./characters.ts";
import { characterSettings } from "./character_settings.ts";
import { defineTask, type TaskEntry } from "./entry.ts";
import { numberedTask } from "./numbered_task.ts";
import type { PalindromeVaryTaskSettings } from "./settings.ts";

const MIDDLE = ".";
const END = " ";

/** A family of palindromes with halves of 1..n symbols of an alphabet. */
function family(
  name: string,
  { symbols, aliases, numbered }: {
    symbols: string;
    aliases: readonly string[];
    /** Aliases with a number in front. */
    numbered: readonly string[];
  },
): TaskEntry<PalindromeVaryTaskSettings> {
  return numberedTask(name, {
    place: "before",
    numbers: [{ symbol: "N", least: 1, most: 4, fallback: 2 }],
    aliases: numbered,
    at: (name, [n = 2]) => palindromes(name, { n, symbols, aliases }),
  });
}

function palindromes(
  name: string,
  { n, symbols, aliases }: { n: number; symbols: string; aliases: readonly string[] },
): TaskEntry<PalindromeVaryTaskSettings> {
  const letters = [...symbols].filter((symbol) => symbol !== MIDDLE && symbol !== END);
  const halves = n === 1 ? "1 symbol" : `1..${n} symbols`;
  const longest = 2 * n + 1;
  const lengths = Array.from({ length: n }, (_, index) => index + 1);
  return defineTask({
    name,
    aliases,
    summary: `${halves} of ${letters.length}, a dot, the same reversed, spaces to ${longest}`,
    config: z.strictObject({ ...characterSettings }),
    build(settings, facts) {
      return characterTask({
        ...facts,
        ...settings,
        alphabet: symbols,
        longest,
        chance: 1 / letters.length,
        lags: { least: 1, most: 2 * n - 1, step: 2 },
        texts: lengths.reduce((sum, length) => sum + letters.length ** length, 0),
        bestLoss: (Math.log(n) + (n - 1) / 2 * Math.log(letters.length)) / (longest - 1),
        draw(random) {
          const length = random.sample(lengths);
          const half = Array.from({ length }, () => random.sample(letters));
          const text = half.join("") + MIDDLE + half.toReversed().join("");
          return { text: text.padEnd(longest, END), recall: mirrored(length) };
        },
      });
    },
  });
}

/**
 * `n_palindrome_vary`: halves of 1..n of 7 symbols; T = 2n.
 *
 * @example
 * const task = findTask("3_palindrome_vary").build();
 * const { symbol, target, recall } = drawSequence(task, { seed: 1 }); // [T] each
 */
export const palindromeVary: TaskEntry<PalindromeVaryTaskSettings> = family("palindrome_vary", {
  symbols: alphabet,
  aliases: ["palindrome_dataset_vary_length"],
  numbered: ["palindrome_dataset_vary_length", "palindrome"],
});

/** `n_small_palindrome_vary`: halves of 1..n of 2 symbols. */
export const smallPalindromeVary: TaskEntry<PalindromeVaryTaskSettings> = family(
  "small_palindrome_vary",
  {
    symbols: smallAlphabet,
    aliases: [],
    numbered: ["small_palindrome_dataset_vary_length", "small_palindrome"],
  },
);
