/** WebAssembly text of the elementwise operations, for one float and for four. */
import type { BinaryOp, UnaryOp } from "../../program/node.ts";
import { wasmFunctionNames } from "../../wat/functions.ts";

export type ElementwiseOp = UnaryOp | BinaryOp | "where";
type Text = (...operands: string[]) => string;

const exponent = 0x7f800000;
// Macros of core/wat/expand_macros.ts.
const ones = "(F32 1)";
const zeros = "(F32 0)";

const instruction = (name: string): Text => (...operands) => `(${name} ${operands.join(" ")})`;
const same: Text = (x) => x!;
const flag: Text = (mask) => `(v128.and ${mask} ${ones})`;

const vector: Record<ElementwiseOp, Text> = {
  exp: instruction(`call ${wasmFunctionNames.exp}`),
  log: instruction(`call ${wasmFunctionNames.log}`),
  tanh: instruction(`call ${wasmFunctionNames.tanh}`),
  sigmoid: instruction(`call ${wasmFunctionNames.sigmoid}`),
  gelu: instruction(`call ${wasmFunctionNames.gelu}`),
  geluDerivative: instruction(`call ${wasmFunctionNames.geluDerivative}`),
  negate: instruction("f32x4.neg"),
  sqrt: instruction("f32x4.sqrt"),
  abs: instruction("f32x4.abs"),
  floor: instruction("f32x4.floor"),
  sign: (x) =>
    `(f32x4.sub ${flag(`(f32x4.gt ${x} ${zeros})`)} ${flag(`(f32x4.lt ${x} ${zeros})`)})`,
  finite: (x) => {
    const bits = `(I32 ${exponent})`;
    return flag(`(i32x4.ne (v128.and ${x} ${bits}) ${bits})`);
  },
  stopGradient: same,
  perSequence: same,
  add: instruction("f32x4.add"),
  subtract: instruction("f32x4.sub"),
  multiply: instruction("f32x4.mul"),
  divide: instruction("f32x4.div"),
  maximum: instruction("f32x4.max"),
  minimum: instruction("f32x4.min"),
  less: (a, b) => flag(`(f32x4.lt ${a} ${b})`),
  lessEqual: (a, b) => flag(`(f32x4.le ${a} ${b})`),
  equal: (a, b) => flag(`(f32x4.eq ${a} ${b})`),
  where: (condition, yes, no) => `(SELECT ${no} ${yes} (f32x4.ne ${condition} ${zeros}))`,
};

const number: Text = (comparison) => `(f32.convert_i32_u ${comparison})`;
/** A function that exists for four floats only. */
const firstOf = (op: ElementwiseOp): Text => (x) =>
  `(f32x4.extract_lane 0 ${vector[op](`(f32x4.splat ${x})`)})`;

const scalar: Record<ElementwiseOp, Text> = {
  exp: firstOf("exp"),
  log: firstOf("log"),
  tanh: firstOf("tanh"),
  sigmoid: firstOf("sigmoid"),
  gelu: firstOf("gelu"),
  geluDerivative: firstOf("geluDerivative"),
  sign: firstOf("sign"),
  negate: instruction("f32.neg"),
  sqrt: instruction("f32.sqrt"),
  abs: instruction("f32.abs"),
  floor: instruction("f32.floor"),
  finite: (x) =>
    number(
      `(i32.ne (i32.and (i32.reinterpret_f32 ${x}) (i32.const ${exponent})) (i32.const ${exponent}))`,
    ),
  stopGradient: same,
  perSequence: same,
  add: instruction("f32.add"),
  subtract: instruction("f32.sub"),
  multiply: instruction("f32.mul"),
  divide: instruction("f32.div"),
  maximum: instruction("f32.max"),
  minimum: instruction("f32.min"),
  less: (a, b) => number(`(f32.lt ${a} ${b})`),
  lessEqual: (a, b) => number(`(f32.le ${a} ${b})`),
  equal: (a, b) => number(`(f32.eq ${a} ${b})`),
  where: (condition, yes, no) => `(select ${yes} ${no} (f32.ne ${condition} (f32.const 0)))`,
};

/** `lanes`: whether the operands are v128 of four floats, or single floats. */
export function operationText(
  op: ElementwiseOp,
  operands: readonly string[],
  lanes: boolean,
): string {
  return (lanes ? vector : scalar)[op](...operands);
}

/** A float32 constant, alone and in four lanes. @throws RangeError for NaN and infinities. */
export function literal(value: number): { scalar: string; lanes: string } {
  const rounded = Math.fround(value);
  if (!Number.isFinite(rounded)) throw new RangeError(`Constant ${value} is outside float32`);
  return { scalar: `(f32.const ${rounded})`, lanes: `(F32 ${rounded})` };
}
