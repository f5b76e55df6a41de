/** Factors on the learning rate, by the number t of updates before this one. */
import {
  add,
  clamp,
  cos,
  div,
  exp,
  floor,
  less,
  lessEqual,
  maximum,
  minimum,
  mul,
  sub,
  where,
} from "../../core/program/language.ts";
import { withDefaults } from "../../core/program/with_defaults.ts";
import type { Operand, Value } from "../../core/program/elementwise.ts";
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

/**
 * gamma^floor(t / every): the rate falls by the factor gamma every so many updates.
 *
 * @throws RangeError unless `every` and `gamma` are above 0.
 *
 *     schedule(stepDecay({ every: 1000, gamma: 0.1 }))
 */
export function stepDecay(options: { every: number; gamma?: number }): Schedule {
  const { every, gamma } = withDefaults("stepDecay", options, { every: NaN, gamma: 0.1 });
  requirePositive("stepDecay: every", every);
  requirePositive("stepDecay: gamma", gamma);
  return (t) => exp(mul(floor(div(t, every)), Math.log(gamma)));
}

/**
 * A line from 1 to `least` within so many updates, and `least` after them.
 *
 * @throws RangeError unless `updates` is above 0.
 *
 *     schedule(linearDecay({ updates: 10_000 }))
 */
export function linearDecay(options: { updates: number; least?: number }): Schedule {
  const { updates, least } = withDefaults("linearDecay", options, { updates: NaN, least: 0 });
  requirePositive("linearDecay: updates", updates);
  return (t) => add(mul(minimum(div(t, updates), 1), least - 1), 1);
}

/** Numbers of `oneCycle`, under the names of PyTorch. */
export interface OneCycleOptions {
  /** Length of the cycle. */
  readonly updates: number;
  /** Share of the cycle in which the rate rises; default .3. */
  readonly pct_start?: number;
  /** The rate begins at a div_factor-th of the largest; default 25. */
  readonly div_factor?: number;
  /** It ends at a final_div_factor-th of where it began; default 10,000. */
  readonly final_div_factor?: number;
}

/**
 * Half a cosine up to 1, and half a cosine down to almost nothing (Smith and Topin, 2018). It ends with update
 * number `updates`, the last one, and stays there.
 *
 * @throws RangeError unless there are at least 2 updates, the share is between 0 and 1, and the divisors are above 0.
 *
 *     chain(momentum(0.9), schedule(oneCycle({ updates: 10_000 })))
 */
export function oneCycle(options: OneCycleOptions): Schedule {
  const { updates, pct_start, div_factor, final_div_factor } = withDefaults("oneCycle", options, {
    updates: NaN,
    pct_start: 0.3,
    div_factor: 25,
    final_div_factor: 1e4,
  });
  if (!(updates >= 2)) {
    throw new RangeError(`oneCycle: updates: expected at least 2, got ${updates}`);
  }
  if (!(pct_start > 0 && pct_start < 1)) {
    throw new RangeError(`oneCycle: pct_start: expected between 0 and 1, got ${pct_start}`);
  }
  requirePositive("oneCycle: div_factor", div_factor);
  requirePositive("oneCycle: final_div_factor", final_div_factor);
  const [start, end] = [1 / div_factor, 1 / div_factor / final_div_factor];
  const top = pct_start * updates - 1;
  const cosine = (from: number, to: number, share: Value) =>
    add(mul(add(cos(mul(share, Math.PI)), 1), (from - to) / 2), to);
  return (t) => {
    const rise = cosine(start, 1, div(t, top));
    const fall = cosine(1, end, minimum(div(sub(t, top), updates - 1 - top), 1));
    return top > 0 ? where(less(t, top), rise, fall) : fall;
  };
}

/**
 * A rise as that of `warmUp`, and then a schedule from its beginning.
 *
 * @throws RangeError unless `updates` is above 0.
 *
 *     schedule(afterWarmUp(cosineDecay({ updates: 9900 }), { updates: 100 }))
 */
export function afterWarmUp(next: Schedule, options: { updates: number }): Schedule {
  const { updates } = withDefaults("afterWarmUp", options, { updates: NaN });
  const rise = warmUp({ updates });
  return (t) => where(less(t, updates), rise(t), next(maximum(sub(t, updates), 0)));
}
