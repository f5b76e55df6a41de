/** Tasks in closed loop, for tests. */
import { findTask } from "../../../tasks/mod.ts";
import { crossEntropy } from "../../losses/cross_entropy.ts";
import type { RandomStream } from "../../random.ts";
import type { Episode, Task } from "../task.ts";

/** The same task in closed loop: its episodes listen to nothing. */
export const indifferent = (task: Task): Task => ({
  ...task,
  episode: (random, draw) => ({ sequence: task.sequence(random, draw), act() {} }),
});

/** What an episode was told: step, and output. */
export type Told = (random: RandomStream, t: number, output: readonly number[]) => void;

/** The network's likeliest symbol, or another one by chance, is the next symbol; it has to be said again. */
export function echo({ steps = 6, told = () => {} }: { steps?: number; told?: Told } = {}): Task {
  const open = findTask("palindrome").build();
  const { symbols } = open.sizes as { symbols: number };
  function begin(random: RandomStream): Episode {
    const scalars = (value: number) => new Float32Array(steps).fill(value);
    const [symbol, target, mask, recall, last] = [0, 0, 1, 0, 0].map(scalars) as [
      Float32Array,
      Float32Array,
      Float32Array,
      Float32Array,
      Float32Array,
    ];
    last[steps - 1] = 1;
    symbol[0] = random.below(symbols);
    return {
      sequence: { symbol, target, mask, recall, last },
      act(t, output) {
        const logits = Array.from(output);
        told(random, t, logits);
        if (t + 1 === steps) return;
        const said = logits.indexOf(Math.max(...logits));
        symbol[t + 1] = random.uniform() < 0.5 ? said : random.below(symbols);
        target[t + 1] = said;
      },
    };
  }
  return {
    ...open,
    name: "echo",
    steps,
    inputs: { symbol: [], target: [], mask: [], recall: [], last: [] },
    loss: crossEntropy,
    sequence: (random) => begin(random).sequence,
    episode: begin,
  };
}
