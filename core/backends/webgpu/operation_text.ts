/** WGSL text of the elementwise operations. */
import { wgslFunctionNames } from "../../numerics/elementary_functions.ts";
import type { BinaryOp, UnaryOp } from "../../program/node.ts";

type Text = (...operands: string[]) => string;

const call = (name: string): Text => (...operands) => `${name}(${operands.join(", ")})`;
const infix = (symbol: string): Text => (a, b) => `${a} ${symbol} ${b}`;
/** 1 where a comparison holds. */
const test = (symbol: string): Text => (a, b) => `select(0.0f, 1.0f, ${a} ${symbol} ${b})`;
const same: Text = (x) => x!;

export type ElementwiseOp = UnaryOp | BinaryOp | "where";

const texts: Record<ElementwiseOp, Text> = {
  negate: (x) => `-${x}`,
  exp: call(wgslFunctionNames.exp),
  log: call(wgslFunctionNames.log),
  tanh: call(wgslFunctionNames.tanh),
  sigmoid: call(wgslFunctionNames.sigmoid),
  gelu: call(wgslFunctionNames.gelu),
  geluDerivative: call(wgslFunctionNames.geluDerivative),
  sqrt: call("sqrt"),
  abs: call("abs"),
  sign: call("sign"),
  floor: call("floor"),
  // Comparisons with NaN may be assumed away; the exponent bits cannot.
  finite: (x) => `select(0.0f, 1.0f, (bitcast<u32>(${x}) & 0x7f800000u) != 0x7f800000u)`,
  stopGradient: same,
  perSequence: same,
  add: infix("+"),
  subtract: infix("-"),
  multiply: infix("*"),
  divide: infix("/"),
  maximum: call("max"),
  minimum: call("min"),
  less: test("<"),
  lessEqual: test("<="),
  equal: test("=="),
  where: (condition, yes, no) => `select(${no}, ${yes}, ${condition} != 0.0f)`,
};

export function operationText(
  op: ElementwiseOp,
  operands: readonly string[],
): string {
  return texts[op](...operands);
}

/** A float32 literal. @throws RangeError for NaN and infinities, which WGSL cannot write. */
export function literal(value: number): string {
  const rounded = Math.fround(value);
  if (!Number.isFinite(rounded)) throw new RangeError(`Constant ${value} is outside float32`);
  const text = String(rounded);
  const number = /[.e]/.test(text) ? `${text}f` : `${text}.0f`;
  return rounded < 0 || Object.is(rounded, -0) ? `(${number})` : number;
}
