/** Familiarity: was this pattern shown R steps ago? */
import { binaryCrossEntropy, defineTask, z } from "hebb";

export default defineTask({
  name: "familiarity",
  summary: "Tell patterns shown R steps ago from new ones",
  aliases: [],
  config: z.strictObject({
    bits: z.int().min(1).default(20).describe("Bits of a pattern"),
    steps: z.int().min(2).default(30).describe("T, patterns in a sequence"),
    interval: z.int().min(1).default(3).describe("R, steps from a pattern to its repeat"),
  }),
  build: ({ bits, steps, interval }, facts) => ({
    ...facts,
    steps,
    sizes: { inputs: bits },
    inputs: { x: [bits], target: [] },
    output: [],
    loss: binaryCrossEntropy,
    score: "accuracy",
    chance: 0.5,
    bestLoss: 0,
    sequence(random) {
      const x = new Float32Array(steps * bits);
      const target = new Float32Array(steps);
      for (let t = 0; t < steps; t++) {
        const isRepeat = t >= interval && random.uniform() < 0.5;
        target[t] = Number(isRepeat);
        for (let i = 0; i < bits; i++) {
          x[t * bits + i] = isRepeat ? x[(t - interval) * bits + i]! : 2 * random.below(2) - 1;
        }
      }
      return { x, target };
    },
  }),
});
