/**
 * Optimizers of slow weights: from gradients to changes, as chains of small transforms.
 *
 * A transform maps the changes of all parameters together, since a norm may be taken over all of them. It
 * may have slots of its own. Chains of transforms are those of optax: sgd = clip, then scale.
 */
import type { Shape } from "../../core/axes.ts";
import { countUp, declareCounter } from "../../core/program/counter.ts";
import type { Value } from "../../core/program/elementwise.ts";
import { add, clamp, div, minimum, mul, neg, sign, sub } from "../../core/program/language.ts";
import type { ProgramBuilder, StageBuilder } from "../../core/program/program.ts";
import { norm } from "../norm.ts";

/** The settings of every optimizer. */
export interface OptimizerOptions {
  /** Bound of the norm of all gradients together; 0: none. */
  readonly gradClip: number;
  /** Updates after which the learning rate has halved; 0: it is constant. */
  readonly halfTime?: number;
  /** The larger, the more sharply the rate falls around that time; see `decay`. */
  readonly decayPower?: number;
  /** Bound of each element of an update, learning rate included; 0: none. */
  readonly updateClip?: number;
  /** By how much each weight moves towards 0 after its update; 0: not at all. */
  readonly l1?: number;
  /** Factor of the sum of squared weights that is added to the loss; 0: none. */
  readonly l2?: number;
}

/** Changes by parameter slot, [P, ...shape]; the first transform of a chain gets gradients. */
export type Changes = ReadonlyMap<string, Value>;

/** One part of an optimizer. */
export interface Transform {
  /** Declares the slots of the transform. */
  declare?(builder: ProgramBuilder, parameters: ReadonlyMap<string, Shape>): void;
  apply(changes: Changes, stage: StageBuilder): Changes;
}

/** The transforms, one after the other. */
function chain(...transforms: readonly Transform[]): Transform {
  return {
    declare: (builder, parameters) =>
      transforms.forEach((transform) => transform.declare?.(builder, parameters)),
    apply: (changes, stage) =>
      transforms.reduce((current, transform) => transform.apply(current, stage), changes),
  };
}

/**
 * A whole optimizer. `directions` turn gradients into directions; the rest is common to all optimizers.
 *
 * @example
 * const sgd = (options: OptimizerOptions) => descend(options);
 */
export function descend(
  { gradClip, halfTime = 0, decayPower = 1, updateClip = 0, l1 = 0, l2 = 0 }: OptimizerOptions,
  ...directions: readonly Transform[]
): Transform {
  return chain(
    penalize(l2),
    clipByGlobalNorm(gradClip),
    ...directions,
    scale((stage) => stage.load("learning_rate")),
    decay(halfTime, decayPower),
    { apply: (changes) => mapChanges(changes, neg) },
    clipEach(updateClip),
    shrink(l1),
  );
}

/** Multiplies every change by a number or a shared scalar. */
function scale(factor: (stage: StageBuilder) => Value): Transform {
  return { apply: (changes, stage) => mapChanges(changes, (change) => mul(change, factor(stage))) };
}

/**
 * Multiplies every change by 1 / (1 + (t / halfTime)^power), with t the number of updates before this one.
 * The rate has halved after `halfTime` updates; the length of training need not be known. 0: no decay.
 */
function decay(halfTime: number, power = 1): Transform {
  const updates = "optimizer/updates";
  return {
    declare(builder) {
      if (halfTime > 0) declareCounter(builder, updates);
    },
    apply(changes, stage) {
      if (halfTime <= 0) return changes;
      const time = div(countUp(stage, updates).before, halfTime);
      const factor = div(1, add(1, mul(...Array.from({ length: power }, () => time))));
      return mapChanges(changes, (change) => mul(change, factor));
    },
  };
}

/** Scales all changes by min(1, bound / (norm + 1e-6)), the norm taken over all of them together. */
function clipByGlobalNorm(bound: number): Transform {
  return {
    apply(changes) {
      if (bound <= 0 || changes.size === 0) return changes;
      const factor = minimum(div(bound, add(norm(...changes.values()), 1e-6)), 1);
      return mapChanges(changes, (change) => mul(change, factor));
    },
  };
}

/** Clamps every element of every change to ±bound. */
function clipEach(bound: number): Transform {
  return {
    apply: (changes) =>
      bound > 0 ? mapChanges(changes, (change) => clamp(change, -bound, bound)) : changes,
  };
}

/** Adds the gradient of `factor` times the sum of squared weights. */
function penalize(factor: number): Transform {
  return {
    apply(changes, stage) {
      if (factor <= 0) return changes;
      return mapChanges(changes, (change, name) => add(change, mul(stage.load(name), 2 * factor)));
    },
  };
}

/** Moves each weight, after its change, by `amount` against its sign. */
function shrink(amount: number): Transform {
  return {
    apply(changes, stage) {
      if (amount <= 0) return changes;
      return mapChanges(changes, (change, name) => {
        const after = add(stage.load(name), change);
        return sub(change, mul(sign(after), amount));
      });
    },
  };
}

/** Applies a function to every change. */
export const mapChanges = (changes: Changes, f: (change: Value, name: string) => Value): Changes =>
  new Map([...changes].map(([name, change]) => [name, f(change, name)]));
