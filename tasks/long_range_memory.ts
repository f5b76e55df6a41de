/**
 * Long-range memory: zeros, `?`, a symbol to keep, more zeros, `!`, and the symbol again.
 *
 * For example "000?20!2": 1-5 zeros, `?`, c, 1-2 zeros, `!`, c. All three choices are uniform; c is one of
 * the last six symbols of the alphabet.
 *
 * Chance: after `!` a guesser without memory knows only that one of six symbols follows: 1/6.
 *
 * Best loss: both numbers of zeros and c cannot be known, ln 5 + ln 2 + ln 6 nats per sequence, in
 * 3 + 3 + 1.5 predictions on average. The mean over all predictions is 0.5459. (The mean of the means of
 * sequences, which batches of one report, is 0.5696.)
 */
import { z } from "../deps/zod.ts";
import { alphabet, characterTask } from "./characters.ts";
import { characterSettings } from "./character_settings.ts";
import { defineTask, type TaskEntry } from "./entry.ts";
import type { LongRangeMemoryTaskSettings } from "./settings.ts";

const MOST_ZEROS_BEFORE = 5;
const MOST_ZEROS_BETWEEN = 2;
const keys = alphabet.slice(-6);

/**
 * Key recall, T = 10 steps of one of 9 symbols.
 *
 * @example
 * const task = findTask("long_range_memory").build();
 * const { symbol, target, mask } = drawSequence(task, { seed: 1 }); // [T] each
 */
export const longRangeMemory: TaskEntry<LongRangeMemoryTaskSettings> = defineTask({
  name: "long_range_memory",
  aliases: ["long_range_memory_dataset", "key_recall", "key-recall"],
  summary: "Recall one symbol after a gap: 1-5 zeros, ?, c, 1-2 zeros, !, c",
  config: z.strictObject({ ...characterSettings }),
  build(settings, facts) {
    const meanPredictions = (1 + MOST_ZEROS_BEFORE) / 2 + (1 + MOST_ZEROS_BETWEEN) / 2 + 3;
    const unknown = Math.log(MOST_ZEROS_BEFORE) + Math.log(MOST_ZEROS_BETWEEN) +
      Math.log(keys.length);
    return characterTask({
      ...facts,
      ...settings,
      alphabet,
      longest: MOST_ZEROS_BEFORE + MOST_ZEROS_BETWEEN + 4,
      chance: 1 / keys.length,
      bestLoss: unknown / meanPredictions,
      lags: { least: 2, most: MOST_ZEROS_BETWEEN + 1 },
      texts: MOST_ZEROS_BEFORE * MOST_ZEROS_BETWEEN * keys.length,
      draw(random) {
        const before = "0".repeat(1 + random.below(MOST_ZEROS_BEFORE));
        const key = random.sample(keys);
        const between = "0".repeat(1 + random.below(MOST_ZEROS_BETWEEN));
        const text = `${before}?${key}${between}!${key}`;
        return { text, recall: [{ position: text.length - 1, shown: before.length + 1 }] };
      },
    });
  },
});
