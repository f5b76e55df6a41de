/** Prints elementwise operations as WebAssembly, for one float and for four. */
import { LARGEST_FLOAT32 } from "../../numerics/float64_functions.ts";
import { toFloat32 } from "../../program/float32_range.ts";
import { type ElementwiseOp, libraryName, libraryTable } from "../../program/operations.ts";

type Text = (...operands: string[]) => string;

const exponent = 0x7f800000;
// Macros of core/wat/expand_macros.ts.
const ones = "(F32 1)";
const zeros = "(F32 0)";

const instruction = (name: string): Text => (...operands) => `(${name} ${operands.join(" ")})`;
/** 1 in the lanes of a mask, else 0. */
const flag: Text = (mask) => `(v128.and ${mask} ${ones})`;
/** The result in lanes where a is not 0, else 0. */
const unlessZero: Text = (a, result) => `(v128.and ${result} (f32x4.ne ${a} ${zeros}))`;

const vector: Readonly<Record<ElementwiseOp, Text>> = {
  ...libraryTable((op) => instruction(`call $${libraryName(op)}`)),
  negate: instruction("f32x4.neg"),
  sqrt: instruction("f32x4.sqrt"),
  abs: instruction("f32x4.abs"),
  floor: instruction("f32x4.floor"),
  round: instruction("f32x4.nearest"),
  // 1 with the sign of x; x itself where it is 0 or NaN.
  sign: (x) =>
    `(SELECT ${x} (v128.or (v128.and ${x} (I32 0x80000000)) ${ones}) (f32x4.gt (f32x4.abs ${x}) ${zeros}))`,
  finite: (x) => {
    const bits = `(I32 ${exponent})`;
    return flag(`(i32x4.ne (v128.and ${x} ${bits}) ${bits})`);
  },
  toFinite: (x) =>
    `(f32x4.max (F32 ${-LARGEST_FLOAT32}) (f32x4.min (F32 ${LARGEST_FLOAT32}) ${x}))`,
  add: instruction("f32x4.add"),
  subtract: instruction("f32x4.sub"),
  multiply: instruction("f32x4.mul"),
  divide: instruction("f32x4.div"),
  strongProduct: (a, b) => unlessZero(a, `(f32x4.mul ${a} ${b})`),
  doublyStrongProduct: (a, b) => unlessZero(a, unlessZero(b, `(f32x4.mul ${a} ${b})`)),
  strongQuotient: (a, b) => unlessZero(a, `(f32x4.div ${a} ${b})`),
  maximum: instruction("f32x4.max"),
  minimum: instruction("f32x4.min"),
  less: (a, b) => flag(`(f32x4.lt ${a} ${b})`),
  lessEqual: (a, b) => flag(`(f32x4.le ${a} ${b})`),
  equal: (a, b) => flag(`(f32x4.eq ${a} ${b})`),
  where: (condition, yes, no) => `(SELECT ${no} ${yes} (f32x4.ne ${condition} ${zeros}))`,
};

/** 1 where a comparison holds, else 0. */
const number: Text = (comparison) => `(f32.convert_i32_u ${comparison})`;
/** The result if a is not 0, else 0. */
const zeroIfZero: Text = (a, result) =>
  `(select (f32.const 0) ${result} (f32.eq ${a} (f32.const 0)))`;
/** One float of a function that exists for four floats only. */
const firstOf = (op: ElementwiseOp): Text => (...operands) =>
  `(f32x4.extract_lane 0 ${vector[op](...operands.map((x) => `(f32x4.splat ${x})`))})`;

const scalar: Readonly<Record<ElementwiseOp, Text>> = {
  ...libraryTable(firstOf),
  sign: firstOf("sign"),
  negate: instruction("f32.neg"),
  sqrt: instruction("f32.sqrt"),
  abs: instruction("f32.abs"),
  floor: instruction("f32.floor"),
  round: instruction("f32.nearest"),
  finite: (x) =>
    number(
      `(i32.ne (i32.and (i32.reinterpret_f32 ${x}) (i32.const ${exponent})) (i32.const ${exponent}))`,
    ),
  toFinite: (x) =>
    `(f32.max (f32.const ${-LARGEST_FLOAT32}) (f32.min (f32.const ${LARGEST_FLOAT32}) ${x}))`,
  add: instruction("f32.add"),
  subtract: instruction("f32.sub"),
  multiply: instruction("f32.mul"),
  divide: instruction("f32.div"),
  strongProduct: (a, b) => zeroIfZero(a, `(f32.mul ${a} ${b})`),
  doublyStrongProduct: (a, b) => zeroIfZero(a, zeroIfZero(b, `(f32.mul ${a} ${b})`)),
  strongQuotient: (a, b) => zeroIfZero(a, `(f32.div ${a} ${b})`),
  maximum: instruction("f32.max"),
  minimum: instruction("f32.min"),
  less: (a, b) => number(`(f32.lt ${a} ${b})`),
  lessEqual: (a, b) => number(`(f32.le ${a} ${b})`),
  equal: (a, b) => number(`(f32.eq ${a} ${b})`),
  where: (condition, yes, no) => `(select ${yes} ${no} (f32.ne ${condition} (f32.const 0)))`,
};

/** The text of an operation; `lanes`: its operands are vectors of four floats, else single floats. */
export function operationText(
  op: ElementwiseOp,
  operands: readonly string[],
  lanes: boolean,
): string {
  return (lanes ? vector : scalar)[op](...operands);
}

/** A float32 constant, alone and in four lanes. @throws RangeError for what float32 does not hold, and for NaN. */
export function literal(value: number): { scalar: string; lanes: string } {
  const rounded = toFloat32(value, "Constant");
  return { scalar: `(f32.const ${rounded})`, lanes: `(F32 ${rounded})` };
}
