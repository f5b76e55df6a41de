/** Prints elementwise operations as WGSL. */
import { toFloat32 } from "../../program/float32_range.ts";
import { type ElementwiseOp, libraryName, libraryTable } from "../../program/operations.ts";

type Text = (...operands: string[]) => string;

const call = (name: string): Text => (...operands) => `${name}(${operands.join(", ")})`;
const infix = (symbol: string): Text => (a, b) => `${a} ${symbol} ${b}`;
/** 1 where a comparison holds, else 0. */
const test = (symbol: string): Text => (a, b) => `select(0.0f, 1.0f, ${a} ${symbol} ${b})`;

/** The result where a is not 0, else 0. */
const unlessZero: Text = (a, result) => `select(${result}, 0.0f, ${a} == 0.0f)`;

const texts: Readonly<Record<ElementwiseOp, Text>> = {
  ...libraryTable((op) => call(libraryName(op))),
  negate: (x) => `-${x}`,
  sqrt: call("sqrt"),
  abs: call("abs"),
  sign: call("ieee_sign"),
  floor: call("floor"),
  round: call("round"),
  // A compiler may assume that nothing is NaN; it cannot do so about the bits of the exponent.
  finite: (x) => `select(0.0f, 1.0f, (bitcast<u32>(${x}) & 0x7f800000u) != 0x7f800000u)`,
  // The bits before those of an infinity are those of the largest number.
  toFinite: (x) =>
    `bitcast<f32>(bitcast<u32>(${x}) - select(0u, 1u, (bitcast<u32>(${x}) & 0x7fffffffu) == 0x7f800000u))`,
  add: infix("+"),
  // Compilers take x - x for 0, also of NaN and infinity.
  subtract: (a, b) => a === b ? `ieee_zero(${a})` : `${a} - ${b}`,
  multiply: infix("*"),
  divide: infix("/"),
  strongProduct: (a, b) => unlessZero(a, `${a} * ${b}`),
  doublyStrongProduct: (a, b) => unlessZero(a, unlessZero(b, `${a} * ${b}`)),
  strongQuotient: (a, b) => unlessZero(a, `${a} / ${b}`),
  maximum: call("ieee_maximum"),
  minimum: call("ieee_minimum"),
  less: test("<"),
  lessEqual: test("<="),
  equal: test("=="),
  where: (condition, yes, no) => `select(${no}, ${yes}, ieee_holds(${condition}))`,
};

export function operationText(
  op: ElementwiseOp,
  operands: readonly string[],
): string {
  return texts[op](...operands);
}

/** A float32 literal. @throws RangeError for what float32 does not hold, and for NaN. */
export function literal(value: number): string {
  const rounded = toFloat32(value, "Constant");
  const text = String(rounded);
  const number = /[.e]/.test(text) ? `${text}f` : `${text}.0f`;
  return rounded < 0 || Object.is(rounded, -0) ? `(${number})` : number;
}
