/**
 * Running sums modulo 2 and 3: at every step the sum of all digits so far.
 *
 * `parity_6`: digits 0 1 1 0 1 0 have the targets 0 1 0 0 1 1. `mod3_6`: 2 0 1 1 2 0 have 2 2 0 1 0 0. The digits
 * are uniform and independent. Every step is a target, as in state tracking (Merrill et al. 2024), so that what is
 * wrong is seen at once; the usual single answer, of the whole string (Delétang et al. 2023), is the last one, whose
 * accuracy is the last accuracy. The digits are no targets: nobody could foretell them.
 *
 * Recall: every step but the first, whose target is the digit that is shown. Chance: with the sum before it
 * uniform, the target is uniform whatever the digit and the step are: 1/m.
 *
 * Best loss: 0, since the digits tell the sum.
 */
import { z } from "../deps/zod.ts";
import { type Characters, characterTask } from "./characters.ts";
import { characterSettings } from "./character_settings.ts";
import { defineTask, type TaskEntry } from "./entry.ts";
import { numberedTask } from "./numbered_task.ts";
import type { ParityTaskSettings } from "./settings.ts";

const MOST_DIGITS = 4096;

function sums(digits: readonly number[], modulus: number): Characters {
  let sum = 0;
  const targets = digits.map((digit) => sum = (sum + digit) % modulus);
  return {
    text: digits.join(""),
    targets: targets.join(""),
    recall: targets.slice(1).map((_, index) => ({ position: index + 2 })),
  };
}

const family = (
  name: string,
  { modulus, summaryOf }: { modulus: number; summaryOf: (digits: number) => string },
): TaskEntry<ParityTaskSettings> =>
  numberedTask(name, {
    place: "after",
    numbers: [{ symbol: "L", least: 2, most: MOST_DIGITS, fallback: 8 }],
    aliases: [],
    at: (name, [length = 8]) =>
      defineTask({
        name,
        summary: summaryOf(length),
        config: z.strictObject({ ...characterSettings }),
        build: (settings, facts) =>
          characterTask({
            ...facts,
            ...settings,
            alphabet: "012".slice(0, modulus),
            longest: length + 1,
            chance: 1 / modulus,
            bestLoss: 0,
            texts: modulus ** length,
            draw: (random) => sums(Array.from({ length }, () => random.below(modulus)), modulus),
          }),
      }),
  });

/**
 * `parity_L`: the parity of the bits so far, T = L.
 *
 * @example
 * const task = findTask("parity_16").build();
 * const { symbol, target } = drawSequence(task, { seed: 1 }); // [16] each
 */
export const parity: TaskEntry<ParityTaskSettings> = family("parity", {
  modulus: 2,
  summaryOf: (length) => `Parity of the bits so far, of ${length}`,
});

/** `mod3_L`: the sum modulo 3 of the digits so far, T = L. */
export const mod3: TaskEntry<ParityTaskSettings> = family("mod3", {
  modulus: 3,
  summaryOf: (length) => `Sum modulo 3 of the digits so far, of ${length}`,
});
