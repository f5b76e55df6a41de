/** What becomes of the fast weights of a network, and how they are kept. */

/**
 * Every way to judge a network whose rule writes fast weights while a sequence runs:
 *
 * | name | written inside a sequence | highly plastic weights at the start of a sequence |
 * |---|---|---|
 * | `all` | everything that the rule writes in training, slow weights and biases too | 0 |
 * | `on` | the highly plastic weights alone | 0 |
 * | `off` | nothing | 0 |
 * | `carried` | the highly plastic weights alone | as the sequence before left them |
 *
 * The sequence before is the one in the same place of the batch before; the first begin with 0.
 */
export const fastWeightModes = ["all", "on", "off", "carried"] as const;

/** One of `fastWeightModes`. */
export type FastWeightMode = typeof fastWeightModes[number];

/** The procedure that sets highly plastic weights to 0, of a program that then carries them. */
export const WIPE = "wipe";

/**
 * How the fast weights of a sequence are kept while it runs: as a copy of the matrix (`stored_weights.ts`), or as
 * what each step changed (`weight_history.ts`).
 */
export type FastWeightForm = "stored" | "history";
