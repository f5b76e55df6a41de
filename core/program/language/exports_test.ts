import assert from "node:assert/strict";
import { graphWithLoads } from "../../testing/graph.ts";
import type { Value } from "../elementwise.ts";
import * as language from "../language.ts";
import { reachable } from "../node.ts";
import { type ElementwiseOp, elementwiseOps, recordOf } from "../operations.ts";

/** The function of the step language that stands for an operation; null: gradients alone use it. */
const functions: Readonly<Record<ElementwiseOp, keyof typeof language | null>> = {
  abs: "abs",
  add: "add",
  cos: "cos",
  divide: "div",
  doublyStrongProduct: null,
  equal: "equal",
  exp: "exp",
  expm1: "expm1",
  finite: "finite",
  floor: "floor",
  gelu: "gelu",
  geluDerivative: null,
  hypot: "hypot",
  less: "less",
  lessEqual: "lessEqual",
  log: "log",
  log1p: "log1p",
  maximum: "maximum",
  minimum: "minimum",
  multiply: "mul",
  negate: "neg",
  pow: "pow",
  round: "round",
  sigmoid: "sigmoid",
  sign: "sign",
  sin: "sin",
  softplus: "softplus",
  sqrt: "sqrt",
  strongProduct: null,
  strongQuotient: null,
  subtract: "sub",
  tanh: "tanh",
  toFinite: "toFinite",
  where: "where",
};

for (const op of elementwiseOps) {
  const name = functions[op];
  if (name === null) continue;
  Deno.test(`step language: ${name} makes the operation ${op}`, () => {
    const { load } = graphWithLoads();
    const record = recordOf(op);
    assert.ok(record.class === "elementwise");
    const operands = Array.from({ length: record.arity }, (_, index) => load(`x${index}`, [3]));
    const value = (language[name] as (...operands: Value[]) => Value)(...operands);
    assert.ok(reachable([value]).some(({ operation }) => operation.op === op));
  });
}
