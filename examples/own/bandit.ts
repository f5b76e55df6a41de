/**
 * A bandit with two arms in closed loop: one arm pays with probability `pays`, the other with 1 - `pays`, and now
 * and then they change places. The network sees what it did and got, and has to find the good arm again.
 *
 *   deno task train --model examples/own/actor_critic.ts --task examples/own/bandit.ts --updater bptt \
 *     --optimizer adam --learning_rate 0.01 --iterations 300
 */
import {
  add,
  defineTask,
  entropy,
  type Episode,
  gather,
  logSoftmax,
  type Loss,
  mul,
  type RandomStream,
  sampleAction,
  type SettingsOf,
  slice,
  softmax,
  square,
  sub,
  sum,
  where,
  z,
} from "hebb";

const ARMS = 2;

const config = z.strictObject({
  steps: z.int().min(2).default(50).describe("T, choices in a sequence"),
  pays: z.number().min(0.5).max(1).default(0.9).describe("Probability of a reward by the good arm"),
  change: z.number().min(0).max(1).default(0.05).describe("Probability of a change at a step"),
  discount: z.number().min(0).max(1).default(0).describe(
    "Of rewards one step later: 0, since a choice changes nothing",
  ),
  entropy: z.number().min(0).default(0.05).describe("Weight of the entropy of the policy"),
});
type Settings = SettingsOf<typeof config>;

/**
 * Actor and critic (Sutton, 1984; Williams, 1992): the output is a logit of each arm and the value of the state.
 * Advantages are numbers that the episode writes, so no gradient flows through them.
 */
const actorCritic = (entropyWeight: number): Loss => ({
  name: "actor-critic",
  inputs: { action: [], reward: [], good: [], gain: [], advantage: [] },
  step({ output, targets: { action, reward, good, gain, advantage } }) {
    const logits = slice(output, 0, ARMS);
    const value = sum(slice(output, ARMS, 1));
    const surprise = mul(-1, gather(logSoftmax(logits), action!));
    const uncertainty = entropy(softmax(logits));
    const loss = add(
      mul(advantage!, surprise),
      mul(0.5, square(sub(gain!, value))),
      mul(-entropyWeight, uncertainty),
    );
    const one = where(1, 1, value);
    return {
      loss,
      weight: one,
      sums: { loss, reward: reward!, good: good!, uncertainty, steps: one },
    };
  },
  metrics: {
    loss: ["loss", "steps"],
    reward: ["reward", "steps"],
    good_arm: ["good", "steps"],
    entropy: ["uncertainty", "steps"],
  },
  means: ["entropy"],
  notes: {
    reward: { summary: "Share of choices that were paid." },
    good_arm: { summary: "Share of choices of the arm that pays more." },
    entropy: { summary: "Entropy of the policy.", unit: "nats" },
  },
});

/** Plays one sequence. */
function begin(random: RandomStream, { steps, pays, change, discount }: Settings): Episode {
  const scalars = () => new Float32Array(steps);
  const x = new Float32Array(steps * (ARMS + 1));
  const [action, reward, good, gain, advantage] = [
    scalars(),
    scalars(),
    scalars(),
    scalars(),
    scalars(),
  ];
  const value = scalars();
  let best = random.below(ARMS);
  return {
    sequence: { x, action, reward, good, gain, advantage },
    act(t, output) {
      const arm = sampleAction([output[0]!, output[1]!], random);
      action[t] = arm;
      good[t] = Number(arm === best);
      reward[t] = Number(random.uniform() < (arm === best ? pays : 1 - pays));
      value[t] = output[ARMS]!;
      if (random.uniform() < change) best = 1 - best;
      if (t + 1 === steps) return;
      x[(t + 1) * (ARMS + 1) + arm] = 1;
      x[(t + 1) * (ARMS + 1) + ARMS] = reward[t]!;
    },
    finish() {
      let later = 0;
      for (let t = steps - 1; t >= 0; t--) {
        later = reward[t]! + discount * later;
        gain[t] = later;
        advantage[t] = later - value[t]!;
      }
    },
  };
}

export default defineTask({
  name: "bandit",
  summary: "Find the arm that pays, again and again",
  aliases: [],
  config,
  build: (settings, facts) => ({
    ...facts,
    steps: settings.steps,
    sizes: { inputs: ARMS + 1, actions: ARMS },
    inputs: { x: [ARMS + 1], action: [], reward: [], good: [], gain: [], advantage: [] },
    output: [ARMS + 1],
    loss: actorCritic(settings.entropy),
    score: "reward",
    batch: 32,
    chance: 0.5,
    bestLoss: NaN,
    sequence: (random) => begin(random, settings).sequence,
    episode: (random) => begin(random, settings),
  }),
});
