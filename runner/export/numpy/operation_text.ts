/** Every elementwise operation as an expression of NumPy. */
import type { ElementwiseOp } from "../../../core/program/operations.ts";

const call = (name: string) => (...operands: string[]): string => `${name}(${operands.join(", ")})`;
const infix = (sign: string) => (a: string, b: string): string => `(${a} ${sign} ${b})`;
/** A truth value as 0 or 1. */
const truth = (sign: string) => (a: string, b: string): string => `(1.0 * (${a} ${sign} ${b}))`;

/** The text of an operation, from those of its operands. */
export const operationText: Readonly<
  Record<ElementwiseOp, (a: string, b: string, c: string) => string>
> = {
  negate: (a) => `(-${a})`,
  abs: (a) => call("np.abs")(a),
  sqrt: (a) => call("np.sqrt")(a),
  exp: (a) => call("np.exp")(a),
  expm1: (a) => call("np.expm1")(a),
  log: (a) => call("np.log")(a),
  log1p: (a) => call("np.log1p")(a),
  tanh: (a) => call("np.tanh")(a),
  sigmoid: (a) => call("sigmoid")(a),
  softplus: (a) => `np.logaddexp(0.0, ${a})`,
  gelu: (a) => call("gelu")(a),
  geluDerivative: (a) => call("gelu_derivative")(a),
  cos: (a) => call("np.cos")(a),
  sin: (a) => call("np.sin")(a),
  toFinite: (a) => `np.clip(${a}, -3.4028234663852886e38, 3.4028234663852886e38)`,
  sign: (a) => call("np.sign")(a),
  floor: (a) => call("np.floor")(a),
  round: (a) => call("np.round")(a),
  finite: (a) => `(1.0 * np.isfinite(${a}))`,
  add: infix("+"),
  subtract: infix("-"),
  multiply: infix("*"),
  divide: infix("/"),
  pow: (a, b) => call("power")(a, b),
  hypot: (a, b) => call("np.hypot")(a, b),
  strongProduct: (a, b) => `np.where(${a} == 0, 0.0, ${a} * ${b})`,
  doublyStrongProduct: (a, b) => `np.where((${a} == 0) | (${b} == 0), 0.0, ${a} * ${b})`,
  strongQuotient: (a, b) => `np.where(${a} == 0, 0.0, ${a} / ${b})`,
  maximum: (a, b) => call("np.maximum")(a, b),
  minimum: (a, b) => call("np.minimum")(a, b),
  less: truth("<"),
  lessEqual: truth("<="),
  equal: truth("=="),
  where: (a, b, c) => `np.where(${a} != 0, ${b}, ${c})`,
};

/** Functions that NumPy lacks, by name. */
export const helperTexts: Readonly<Record<string, string>> = {
  sigmoid: `def sigmoid(x):
    e = np.exp(-np.abs(x))
    return np.where(x < 0, e, 1.0) / (1.0 + e)`,
  gelu: `def gelu(x):
    return 0.5 * x * np.vectorize(math.erfc, otypes=[float])(-x / math.sqrt(2))`,
  gelu_derivative: `def gelu_derivative(x):
    tail = 0.5 * np.vectorize(math.erfc, otypes=[float])(-x / math.sqrt(2))
    return tail + x * np.exp(-x * x / 2) / math.sqrt(2 * math.pi)`,
  power: `def power(a, b):
    return np.where(b == 0, 1.0, np.where(a >= 0, np.abs(a) ** b, np.nan))`,
};
