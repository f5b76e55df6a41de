/**
 * Back-propagation through time with AdamW and a schedule of one's own: the rate rises in a line, and then falls as
 * 1 / sqrt(t) (Vaswani et al., 2017). A schedule is a function of the iterations before this one, a value of the
 * program, to the factor on the learning rate.
 *
 *   deno task train --updater examples/own/bptt_adamw.ts --model rnn --task 2_palindrome_vary
 */
import { add, bptt, defineUpdater, div, minimum, sqrt, z } from "hebb";

export default defineUpdater({
  name: "bptt_adamw",
  summary: "Back-propagation through time with AdamW, a warm-up and 1 / sqrt(t)",
  config: z.strictObject({
    learning_rate: z.number().positive().default(0.003).describe("Largest learning rate"),
    decay: z.number().min(0).default(0.01).describe("Decoupled weight decay"),
    warm_up: z.int().min(1).default(100).describe("Iterations in which the rate rises"),
  }),
  build: (learning, { learning_rate, decay, warm_up }) =>
    bptt.build(learning, {
      ...{ learning_rate, optimizer: "adamw", weight_decay: decay },
      schedule(iterations) {
        const now = add(iterations, 1);
        return minimum(div(now, warm_up), sqrt(div(warm_up, now)));
      },
    }),
});
