/** Lengths, spreads, and values brought to a given one. */
import type { Operand, Value } from "../elementwise.ts";
import { describeShape } from "../../axes.ts";
import { shapeError } from "../shape_error.ts";
import { abs, add, div, equal, maximum, mul, square, sub, where } from "./arithmetic.ts";
import { along, type Axis, expectAxis, expectKnownAxis, extentOf, spread } from "./axis.ts";
import { expectPositive } from "./expect.ts";
import { sqrt, toFinite } from "./functions.ts";
import { stopGradient } from "./movement.ts";
import { max, mean, sum } from "./reductions.ts";

/**
 * Length √(Σ x²) of all elements (any shape -> scalar), or over an axis: matrix(m, n) -> vector(m) over
 * "pre", vector(n) over "post". No square on the way overflows or becomes 0. Where the length is 0 its
 * slope is 0.
 *
 * @throws RangeError if the value does not have the axis.
 * @example
 * const size = norm(y); // vector(n) -> scalar
 * const rows = norm(w, "pre"); // matrix(m, n) -> vector(m)
 */
export function norm(x: Value, axis?: Axis): Value {
  expectKnownAxis("norm", x, axis);
  const largest = stopGradient(max(abs(x), axis));
  const size = where(largest, toFinite(largest), 1);
  const squares = sum(square(div(x, spread(size, axis))), axis);
  // Σ (x / size)² is 1 or more, unless all is 0: then a number stands in, since the root has no slope there.
  return where(largest, mul(size, sqrt(where(largest, squares, 1))), 0);
}

/**
 * Mean squared distance from the mean (divided by n, not n - 1): any shape -> scalar, or over an axis:
 * matrix(m, n) -> vector(m) over "pre", vector(n) over "post".
 *
 * @throws RangeError if the value does not have the axis.
 * @example
 * const spreadOfRates = variance(y); // vector(n) -> scalar
 * const each = variance(w, "pre"); // matrix(m, n) -> vector(m), one a row
 */
export function variance(x: Value, axis?: Axis): Value {
  expectKnownAxis("variance", x, axis);
  return mean(square(centred(x, axis)), axis);
}

/**
 * Root of the `variance`: any shape -> scalar, or over an axis: matrix(m, n) -> vector(m) over "pre",
 * vector(n) over "post". Where it is 0 its slope is 0.
 *
 * @throws RangeError if the value does not have the axis.
 * @example
 * const scale = standardDeviation(y); // vector(n) -> scalar
 * const each = standardDeviation(w, "pre"); // matrix(m, n) -> vector(m), one a row
 */
export function standardDeviation(x: Value, axis?: Axis): Value {
  expectKnownAxis("standardDeviation", x, axis);
  return rootOf(variance(x, axis));
}

/**
 * x / max(‖x‖, ε): a vector of length 1; of a matrix each row ("pre") or each column ("post") for
 * itself. What is shorter than ε stays shorter than 1; its slope is 1 / ε, and 0 stays 0.
 *
 * @throws RangeError of a scalar, of a matrix without an axis, or if ε is not positive.
 * @example
 * const direction = normalize(y); // vector(n) of length 1
 * const rows = normalize(w, { axis: "pre" }); // matrix(m, n), each row of length 1
 */
export function normalize(
  x: Value,
  { axis, epsilon = 1e-12 }: { readonly axis?: Axis; readonly epsilon?: number } = {},
): Value {
  expectAxis("normalize", x, axis);
  expectPositive("normalize", "epsilon", epsilon);
  return div(x, spread(maximum(norm(x, axis), epsilon), axis));
}

/**
 * a · b / (max(‖a‖, ε) max(‖b‖, ε)), in [-1, 1]: two vectors -> scalar; of matrices, over an axis: one
 * number a row ("pre") -> vector(m), or one a column ("post") -> vector(n). 0 where a or b is 0.
 *
 * @throws RangeError if the shapes do not fit together, of scalars, or of matrices without an axis.
 * @example
 * const overlap = cosineSimilarity(y, pattern); // vector(n), vector(n) -> scalar
 * const matches = cosineSimilarity(memories, row(key), { axis: "pre" }); // one a row of the memories
 */
export function cosineSimilarity(
  a: Value,
  b: Value,
  { axis, epsilon = 1e-8 }: { readonly axis?: Axis; readonly epsilon?: number } = {},
): Value {
  const products = mul(a, b);
  expectAxis("cosineSimilarity", products, axis);
  expectPositive("cosineSimilarity", "epsilon", epsilon);
  const length = (x: Value) => maximum(norm(x, axis), epsilon);
  return div(div(sum(products, axis), length(a)), length(b));
}

/** How values are scaled and moved after they are normalized. */
export interface NormalizationOptions {
  /** The axis that is normalized: each row ("pre") or each column ("post") of a matrix for itself. */
  readonly axis?: Axis;
  /** Factor of each element, along the axis: a vector or number. By default 1. */
  readonly gain?: Operand;
  /** Term of each element, along the axis: a vector or number. By default 0. */
  readonly bias?: Operand;
  /** What is added to the variance, or to the mean square. By default 1e-5. */
  readonly epsilon?: number;
}

/**
 * gain (x - mean) / √(variance + ε) + bias: vector(n) -> vector(n); of a matrix each row ("pre") or
 * each column ("post") for itself. Of equal elements nothing is left but the bias.
 *
 * Source: J. L. Ba, J. R. Kiros and G. E. Hinton (2016), "Layer normalization".
 *
 * @throws RangeError of a scalar, of a matrix without an axis, if ε is not positive, or if gain or bias
 * does not fit.
 * @example
 * const next = tanh(layerNorm(matvec(w, y), { gain, bias })); // vector(n)
 * const rows = layerNorm(fast, { axis: "pre" }); // matrix(m, n), each row with mean 0 and variance 1
 */
export function layerNorm(x: Value, options: NormalizationOptions = {}): Value {
  expectAxis("layerNorm", x, options.axis);
  return scaled("layerNorm", centred(x, options.axis), options);
}

/**
 * gain x / √(mean(x²) + ε) + bias: vector(n) -> vector(n); of a matrix each row ("pre") or each column
 * ("post") for itself. 0 stays 0.
 *
 * Source: B. Zhang and R. Sennrich (2019), "Root mean square layer normalization", NeurIPS 32.
 *
 * @throws RangeError of a scalar, of a matrix without an axis, if ε is not positive, or if gain or bias
 * does not fit.
 * @example
 * const next = relu(rmsNorm(matvec(w, y), { gain })); // vector(n)
 * const rows = rmsNorm(fast, { axis: "pre" }); // matrix(m, n), each row with mean square 1
 */
export function rmsNorm(x: Value, options: NormalizationOptions = {}): Value {
  expectAxis("rmsNorm", x, options.axis);
  return scaled("rmsNorm", x, options);
}

/** x / √(mean(x²) + ε), with gain and bias. */
function scaled(name: string, x: Value, options: NormalizationOptions): Value {
  const { axis, gain = 1, bias = 0, epsilon = 1e-5 } = options;
  expectPositive(name, "epsilon", epsilon);
  const size = sqrt(add(mean(square(x), axis), epsilon));
  const place = (operand: Operand, what: string): Operand => {
    if (typeof operand === "number" || operand.shape.length === 0) return operand;
    const count = extentOf(x.shape, axis);
    if (operand.shape.length !== 1 || operand.shape[0] !== count) {
      const got = describeShape(operand.shape);
      const of = describeShape(x.shape);
      throw shapeError(name, `${of} needs a scalar or vector(${count}) as ${what}, got ${got}`);
    }
    return along(operand, x, axis);
  };
  return add(mul(div(x, spread(size, axis)), place(gain, "gain")), place(bias, "bias"));
}

const centred = (x: Value, axis: Axis | undefined): Value => sub(x, spread(mean(x, axis), axis));

/** √x of x >= 0 with the slope 0 at 0, where that of the root is infinite. */
const rootOf = (x: Value): Value => where(equal(x, 0), 0, sqrt(x));
