/** The ranges in which tests try each elementwise operation, one per operand. */
import {
  type ElementwiseOp,
  elementwiseOps,
  isDifferentiable,
  operations,
} from "../program/operations.ts";

export type Range = readonly [low: number, high: number];

const around: Range = [-1, 1];
const positive: Range = [0.2, 2];
const wide: Range = [-3, 3];

/** Inside a range there is no kink or step, but at single points that drawn numbers do not hit. */
const operationDomains: Readonly<Record<ElementwiseOp, readonly Range[]>> = {
  negate: [around],
  abs: [around],
  sqrt: [positive],
  exp: [wide],
  expm1: [wide],
  log: [positive],
  tanh: [wide],
  sigmoid: [wide],
  softplus: [wide],
  gelu: [wide],
  geluDerivative: [wide],
  log1p: [[-0.8, 3]],
  cos: [wide],
  sin: [wide],
  toFinite: [around],
  sign: [around],
  floor: [wide],
  round: [wide],
  finite: [around],
  add: [around, around],
  subtract: [around, around],
  multiply: [around, around],
  divide: [around, positive],
  pow: [positive, wide],
  hypot: [around, positive],
  strongProduct: [around, around],
  doublyStrongProduct: [around, around],
  strongQuotient: [around, positive],
  maximum: [around, around],
  minimum: [around, around],
  less: [around, around],
  lessEqual: [around, around],
  equal: [around, around],
  where: [around, around, around],
};

export interface OperationCase {
  readonly op: ElementwiseOp;
  readonly ranges: readonly Range[];
  readonly differentiable: boolean;
}

/** One case per elementwise operation. @throws RangeError if an operand has no range. */
export const operationCases: readonly OperationCase[] = elementwiseOps.map((op) => {
  const ranges = operationDomains[op];
  const { arity } = operations[op];
  if (ranges.length !== arity) {
    throw new RangeError(`${op} has ${arity} operands, and ${ranges.length} ranges to test`);
  }
  return { op, ranges, differentiable: isDifferentiable(op) };
});
