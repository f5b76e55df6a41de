/** Adam, and a variant of it as published. */
import { add, div, mul, sqrt, square } from "../../core/program/language.ts";
import { descend, mapChanges, type OptimizerOptions, type Transform } from "./optimizer.ts";

/** Decay rates of the moments. */
interface Rates {
  /** b1. */
  readonly first: number;
  /** b2. */
  readonly second: number;
  /** The share of itself that the second moment keeps in an update; default: b2. */
  readonly secondKeeps?: number;
}

const usual: Rates = { first: 0.9, second: 0.999 };
const epsilon = 1e-8;

const slots = {
  correction: (moment: string) => `adam/correction/${moment}`,
  first: (name: string) => `adam/first/${name}`,
  second: (name: string) => `adam/second/${name}`,
};

/** The first moment over the root of the second one, both bias-corrected; epsilon is added to the root. */
const scaleByAdam = (rates: Rates): Transform => ({
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
      const next = add(mul(stage.load(slot), rates[moment]), 1 - rates[moment]);
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
      const { secondKeeps } = rates;
      const first = moment(slots.first(name), gradient, rates.first);
      const second = moment(slots.second(name), square(gradient), rates.second, secondKeeps);
      const root = sqrt(div(second, secondCorrection));
      return div(div(first, firstCorrection), add(root, epsilon));
    });
  },
});

/** Adam (Kingma and Ba, 2015): b1 .9, b2 .999, epsilon 1e-8. */
export const adam = (options: OptimizerOptions): Transform => descend(options, scaleByAdam(usual));

/**
 * Adam as in the first experiments on plastic recurrent networks. The second moment keeps .9 of itself, not
 * .999, but it gains .001 g² and its bias correction is 1 - .999^t. With gradients of constant size steps
 * therefore grow from lr to 10 lr.
 */
export const adamPublished = (options: OptimizerOptions): Transform =>
  descend(options, scaleByAdam({ ...usual, secondKeeps: usual.first }));
