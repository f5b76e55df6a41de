/** The whole way from gradients of slow weights to their changes, as the settings of an updater describe it. */
import { add, mul, neg, sign, sub } from "../../core/program/language.ts";
import { clip, clipByGlobalNorm } from "./clip.ts";
import { decay } from "./decay.ts";
import { RATE_FACTOR } from "./rate_factor.ts";
import { schedule } from "./schedule.ts";
import { inverseTimeDecay } from "./schedules.ts";
import { chain, mapChanges, type Optimizer } from "./transform.ts";

/** What all optimizers have in common. */
export interface DescentOptions {
  /** Bound of the norm of all gradients together; 0: none. */
  readonly gradClip: number;
  /** Whether a schedule multiplies the learning rate: `storeRateFactor`. */
  readonly isScheduled?: boolean;
  /** Updates after which the learning rate has halved; 0: it is constant. */
  readonly halfTime?: number;
  /** The larger, the more sharply the rate falls around that time; see `inverseTimeDecay`. */
  readonly decayPower?: number;
  /** Bound of each element of an update, learning rate included; 0: none. */
  readonly updateClip?: number;
  /** By how much each weight moves towards 0 after its update; 0: not at all. */
  readonly l1?: number;
  /** Share that each number of a matrix loses after its update; 0: none. */
  readonly weightDecay?: number;
  /** Factor of the sum of squared weights that is added to the loss; 0: none. */
  readonly l2?: number;
}

/** Changes of weights, from gradients. `optimizer` turns gradients into directions; the rest is common to all. */
export const descend = (
  optimizer: Optimizer,
  {
    gradClip,
    isScheduled = false,
    halfTime = 0,
    decayPower = 1,
    updateClip = 0,
    l1 = 0,
    l2 = 0,
    weightDecay = 0,
  }: DescentOptions,
): Optimizer =>
  chain(
    decay(2 * l2),
    clipByGlobalNorm(gradClip),
    optimizer,
    scaleBy("learning_rate"),
    ...isScheduled ? [scaleBy(RATE_FACTOR)] : [],
    ...halfTime > 0 ? [schedule(inverseTimeDecay({ halfTime, power: decayPower }))] : [],
    { apply: (changes) => mapChanges(changes, neg) },
    clip(updateClip),
    shrink(l1),
    loseShare(weightDecay),
  );

/** Multiplies every change by what a slot holds. */
const scaleBy = (slot: string): Optimizer => ({
  apply: (changes, stage) => mapChanges(changes, (change) => mul(change, stage.load(slot))),
});

/** Moves each weight, after its change, by `amount` against its sign. */
const shrink = (amount: number): Optimizer => ({
  apply(changes, stage) {
    if (amount <= 0) return changes;
    return mapChanges(changes, (change, name) => {
      const after = add(stage.load(name), change);
      return sub(change, mul(sign(after), amount));
    });
  },
});

/** Takes `share` of each matrix away after its change; vectors are biases. */
const loseShare = (share: number): Optimizer => ({
  apply(changes, stage) {
    if (share === 0) return changes;
    return mapChanges(changes, (change, name) => {
      if (change.shape.length !== 2) return change;
      return sub(change, mul(add(stage.load(name), change), share));
    });
  },
});
