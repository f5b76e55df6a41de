/** Descriptions of programs and networks with the numbers that PyTorch gives: `tests/goldens/autograd`. */
import type { Shape } from "../../core/axes.ts";
import type { Operand, Value } from "../../core/program/elementwise.ts";
import * as l from "../../core/program/language.ts";
import { linear } from "../../core/program/linear.ts";
import type { NormalizationOptions } from "../../core/program/language/normalization.ts";
import type { LayerRole } from "../../core/program/node.ts";

/** A number as stored: JSON has no infinities, no NaN and no -0. */
export type Stored = number | "inf" | "-inf" | "nan" | "-0";

const words = { inf: Infinity, "-inf": -Infinity, nan: NaN, "-0": -0 } as const;

/** The numbers as such. */
export const numbersOf = (stored: readonly Stored[]): Float64Array =>
  Float64Array.from(stored, (each) => typeof each === "number" ? each : words[each]);

/** An operand: the number of an earlier value, inputs first, or a number. */
type Place = number | { readonly number: number };

/** Options of an operation, as its function in the step language takes them. */
interface Options {
  readonly start?: number;
  readonly length?: number;
  readonly axis?: "post" | "pre" | "sequence";
  readonly value?: number;
  readonly shape?: Shape;
  readonly delta?: number;
  readonly epsilon?: number;
  readonly name?: string;
  readonly role?: LayerRole;
}

/** An operation with its operands. */
export type Step = readonly [op: string, operands: readonly Place[], options?: Options];

/** Functions of one value, over an axis of it or without one. */
const overAxis = {
  sum: l.sum,
  mean: l.mean,
  max: l.max,
  min: l.min,
  argmax: l.argmax,
  argmin: l.argmin,
  softmax: l.softmax,
  logSoftmax: l.logSoftmax,
  logSumExp: l.logSumExp,
  norm: l.norm,
  variance: l.variance,
  standardDeviation: l.standardDeviation,
  entropy: l.entropy,
} as const;

type Writer = (x: readonly Operand[], options: Options, like: Value) => Value;

/** What is not a function of values alone. */
const special: Readonly<Record<string, Writer>> = {
  ...Object.fromEntries(
    Object.entries(overAxis).map(([name, f]): [string, Writer] => [
      name,
      ([x], { axis }) => f(x as Value, axis as l.Axis | undefined),
    ]),
  ),
  normalize: ([x], options) => l.normalize(x as Value, options as NormalizationOptions),
  cosineSimilarity: ([a, b], options) =>
    l.cosineSimilarity(a as Value, b as Value, options as NormalizationOptions),
  layerNorm: ([x, gain = 1, bias = 0], options) =>
    l.layerNorm(x as Value, { ...options as NormalizationOptions, gain, bias }),
  rmsNorm: ([x, gain = 1, bias = 0], options) =>
    l.rmsNorm(x as Value, { ...options as NormalizationOptions, gain, bias }),
  gather: ([x, index], { axis }) => l.gather(x as Value, index!, axis as l.Axis | undefined),
  scatter: ([x, index], { length, axis }) =>
    l.scatter(x!, index as Value, length!, axis as l.Axis | undefined),
  reshape: ([x], { shape }) => l.reshape(x as Value, shape!),
  eye: (_, { length }, like) => l.eye(like, length!),
  stepIndex: (_x, _options, like) => l.stepIndex(like),
  huber: ([x], { delta }) => l.huber(x as Value, delta!),
  smoothAbs: ([x], { epsilon }) => l.smoothAbs(x as Value, epsilon!),
  linear: ([weight, input, bias], { name, role }) =>
    linear(name!, {
      weight: weight as Value,
      input: input as Value,
      role,
      ...bias === undefined ? {} : { bias: bias as Value },
    }),
  slice: ([x], { start, length }) => l.slice(x as Value, start!, length!),
  reduceSum: ([x], { axis }) =>
    axis === "sequence" ? l.batchSum(x as Value) : l.reduce(x as Value, { axes: [axis!] }),
  reduceMax: ([x], { axis }) =>
    l.reduce(axis === "sequence" ? l.perSequence(x as Value) : x as Value, {
      axes: [axis!],
      kind: "max",
    }),
  oneHot: ([index], { length }) => l.oneHot(index as Value, length!),
  iota: (_, { length }, like) => l.iota(like, length!),
  filled: (_, { value, shape }, like) => l.filled(like, value!, shape!),
  sequenceIndex: (_x, _options, like) => l.sequenceIndex(like),
};

/** Writes the steps in the step language. @returns all values, the given ones first. */
export function writeSteps(given: readonly Value[], steps: readonly Step[]): Value[] {
  const values = [...given];
  for (const [op, places, options = {}] of steps) {
    const x = places.map((place) => typeof place === "number" ? values[place]! : place.number);
    const write = special[op] ??
      ((operands: readonly Operand[]) =>
        (l[op as keyof typeof l] as (...operands: readonly Operand[]) => Value)(...operands));
    values.push(write(x, options, given[0]!));
  }
  return values;
}

/** The content of a packed file beside the goldens. */
export async function readPacked<T>(name: string): Promise<T> {
  const file = await Deno.open(new URL(`../goldens/autograd/${name}`, import.meta.url));
  return await new Response(file.readable.pipeThrough(new DecompressionStream("gzip"))).json();
}
