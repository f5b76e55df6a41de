import { add, div, mul, neg, sqrt, square } from "../../core/program/language.ts";
import {
  chain,
  clipByGlobalNorm,
  decay,
  mapChanges,
  type OptimizerOptions,
  scale,
  type Transform,
} from "./optimizer.ts";

const rates = { first: 0.9, second: 0.999 };
const epsilon = 1e-8;

const slots = {
  correction: (moment: string) => `adam/correction/${moment}`,
  first: (name: string) => `adam/first/${name}`,
  second: (name: string) => `adam/second/${name}`,
};

/** Gradients over the root of their running second moment, both bias-corrected; epsilon outside. */
export const scaleByAdam: Transform = {
  declare(builder, parameters) {
    for (const moment of Object.keys(rates)) {
      builder.slot(slots.correction(moment), { kind: "optimizer" });
    }
    for (const [name, shape] of parameters) {
      builder.slot(slots.first(name), { kind: "optimizer", shape });
      builder.slot(slots.second(name), { kind: "optimizer", shape });
    }
  },
  apply(changes, stage) {
    // 1 - decay^t by the recursion of the moments: the difference itself would lose digits.
    const correction = (moment: keyof typeof rates) => {
      const slot = slots.correction(moment);
      const next = add(mul(stage.load(slot), rates[moment]), 1 - rates[moment]);
      stage.store(slot, next);
      return next;
    };
    const [firstCorrection, secondCorrection] = [correction("first"), correction("second")];
    return mapChanges(changes, (gradient, name) => {
      const moment = (slot: string, rate: number, value: typeof gradient) => {
        const next = add(mul(stage.load(slot), rate), mul(value, 1 - rate));
        stage.store(slot, next);
        return next;
      };
      const first = moment(slots.first(name), rates.first, gradient);
      const second = moment(slots.second(name), rates.second, square(gradient));
      const root = sqrt(div(second, secondCorrection));
      return div(div(first, firstCorrection), add(root, epsilon));
    });
  },
};

/** Adam (Kingma and Ba, 2015): b1 .9, b2 .999, epsilon 1e-8. */
export function adam({ gradClip, halfTime = 0 }: OptimizerOptions): Transform {
  return chain(
    clipByGlobalNorm(gradClip),
    scaleByAdam,
    scale((stage) => stage.load("learning_rate")),
    decay(halfTime),
    { apply: (changes) => mapChanges(changes, neg) },
  );
}
