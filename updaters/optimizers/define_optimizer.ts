/** Optimizers of one's own, and those of the library: a rule for one parameter, with memory of its shape. */
import type { Value } from "../../core/program/elementwise.ts";
import { checkKeys, type KeysOf } from "../../core/program/check_spec.ts";
import { countUp, declareCounter } from "../../core/program/counter.ts";
import { UPDATES } from "./schedule.ts";
import { mapChanges, type Optimizer } from "./transform.ts";

/** What the rule of an optimizer sees of one parameter at one update. */
export interface OptimizerStep<M extends string> {
  /** The gradient, or what the transforms before made of it, [P, ...shape]. */
  readonly gradient: Value;
  /** The weight before the update, [P, ...shape]. */
  readonly weight: Value;
  /** What was remembered at the update before, each [P, ...shape]; 0 at first. */
  readonly memory: Readonly<Record<M, Value>>;
  /** The number of this update, a scalar: 1, 2, 3, ... */
  readonly update: Value;
}

/** What an author writes of an optimizer; the names M of its memory flow into the rule. */
export interface OptimizerSpec<M extends string = never> {
  /** Its slots are `optimizer/<name>/...`; unique in a chain. */
  readonly name: string;
  /** What it remembers of each parameter. Default: nothing. */
  readonly memory?: readonly M[];
  /** The direction of one parameter, [P, ...shape], and what to remember until the next update. */
  step(step: OptimizerStep<M>): {
    readonly direction: Value;
    readonly memory?: Readonly<Record<M, Value>>;
  };
}

/**
 * Makes an optimizer, or a part of one, from a rule for one parameter.
 *
 * @throws CodeError for a key that is unknown or missing.
 * @throws RangeError, when a program is built, if the rule gives no direction, or forgets what it remembers.
 * @example
 * const signOfMean = defineOptimizer({ name: "sign_of_mean", memory: ["mean"],
 *   step({ gradient, memory }) {
 *     const mean = lerp(gradient, memory.mean, 0.9);
 *     return { direction: sign(mean), memory: { mean } };
 *   } });
 */
export function defineOptimizer<M extends string = never>(spec: OptimizerSpec<M>): Optimizer {
  checkKeys("defineOptimizer", spec, { keys: specKeys, functions: ["step"] });
  const { name, memory: names = [], step } = spec;
  const slot = (memory: string, parameter: string) => `optimizer/${name}/${memory}/${parameter}`;
  return {
    declare(builder, parameters) {
      declareCounter(builder, UPDATES);
      for (const [parameter, shape] of parameters) {
        for (const memory of names) {
          builder.slot(slot(memory, parameter), { kind: "optimizer", shape });
        }
      }
    },
    apply: (changes, stage) =>
      mapChanges(changes, (gradient, parameter) => {
        const memory = Object.fromEntries(
          names.map((key) => [key, stage.load(slot(key, parameter))]),
        ) as Record<M, Value>;
        const weight = stage.load(parameter);
        const next = step({
          gradient,
          weight,
          memory,
          get update() {
            return countUp(stage, UPDATES).after;
          },
        });
        if (!next.direction) {
          throw new RangeError(`Optimizer ${name}: the step returns no direction`);
        }
        for (const key of names) {
          const value = next.memory?.[key];
          if (!value) {
            throw new RangeError(`Optimizer ${name}: the step returns no memory "${key}"`);
          }
          stage.store(slot(key, parameter), value);
        }
        return next.direction;
      }),
  };
}

const specKeys: KeysOf<OptimizerSpec> = { name: "required", memory: "optional", step: "required" };
