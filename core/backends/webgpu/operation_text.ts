/** Prints elementwise operations as WGSL. */
import { type ElementwiseOp, libraryName, libraryTable } from "../../program/operations.ts";

type Text = (...operands: string[]) => string;

const call = (name: string): Text => (...operands) => `${name}(${operands.join(", ")})`;
const infix = (symbol: string): Text => (a, b) => `${a} ${symbol} ${b}`;
/** 1 where a comparison holds, else 0. */
const test = (symbol: string): Text => (a, b) => `select(0.0f, 1.0f, ${a} ${symbol} ${b})`;

const texts: Readonly<Record<ElementwiseOp, Text>> = {
  ...libraryTable((op) => call(libraryName(op))),
  negate: (x) => `-${x}`,
  sqrt: call("sqrt"),
  abs: call("abs"),
  sign: call("sign"),
  floor: call("floor"),
  // A compiler may assume that nothing is NaN; it cannot do so about the bits of the exponent.
  finite: (x) => `select(0.0f, 1.0f, (bitcast<u32>(${x}) & 0x7f800000u) != 0x7f800000u)`,
  // The bits before those of an infinity are those of the largest number.
  toFinite: (x) =>
    `bitcast<f32>(bitcast<u32>(${x}) - select(0u, 1u, (bitcast<u32>(${x}) & 0x7fffffffu) == 0x7f800000u))`,
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
