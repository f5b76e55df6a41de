/** Functions whose best value is known, as sweeps of settings. */
import { randomStream, streamOf } from "../../../core/random.ts";
import { pointKey } from "../space.ts";
import { choice, range } from "./sweeps.ts";
import type { Parameter } from "../sweep_file.ts";
import type { Trial } from "../trial.ts";

/** A function of the values of a trial, to be minimized. */
export interface KnownFunction {
  /** Ranges and lists, as random search and TPE take them. */
  readonly parameters: readonly Parameter[];
  /** Lists of values, as a grid takes them. */
  readonly grid: readonly Parameter[];
  /** Its smallest value. */
  readonly least: number;
  /** How far a training that has just begun is above its end, about. */
  readonly start: number;
  valueAt(values: Trial["values"]): number;
}

/** Rows of a training. */
export const rows = 27;

/**
 * The function as trainings would see it: values fall with the row, some faster than others, and end where the
 * function is.
 *
 * @param row from 1 to `rows`.
 */
export function scoreAt(
  { start, valueAt }: KnownFunction,
  values: Trial["values"],
  row: number,
): number {
  const pace = 0.5 + randomStream({ seed: 0, stream: streamOf(pointKey(values)) }).uniform();
  return valueAt(values) + start * pace * (1 / row - 1 / rows);
}

/** `count` numbers from `low` to `high`, evenly spaced. */
const spaced = (count: number, low: number, high: number): number[] =>
  Array.from({ length: count }, (_, n) => low + n * (high - low) / (count - 1));

/** Branin's function (Dixon and Szegö 1978), with three equal minima. */
export const branin: KnownFunction = {
  parameters: [
    range("a.x", "uniform", { min: -5, max: 10 }),
    range("a.y", "uniform", { min: 0, max: 15 }),
  ],
  grid: [choice("a.x", ...spaced(8, -5, 10)), choice("a.y", ...spaced(8, 0, 15))],
  least: 0.39788735772973816,
  start: 50,
  valueAt(values) {
    const [x, y] = [Number(values["a.x"]), Number(values["a.y"])];
    const valley = y - 5.1 * x * x / (4 * Math.PI ** 2) + 5 * x / Math.PI - 6;
    return valley ** 2 + 10 * (1 - 1 / (8 * Math.PI)) * Math.cos(x) + 10;
  },
};

/** What each optimizer of `mixed` adds, and the logarithm of its best rate. */
const optimizers: Readonly<Record<string, { readonly cost: number; readonly rate: number }>> = {
  sgd: { cost: 0.3, rate: -1 },
  adam: { cost: 0, rate: -2.5 },
  rmsprop: { cost: 0.15, rate: -3 },
};

/** Four settings as of a training: a rate, whose best depends on a choice, a whole number and a share. */
export const mixed: KnownFunction = {
  parameters: [
    range("a.rate", "log_uniform_values", { min: 1e-5, max: 1 }),
    choice("a.optimizer", ...Object.keys(optimizers)),
    range("a.size", "int_uniform", { min: 8, max: 128 }),
    range("a.momentum", "uniform", { min: 0, max: 1 }),
  ],
  grid: [
    choice("a.rate", ...spaced(6, -5, 0).map((power) => 10 ** power)),
    choice("a.optimizer", ...Object.keys(optimizers)),
    choice("a.size", 8, 32, 64, 128),
    choice("a.momentum", 0, 0.5, 1),
  ],
  least: 0,
  start: 2,
  valueAt(values) {
    const { cost, rate } = optimizers[String(values["a.optimizer"])]!;
    return cost + (Math.log10(Number(values["a.rate"])) - rate) ** 2 +
      ((Number(values["a.size"]) - 90) / 100) ** 2 +
      (Number(values["a.momentum"]) - 0.9) ** 2 / 2;
  },
};
