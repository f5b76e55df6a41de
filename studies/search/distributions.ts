/** The distributions of numbers that a sweep file may name, by W&B's names. */
import { betaProbability } from "../../core/numerics/beta.ts";
import { normalTail } from "../../core/numerics/float64_functions.ts";

/** The numbers of a distribution by their names in the file. */
export type Numbers = Readonly<Record<string, number>>;

/** A distribution of numbers. */
export interface Distribution {
  /** Names of its numbers with their defaults; undefined: the file has to give it. */
  readonly numbers: Readonly<Record<string, number | undefined>>;
  /** Whether it is about ratios, so that an axis of its values is logarithmic. */
  readonly isLog: boolean;
  /** P(X < x). */
  probability(x: number, numbers: Numbers): number;
  /** The x of a probability between 0 and 1. */
  quantile(probability: number, numbers: Numbers): number;
  /** What is wrong with numbers that are given, and the name of the one that is. */
  problem(numbers: Numbers): { readonly name: string; readonly expected: string } | undefined;
}

const clamp = (share: number): number => Math.max(0, Math.min(1, share));

const ends = { min: undefined, max: undefined };

const endsProblem: Distribution["problem"] = ({ min, max }) =>
  max! > min! ? undefined : { name: "max", expected: `more than min, which is ${min}` };

const isUniform = { numbers: ends, problem: endsProblem } as const;

const uniform: Distribution = {
  ...isUniform,
  isLog: false,
  probability: (x, { min, max }) => clamp((x - min!) / (max! - min!)),
  quantile: (share, { min, max }) => min! + share * (max! - min!),
};

/** Whole numbers, both ends among them. */
const intUniform: Distribution = {
  ...isUniform,
  isLog: false,
  // The middle of its step.
  probability: (x, { min, max }) => clamp((x - min! + 0.5) / (max! - min! + 1)),
  quantile: (share, { min, max }) => Math.min(max!, min! + Math.floor(share * (max! - min! + 1))),
  problem: (numbers) => {
    const name = ["min", "max"].find((name) => !Number.isSafeInteger(numbers[name]));
    return name === undefined ? endsProblem(numbers) : { name, expected: "a whole number" };
  },
};

/** log x is uniform between log min and log max. */
const logUniformValues: Distribution = {
  ...isUniform,
  isLog: true,
  probability: (x, { min, max }) => clamp(Math.log(x / min!) / Math.log(max! / min!)),
  // Rounding must not lead out of the range.
  quantile: (share, { min, max }) => Math.max(min!, Math.min(max!, min! * (max! / min!) ** share)),
  problem: (numbers) =>
    numbers.min! > 0 ? endsProblem(numbers) : { name: "min", expected: "more than 0" },
};

/** min and max are exponents of e; `sign` -1: of 1 / x. */
const logUniform = (sign: 1 | -1): Distribution => {
  const values = ({ min, max }: Numbers) =>
    sign === 1
      ? { min: Math.exp(min!), max: Math.exp(max!) }
      : { min: Math.exp(-max!), max: Math.exp(-min!) };
  return {
    ...isUniform,
    isLog: true,
    probability: (x, numbers) => logUniformValues.probability(x, values(numbers)),
    quantile: (share, numbers) => logUniformValues.quantile(share, values(numbers)),
    problem: (numbers) => {
      const { min, max } = values(numbers);
      if (min! > 0 && max! < Infinity) return endsProblem(numbers);
      const name = Math.abs(numbers.min!) > Math.abs(numbers.max!) ? "min" : "max";
      return { name, expected: "an exponent of e, such as -7 for 0.0009" };
    },
  };
};

const normal: Distribution = {
  numbers: { mu: 0, sigma: 1 },
  isLog: false,
  probability: (x, { mu, sigma }) => {
    const z = (x - mu!) / sigma!;
    const tail = normalTail(Math.min(Math.abs(z), 40));
    return z < 0 ? tail : 1 - tail;
  },
  quantile: (share, { mu, sigma }) => {
    // The smaller tail is the exact one.
    const tail = Math.min(share, 1 - share);
    const z = root((z) => tail - normalTail(z), [0, 40]);
    return mu! + sigma! * (share < 0.5 ? -z : z);
  },
  problem: ({ sigma }) => sigma! > 0 ? undefined : { name: "sigma", expected: "more than 0" },
};

const logNormal: Distribution = {
  ...normal,
  isLog: true,
  probability: (x, numbers) => normal.probability(Math.log(x), numbers),
  quantile: (share, numbers) => Math.exp(normal.quantile(share, numbers)),
};

const beta: Distribution = {
  numbers: { a: 1, b: 1 },
  isLog: false,
  probability: (x, { a, b }) => betaProbability(x, a!, b!),
  quantile: (share, { a, b }) => root((x) => betaProbability(x, a!, b!) - share, [0, 1]),
  problem: (numbers) => {
    const name = ["a", "b"].find((name) => !(numbers[name]! > 0 && numbers[name]! <= 1e6));
    return name === undefined ? undefined : { name, expected: "more than 0, at most 1000000" };
  },
};

/** Where a rising function changes its sign, to the last bit. */
function root(rising: (x: number) => number, [low, high]: [number, number]): number {
  for (let middle = (low + high) / 2; low < middle && middle < high; middle = (low + high) / 2) {
    if (rising(middle) < 0) low = middle;
    else high = middle;
  }
  return low;
}

/** The same, rounded to a multiple of q that lies between min and max, if there are such ends. */
function rounded(distribution: Distribution): Distribution {
  return {
    ...distribution,
    numbers: { ...distribution.numbers, q: 1 },
    quantile: (share, numbers) => {
      const q = numbers.q!;
      const steps = Math.round(distribution.quantile(share, numbers) / q);
      const [first, last] = stepsOf(distribution, numbers);
      return multiple(Math.max(first, Math.min(last, steps)), q);
    },
    problem: (numbers) => {
      if (!(numbers.q! > 0)) return { name: "q", expected: "more than 0" };
      const problem = distribution.problem(numbers);
      if (problem) return problem;
      const [first, last] = stepsOf(distribution, numbers);
      return first <= last
        ? undefined
        : { name: "q", expected: "a multiple of q between min and max" };
    },
  };
}

/** The first and the last multiple of q that may come; infinite without ends. */
function stepsOf(distribution: Distribution, numbers: Numbers): [first: number, last: number] {
  if (!("max" in distribution.numbers)) return [-Infinity, Infinity];
  const [low, high] = [0, 1].map((share) => distribution.quantile(share, numbers) / numbers.q!);
  // A quotient that is whole but for its rounding is whole.
  return [Math.ceil(low! - 1e-9), Math.floor(high! + 1e-9)];
}

/** n q without the noise of binary fractions: 3 x 0.1 is 0.3. */
const multiple = (steps: number, q: number): number => Number((steps * q).toPrecision(12));

/** All distributions, by name. */
export const distributions: Readonly<Record<string, Distribution>> = {
  int_uniform: intUniform,
  uniform,
  q_uniform: rounded(uniform),
  log_uniform: logUniform(1),
  log_uniform_values: logUniformValues,
  inv_log_uniform: logUniform(-1),
  // log(1 / x) uniform between log(1 / max) and log(1 / min) is the same as log x uniform.
  inv_log_uniform_values: logUniformValues,
  q_log_uniform: rounded(logUniform(1)),
  q_log_uniform_values: rounded(logUniformValues),
  normal,
  q_normal: rounded(normal),
  log_normal: logNormal,
  q_log_normal: rounded(logNormal),
  beta,
  q_beta: rounded(beta),
};

/**
 * All numbers that a distribution may give, rising; undefined if they are more than `most`.
 *
 *     numbersOf("q_uniform", { min: 0, max: 1, q: 0.5 }, 100); // [0, 0.5, 1]
 */
export function numbersOf(name: string, numbers: Numbers, most: number): number[] | undefined {
  const distribution = distributions[name]!;
  const isWhole = name === "int_uniform";
  if (!isWhole && numbers.q === undefined) return undefined;
  const q = isWhole ? 1 : numbers.q!;
  const [first, last] = stepsOf(distribution, { ...numbers, q });
  if (!(last - first < most)) return undefined;
  return Array.from({ length: last - first + 1 }, (_, n) => multiple(first + n, q));
}
