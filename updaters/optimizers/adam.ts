/** Adam, its form with decoupled decay, and a variant as published. */
import { add, div, mul, sqrt, square } from "../../core/program/language.ts";
import { withDefaults } from "../../core/program/with_defaults.ts";
import { decay } from "./decay.ts";
import { chain, mapChanges, type Optimizer } from "./transform.ts";

/** Decay rates of Adam's moments. */
export interface AdamRates {
  /** b1, default .9. */
  readonly first?: number;
  /** b2, default .999. */
  readonly second?: number;
  /** The share of itself that the second moment keeps in an update; default: b2. */
  readonly secondKeeps?: number;
  /** Added to the root of the second moment, default 1e-8. */
  readonly epsilon?: number;
}

const defaults = {
  first: 0.9,
  second: 0.999,
  secondKeeps: undefined as number | undefined,
  epsilon: 1e-8,
};

const slots = {
  correction: (moment: string) => `adam/correction/${moment}`,
  first: (name: string) => `adam/first/${name}`,
  second: (name: string) => `adam/second/${name}`,
};

/**
 * The first moment over the root of the second one, both bias-corrected; epsilon is added to the root
 * (Kingma and Ba, 2015). It is no `defineOptimizer`, since all parameters share the two corrections.
 *
 *     chain(clipByGlobalNorm(1), scaleByAdam({ second: 0.99 }))
 */
export function scaleByAdam(rates: AdamRates = {}): Optimizer {
  const { first: b1, second: b2, secondKeeps, epsilon } = withDefaults(
    "scaleByAdam",
    rates,
    defaults,
  );
  return {
    declare(builder, parameters) {
      for (const moment of ["first", "second"]) {
        builder.slot(slots.correction(moment), { kind: "optimizer" });
      }
      for (const [name, shape] of parameters) {
        builder.slot(slots.first(name), { kind: "optimizer", shape });
        builder.slot(slots.second(name), { kind: "optimizer", shape });
      }
    },
    apply(changes, stage) {
      // 1 - rate^t, by the recursion of the moments: the difference itself would lose digits.
      const correction = (moment: "first" | "second") => {
        const slot = slots.correction(moment);
        const rate = moment === "first" ? b1 : b2;
        const next = add(mul(stage.load(slot), rate), 1 - rate);
        stage.store(slot, next);
        return next;
      };
      const [firstCorrection, secondCorrection] = [correction("first"), correction("second")];
      return mapChanges(changes, (gradient, name) => {
        const moment = (slot: string, value: typeof gradient, rate: number, keeps = rate) => {
          const next = add(mul(stage.load(slot), keeps), mul(value, 1 - rate));
          stage.store(slot, next);
          return next;
        };
        const first = moment(slots.first(name), gradient, b1);
        const second = moment(slots.second(name), square(gradient), b2, secondKeeps);
        const root = sqrt(div(second, secondCorrection));
        return div(div(first, firstCorrection), add(root, epsilon));
      });
    },
  };
}

/**
 * Adam with decoupled weight decay (Loshchilov and Hutter, 2019).
 *
 *     bptt.build(learning, { learning_rate: 1e-3, optimizer: adamW({ decay: 0.01 }) })
 */
export function adamW(options: AdamRates & { decay?: number } = {}): Optimizer {
  const { decay: factor, ...rates } = withDefaults("adamW", options, { ...defaults, decay: 0.01 });
  return chain(scaleByAdam(rates), decay(factor));
}

/**
 * Adam as in the first experiments on plastic recurrent networks. The second moment keeps .9 of itself, not
 * .999, but it gains .001 g² and its bias correction is 1 - .999^t. With gradients of constant size steps
 * therefore grow from lr to 10 lr.
 */
export const adamPublished: Optimizer = scaleByAdam({ secondKeeps: 0.9 });
