import assert from "node:assert/strict";
import { coefficients } from "./coefficients.ts";
import { type ElementaryFunctionName, wgslFunctionNames } from "./elementary_functions.ts";
import {
  float32Functions,
  float32FunctionsWith,
  fusedMultiplyAdd,
  roundedMultiplyAdd,
} from "./float32_functions.ts";
import { scanInputs, worstRelativeError } from "./scan.ts";

const inputs = scanInputs();
const names = Object.keys(wgslFunctionNames) as ElementaryFunctionName[];

for (
  const [label, multiplyAdd] of [
    ["rounded", roundedMultiplyAdd],
    ["fused", fusedMultiplyAdd],
  ] as const
) {
  Deno.test(`float32 functions are within 1e-6 over the float32 range, ${label} multiply-add`, () => {
    const functions = float32FunctionsWith(multiplyAdd);
    for (const name of names) {
      const outputs = inputs.map((x) => functions[name](x));
      const { error, input, expected, actual } = worstRelativeError(name, inputs, outputs);
      console.log(`${name}: ${error.toExponential(2)} at ${input}`);
      assert.ok(error <= 1e-6, `${name}(${input}): expected ${expected}, got ${actual}`);
    }
  });
}

Deno.test("float32 functions keep their range, their limits and NaN", () => {
  const { exp, log, tanh, sigmoid, erf, gelu, geluDerivative } = float32Functions;
  for (const x of inputs) {
    assert.ok(Math.abs(tanh(x)) <= 1 && Math.abs(erf(x)) <= 1, `tanh or erf of ${x}`);
    assert.ok(sigmoid(x) >= 0 && sigmoid(x) <= 1, `sigmoid of ${x}`);
    assert.ok(Number.isFinite(gelu(x)) && Number.isFinite(geluDerivative(x)), `gelu of ${x}`);
    assert.ok(exp(x) >= 0, `exp of ${x}`);
    if (x < 0) assert.ok(Number.isNaN(log(x)), `log of ${x}`);
  }
  for (const name of names) assert.ok(Number.isNaN(float32Functions[name](NaN)), `${name}(NaN)`);
  const limits = names.map((name) => [name, ...[-Infinity, Infinity].map(float32Functions[name])]);
  assert.deepEqual(limits, [
    ["exp", 0, Infinity],
    ["log", NaN, Infinity],
    ["tanh", -1, 1],
    ["sigmoid", 0, 1],
    ["erf", -1, 1],
    ["gelu", 0, Infinity],
    ["geluDerivative", 0, 1],
  ]);
  assert.deepEqual([exp(0), log(1), log(0), log(-0)], [1, 0, -Infinity, -Infinity]);
  assert.deepEqual([sigmoid(0), gelu(0), geluDerivative(0)], [0.5, 0, 0.5]);
});

Deno.test("the WGSL constants are the coefficient table, and the functions use no other numbers", async () => {
  const text = await Deno.readTextFile(new URL("../wgsl/functions.wgsl", import.meta.url));
  const code = text.replaceAll(/\/\/.*/g, "");
  const declarations = [...code.matchAll(/const HEBB_(\w+): [fi]32 = ([^;]+?)i?;/g)];
  const declared = declarations.map(([, name, value]) => [name!, Number(value)]);
  assert.deepEqual(Object.fromEntries(declared), coefficients);
  assert.equal(declared.length, Object.keys(coefficients).length, "a constant is declared twice");
  const bodies = code.replaceAll(/const HEBB_[^;]+;/g, "");
  const literals = bodies.match(/(?<![\w.])\d+\.\d*(e[+-]?\d+)?f?/g) ?? [];
  assert.deepEqual([...new Set(literals)].sort(), ["0.0", "0.0625", "0.5", "1.0"]);
  for (const name of Object.keys(coefficients)) assert.match(bodies, new RegExp(`HEBB_${name}\\b`));
  for (const name of Object.values(wgslFunctionNames)) {
    assert.match(bodies, new RegExp(`fn ${name}\\(x: f32\\) -> f32 \\{`));
  }
  assert.doesNotMatch(bodies, /\b(var|for|while|loop|exp|exp2|log|log2|tanh|pow|sqrt)\b/);
});
