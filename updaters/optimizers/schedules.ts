/** Factors on the learning rate, by the number t of updates before this one. */
import {
  add,
  clamp,
  cos,
  div,
  exp,
  lessEqual,
  minimum,
  mul,
  where,
} from "../../core/program/language.ts";
import { withDefaults } from "../../core/program/with_defaults.ts";
import type { Operand } from "../../core/program/elementwise.ts";
import type { Schedule } from "./schedule.ts";

/** @throws RangeError unless a count of updates is above 0. */
function requirePositive(what: string, value: number): void {
  if (!(value > 0)) throw new RangeError(`${what}: expected more than 0, got ${value}`);
}

/**
 * 2^(-t / halfTime): the rate halves every `halfTime` updates, and never stays.
 *
 * @throws RangeError unless the time is above 0.
 *
 *     schedule(exponentialDecay({ halfTime: 1000 }))
 */
export function exponentialDecay(options: { halfTime: number }): Schedule {
  const { halfTime } = withDefaults("exponentialDecay", options, { halfTime: NaN });
  requirePositive("exponentialDecay: halfTime", halfTime);
  return (t) => exp(mul(t, -Math.LN2 / halfTime));
}

/**
 * 1 / (1 + (t / halfTime)^power): the rate has halved after `halfTime` updates. The length of training
 * need not be known.
 *
 * @param options.power the larger, the more sharply the rate falls around that time; a whole number from 1.
 * @throws RangeError unless the time is above 0, and the power a whole number from 1.
 *
 *     schedule(inverseTimeDecay({ halfTime: 1000, power: 2 }))
 */
export function inverseTimeDecay(
  options: { halfTime: number; power?: number },
): Schedule {
  const { halfTime, power } = withDefaults("inverseTimeDecay", options, {
    halfTime: NaN,
    power: 1,
  });
  requirePositive("inverseTimeDecay: halfTime", halfTime);
  if (!(Number.isSafeInteger(power) && power >= 1)) {
    throw new RangeError(`inverseTimeDecay: power: expected a whole number from 1, got ${power}`);
  }
  return (t) => {
    const time = div(t, halfTime);
    return div(1, add(1, mul(...Array.from({ length: power }, () => time))));
  };
}

/**
 * Half a cosine from 1 to `least` within so many updates, and `least` after them (Loshchilov and Hutter,
 * 2017).
 *
 * @throws RangeError unless `updates` is above 0.
 *
 *     schedule(cosineDecay({ updates: 10_000, least: 0.01 }))
 */
export function cosineDecay(options: { updates: number; least?: number }): Schedule {
  const { updates, least } = withDefaults("cosineDecay", options, { updates: NaN, least: 0 });
  requirePositive("cosineDecay: updates", updates);
  return (t) => {
    const angle = mul(minimum(div(t, updates), 1), Math.PI);
    return add(mul(add(cos(angle), 1), (1 - least) / 2), least);
  };
}

/**
 * Rises from 1 / updates to 1 within so many updates, and stays there.
 *
 * @throws RangeError unless `updates` is above 0.
 *
 *     chain(scaleByAdam(), schedule(warmUp({ updates: 100 })), schedule(cosineDecay({ updates: 10_000 })))
 */
export function warmUp(options: { updates: number }): Schedule {
  const { updates } = withDefaults("warmUp", options, { updates: NaN });
  requirePositive("warmUp: updates", updates);
  return (t) => clamp(div(add(t, 1), updates), 0, 1);
}

/**
 * A factor from each of some updates on; 1 before the first of them.
 *
 * @param factors by the number of updates after which they begin, rising.
 * @throws RangeError unless these numbers rise.
 *
 *     schedule(piecewise([[1000, 0.1], [5000, 0.01]]))
 */
export function piecewise(factors: readonly (readonly [from: number, factor: number])[]): Schedule {
  factors.forEach(([from], index) => {
    const before = factors[index - 1]?.[0] ?? -1;
    if (!(from > before)) {
      throw new RangeError(
        `piecewise: expected rising numbers of updates, got ${from} after ${before}`,
      );
    }
  });
  return (t) =>
    factors.reduce<Operand>(
      (before, [from, factor]) => where(lessEqual(from, t), factor, before),
      add(mul(t, 0), 1),
    );
}
