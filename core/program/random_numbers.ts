/** Random numbers as values of a step: noise, dropout, stochastic units, perturbations. */
import { describeShape, sameShape, type Shape } from "../axes.ts";
import { streamOf } from "../random.ts";
import { lift, type Operand, type Value } from "./elementwise.ts";
import { less } from "./language.ts";
import { addNode, broadcast, type Distribution, type Graph, type Slot } from "./node.ts";
import { shapeError } from "./shape_error.ts";

/** A shape, or the length of a vector. */
export type DrawShape = Shape | number;

/** How numbers are drawn. */
export interface DrawOptions {
  /**
   * Names the stream; default: the number of the call among those of its step. A name keeps its numbers when
   * calls are added before it. Calls of one name draw from the same words.
   */
  readonly name?: string;
  /**
   * Whether each sequence has its own numbers (default), whatever batch it is in, or all sequences of a batch
   * share them.
   */
  readonly perSequence?: boolean;
  /** What stands in place of the numbers where the network is judged; default: numbers are drawn there too. */
  readonly evaluation?: Operand;
}

/**
 * Draws random numbers: new ones at each step and, by default, for each sequence. Calls are independent of
 * each other. The numbers depend on seed, stream, sequence, step and element alone, so a resumed run draws what
 * an uninterrupted one does, and so does every device: uniform numbers have equal bits, normal ones are equal
 * up to rounding. No gradient flows into a draw; scaled and moved by arithmetic, a draw passes gradients to its
 * scale and mean. A stage that runs once, not in a loop, draws what step 0 does.
 *
 * @example
 * const noisy = add(h, mul(sigma, random.normal(8, { evaluation: 0 }))); // recurrent noise
 * const kept = mul(h, div(random.bernoulli(0.8, 8, { evaluation: 0.8 }), 0.8)); // dropout
 */
export interface RandomNumbers {
  /** Uniform in [0, 1), multiples of 2^-24: shape (default: a scalar) -> the same shape. */
  uniform(shape?: DrawShape, options?: DrawOptions): Value;
  /** Normal with mean 0 and deviation 1 (Box-Muller), at most 5.77: shape (default: a scalar) -> the same. */
  normal(shape?: DrawShape, options?: DrawOptions): Value;
  /**
   * 1 with probability p, else 0. No gradient flows to p.
   *
   * @param p a number or value of [0, 1].
   * @param shape default: that of p.
   * @throws RangeError if p is a number outside [0, 1], or does not fit the shape.
   */
  bernoulli(p: Operand, shape?: DrawShape, options?: DrawOptions): Value;
}

/** The slot that holds the keys of draws. */
export type KeySlot = (options: { readonly perSequence: boolean }) => Slot;

/** What draws of a stage are made of. */
interface Source {
  readonly graph: Graph;
  /** Whether the stage only judges: `evaluation` takes the place of draws. */
  readonly isJudging: boolean;
  readonly keySlot: KeySlot;
}

/** One of the functions of `RandomNumbers`. */
interface Call {
  readonly name: keyof RandomNumbers;
  readonly distribution: Distribution;
  /** What it makes of the numbers; default: nothing. */
  readonly make?: (numbers: Value) => Value;
}

const uniform: Call = { name: "uniform", distribution: "uniform" };
const normal: Call = { name: "normal", distribution: "normal" };
const bernoulli = (p: Operand): Call => ({
  name: "bernoulli",
  distribution: "uniform",
  make: (numbers) => hits(numbers, p),
});

/**
 * Opens the random numbers of a scope. The same calls in the same scope draw the same numbers, in whichever
 * stage.
 */
export function randomNumbers(
  scope: string,
  { graph, isJudging, keySlot }: Source,
): RandomNumbers {
  let calls = 0;
  function draw(
    { name: call, distribution, make = (numbers) => numbers }: Call,
    given: DrawShape = [],
    { name, perSequence = true, evaluation }: DrawOptions = {},
  ): Value {
    const shape = shapeOf(call, given);
    const stream = streamOf(`random/${scope}/${name ?? `#${calls}`}`);
    calls += 1;
    if (isJudging && evaluation !== undefined) return broadcast(lift(graph, evaluation), shape);
    const slot = keySlot({ perSequence });
    return make(
      addNode(graph, { op: "random", slot, stream, distribution }, { inputs: [], shape }),
    );
  }
  return {
    uniform: (shape, options) => draw(uniform, shape, options),
    normal: (shape, options) => draw(normal, shape, options),
    bernoulli(p, shape, options) {
      if (typeof p !== "number") return draw(bernoulli(p), shape ?? p.shape, options);
      if (p >= 0 && p <= 1) return draw(bernoulli(p), shape, options);
      throw shapeError("bernoulli", `expected a probability from 0 to 1, got ${p}`);
    },
  };
}

/** 1 where a uniform number is below p. @throws RangeError if that has another shape than the numbers. */
function hits(numbers: Value, p: Operand): Value {
  const below = less(numbers, p);
  if (sameShape(below.shape, numbers.shape)) return below;
  throw shapeError(
    "bernoulli",
    `a probability is a ${describeShape(below.shape)}, the draw a ${describeShape(numbers.shape)}`,
  );
}

/** @throws RangeError if a shape is none. */
function shapeOf(call: string, given: DrawShape): Shape {
  const shape: Shape = typeof given === "number" ? [given] : given;
  const isShape = Array.isArray(shape) && shape.length <= 2 &&
    shape.every((extent) => Number.isSafeInteger(extent) && extent >= 1);
  if (isShape) return shape;
  throw shapeError(
    call,
    `expected a length, [rows, columns] or [], of whole numbers of at least 1, got ${
      JSON.stringify(given)
    }`,
  );
}
