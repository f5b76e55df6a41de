/**
 * Back-propagation through time with an optimizer of one's own: AdamW whose rate rises, and then falls as a
 * cosine (Loshchilov and Hutter, 2017 and 2019).
 *
 *   deno task train --updater examples/own/bptt_adamw.ts --model rnn --task 2_palindrome_vary
 */
import { adamW, bptt, chain, cosineDecay, defineUpdater, schedule, warmUp, z } from "hebb";

export default defineUpdater({
  name: "bptt_adamw",
  summary: "Back-propagation through time with AdamW, a warm-up and a cosine",
  config: z.strictObject({
    learning_rate: z.number().positive().default(0.003).describe("Largest learning rate"),
    decay: z.number().min(0).default(0.01).describe("Decoupled weight decay"),
    updates: z.int().min(1).default(2000).describe("Updates after which the rate is 0"),
  }),
  build: (learning, { learning_rate, decay, updates }) =>
    bptt.build(learning, {
      learning_rate,
      optimizer: chain(
        adamW({ decay }),
        schedule(warmUp({ updates: 0.05 * updates })),
        schedule(cosineDecay({ updates })),
      ),
    }),
});
