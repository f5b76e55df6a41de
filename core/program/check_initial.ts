/** Whether first values can be drawn: what is wrong is told where a value is declared. */
import { describeShape, sameShape, type Shape, sizeOf } from "../axes.ts";
import { describeThing } from "./elementwise.ts";
import type { Initializer } from "./initializer.ts";

/**
 * Checks that an initializer fits a shape, and that its numbers make sense.
 *
 * @throws RangeError if not.
 */
export function checkInitial(initializer: Initializer, shape: Shape): void {
  const problem = problemOf(initializer, shape);
  if (problem !== undefined) throw new RangeError(`${describeShape(shape)}: ${problem}`);
  for (const [inner, innerShape] of parts(initializer, shape)) checkInitial(inner, innerShape);
}

/** Fields that hold a number, which has to be finite. */
const numbers = new Set(["value", "low", "high", "deviation", "gain"]);

function problemOf(initializer: Initializer, shape: Shape): string | undefined {
  for (const [field, value] of Object.entries(initializer)) {
    if (!numbers.has(field) || Number.isFinite(value)) continue;
    return `${initializer.kind}: expected a finite number as ${field}, got ${describeThing(value)}`;
  }
  const isMatrix = shape.length === 2;
  const [post = 1, pre = 1] = shape;
  switch (initializer.kind) {
    case "truncatedNormal":
      if (initializer.bound > 0) return undefined;
      return `truncatedNormal: expected a bound above 0, got ${initializer.bound}`;
    case "orthogonal":
      return isMatrix ? undefined : "orthogonal expects a matrix";
    case "bernoulli": {
      const { probability: p } = initializer;
      return p >= 0 && p <= 1
        ? undefined
        : `bernoulli: expected a probability from 0 to 1, got ${p}`;
    }
    case "blockDiagonal": {
      const { blocks } = initializer;
      const isWhole = isMatrix && post % blocks === 0 && pre % blocks === 0;
      return isWhole ? undefined : `blockDiagonal: there are no ${blocks} equal blocks`;
    }
    case "beside": {
      const { columns } = initializer;
      const fits = isMatrix && Number.isSafeInteger(columns) && columns >= 1 && columns < pre;
      return fits
        ? undefined
        : `beside: expected 1 to ${pre - 1} columns of a matrix, got ${columns}`;
    }
    case "sparse": {
      const { inputs } = initializer;
      if (!(Number.isSafeInteger(inputs) && inputs >= 0)) {
        return `sparse: expected a whole number of inputs, got ${inputs}`;
      }
      return isMatrix && inputs <= pre
        ? undefined
        : `sparse expects a matrix with at least ${inputs} columns`;
    }
    case "array": {
      const { values, shape: given } = initializer;
      if (given && !sameShape(given, shape)) return `fromArray has a ${describeShape(given)}`;
      return values.length === sizeOf(shape) ? undefined : `fromArray has ${values.length} numbers`;
    }
    default:
      return undefined;
  }
}

/** The initializers that one is made of, with the shapes that they draw. */
function parts(initializer: Initializer, shape: Shape): (readonly [Initializer, Shape])[] {
  switch (initializer.kind) {
    case "opposite":
      return [[initializer.magnitudes, shape], [initializer.signs, shape]];
    case "diagonal":
      return [[initializer.others, shape]];
    case "blockDiagonal": {
      const { blocks, values } = initializer;
      const [post = 1, pre = 1] = shape;
      return [[values, [post / blocks, pre / blocks]]];
    }
    case "beside": {
      const { columns, last, others } = initializer;
      const [post = 1, pre = 1] = shape;
      return [[others, [post, pre - columns]], [last, [post, columns]]];
    }
    case "sparse":
    case "drawnAs":
      return [[initializer.values, shape]];
    case "byReplica":
      return initializer.values.map((values) => [values, shape]);
    default:
      return [];
  }
}
