/** Settings of the optimizer of slow weights, for every updater with exact gradients. */
import { z } from "../../deps/zod.ts";
import { optimizerNames, optimizers } from "./mod.ts";
import type { Transform } from "./optimizer.ts";

export const slowWeightConfig = {
  optimizer: z.enum(optimizerNames).default("sgd").describe(
    "Optimizer of slow weights; adam_published lets the second moment decay with .9, which makes late steps 10 times as large",
  ),
  learning_rate_half_time: z.number().min(0).default(0).describe(
    "Updates h after which the learning rate of slow weights has halved, as 1 / (1 + (t / h)^p) (0: it stays)",
  ),
  learning_rate_decay_power: z.int().min(1).max(8).default(1).describe(
    "p of that: the larger, the longer the rate stays up, and the faster it falls then",
  ),
  update_clip: z.number().min(0).default(0).describe(
    "Bound on each number of an update of slow weights, learning rate included (0: off)",
  ),
  l2: z.number().min(0).default(0).describe(
    "Adds this times the sum of squares of slow weights to what is lowered, before any clip (0: off)",
  ),
  l1: z.number().min(0).default(0).describe(
    "After an update every slow weight moves this much towards 0 (0: off)",
  ),
};

const schema = z.object(slowWeightConfig);
export type SlowWeightConfig = z.output<typeof schema>;

/** The optimizer that the settings describe; `gradClip` bounds the norm of all gradients together. */
export function slowWeightOptimizer(
  settings: SlowWeightConfig,
  { gradClip }: { gradClip: number },
): Transform {
  return optimizers[settings.optimizer]({
    gradClip,
    halfTime: settings.learning_rate_half_time,
    decayPower: settings.learning_rate_decay_power,
    updateClip: settings.update_clip,
    l1: settings.l1,
    l2: settings.l2,
  });
}
