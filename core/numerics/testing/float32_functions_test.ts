import assert from "node:assert/strict";
import { libraryName, libraryOps, operations } from "../../program/operations.ts";
import { coefficients } from "../coefficients.ts";
import { accuracy, columnsOf, ERROR_BOUND, scanColumns, worstError } from "./accuracy.ts";
import {
  float32Functions,
  float32FunctionsWith,
  fusedMultiplyAdd,
  roundedMultiplyAdd,
} from "./float32_functions.ts";

const inputs = scanColumns();

for (
  const [label, multiplyAdd] of [
    ["rounded", roundedMultiplyAdd],
    ["fused", fusedMultiplyAdd],
  ] as const
) {
  Deno.test(`float32 functions are within 1e-6 over the float32 range, ${label} multiply-add`, () => {
    const functions = float32FunctionsWith(multiplyAdd);
    for (const op of libraryOps) {
      const columns = columnsOf(op, inputs);
      const outputs = inputs[0].map((_, index) =>
        functions[op](...columns.map((column) => column[index]!))
      );
      const worst = worstError(op, columns, outputs);
      console.log(`${op}: ${worst.error.toExponential(2)} at ${worst.operands}`);
      assert.ok(worst.error <= ERROR_BOUND, `${op}: ${JSON.stringify(worst)}`);
    }
  });
}

Deno.test("float32 functions keep their range", () => {
  const { exp, log, tanh, sigmoid, gelu, geluDerivative } = float32Functions;
  for (const x of inputs[0]) {
    assert.ok(Math.abs(tanh(x)) <= 1, `tanh of ${x}`);
    assert.ok(sigmoid(x) >= 0 && sigmoid(x) <= 1, `sigmoid of ${x}`);
    assert.ok(Number.isFinite(gelu(x)) && Number.isFinite(geluDerivative(x)), `gelu of ${x}`);
    assert.ok(exp(x) >= 0, `exp of ${x}`);
    if (x < 0) assert.ok(Number.isNaN(log(x)), `log of ${x}`);
  }
  assert.deepEqual([log(1), log(-0)], [0, -Infinity]);
});

Deno.test("float32 functions have their limits, and NaN of NaN", () => {
  for (const op of libraryOps) {
    const at = (x: number) => float32Functions[op](...Array<number>(operations[op].arity).fill(x));
    assert.deepEqual([-Infinity, 0, Infinity].map(at), accuracy[op].limits.map(Math.fround), op);
    assert.ok(Number.isNaN(at(NaN)), `${op}(NaN)`);
  }
});

Deno.test("the WGSL constants are the coefficient table, and the functions use no other numbers", async () => {
  const text = await Deno.readTextFile(new URL("../../wgsl/functions.wgsl", import.meta.url));
  const code = text.replaceAll(/\/\/.*/g, "");
  const declarations = [...code.matchAll(/const HEBB_(\w+): [fi]32 = ([^;]+?)i?;/g)];
  const declared = declarations.map(([, name, value]) => [name!, Number(value)]);
  assert.deepEqual(Object.fromEntries(declared), coefficients);
  assert.equal(declared.length, Object.keys(coefficients).length, "a constant is declared twice");
  const bodies = code.replaceAll(/const HEBB_[^;]+;/g, "");
  const literals = bodies.match(/(?<![\w.])\d+\.\d*(e[+-]?\d+)?f?/g) ?? [];
  assert.deepEqual([...new Set(literals)].sort(), ["0.0", "0.0625", "0.5", "1.0"]);
  for (const name of Object.keys(coefficients)) assert.match(bodies, new RegExp(`HEBB_${name}\\b`));
  for (const op of libraryOps) {
    assert.match(bodies, new RegExp(`fn ${libraryName(op)}\\((\\w+: f32(, )?)+\\) -> f32 \\{`));
  }
  // WGSL bounds the error of sqrt by that of a quotient; of exp, log, tanh and pow it does not.
  assert.doesNotMatch(bodies, /\b(var|for|while|loop|exp|exp2|log|log2|tanh|pow)\b/);
});
