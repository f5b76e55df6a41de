import assert from "node:assert/strict";
import { wabt } from "../../deps/wabt.ts";
import { coefficients } from "../numerics/coefficients.ts";
import {
  accuracy,
  columnsOf,
  ERROR_BOUND,
  scanColumns,
  worstError,
} from "../numerics/testing/accuracy.ts";
import { float32Functions } from "../numerics/testing/float32_functions.ts";
import { libraryName, type LibraryOp, libraryOps } from "../program/operations.ts";
import { hasRelaxedSimd } from "./features.ts";
import { wasmFunctions } from "./functions.ts";
import { expandMacros } from "./expand_macros.ts";
import { inlineCall } from "./inline_calls.ts";

type Apply = (...columns: readonly ArrayLike<number>[]) => Float32Array;
type Functions = Readonly<Record<LibraryOp, Apply>>;

const source = await Deno.readTextFile(new URL("./functions.wat", import.meta.url));
const inputs = scanColumns();
const wasmFeatures = { simd: true, relaxed_simd: true, threads: true, bulk_memory: true };

/** Bytes from one column of operands to the next. */
const STRIDE = inputs[0].byteLength;

/** Where constants lie in modules that nobody runs. */
const constants = { from: 1024, to: 4096 };

/** A kernel of each function over columns, into the first: (count: multiple of 4) => void. */
const kernels = libraryOps.map((op) => `
  (func (export "${op}") (param $count i32)
    (local $at i32)
    (loop $next
      (v128.store (local.get $at)
        (call $${libraryName(op)} ${
  columnsOf(op, inputs).map((_, column) => `(v128.load offset=${column * STRIDE} (local.get $at))`)
    .join(" ")
}))
      (local.set $at (i32.add (local.get $at) (i32.const 16)))
      (br_if $next (i32.lt_u (local.get $at) (i32.mul (local.get $count) (i32.const 4))))))`);

async function assemble(relaxed: boolean, texts: readonly string[] = kernels): Promise<Functions> {
  const { parseWat } = await wabt();
  const pages = Math.ceil(inputs.length * STRIDE / 65536);
  const constants = { from: pages * 65536, to: (pages + 1) * 65536 };
  const body = wasmFunctions({ relaxed, constants, kernels: texts.join("") });
  const text = `(module (memory (export "memory") ${pages + 1}) ${body})`;
  const module = parseWat("functions.wat", text, wasmFeatures);
  module.validate();
  const binary = Uint8Array.from(module.toBinary({}).buffer);
  module.destroy();
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(binary));
  const memory = new Float32Array((exports.memory as WebAssembly.Memory).buffer);
  const apply = (op: LibraryOp): Apply => (...columns) => {
    columns.forEach((column, index) => memory.set(column, index * STRIDE / 4));
    const { length } = columns[0]!;
    (exports[op] as (count: number) => void)(Math.ceil(length / 4) * 4);
    return memory.slice(0, length);
  };
  return Object.fromEntries(libraryOps.map((op) => [op, apply(op)])) as Functions;
}

for (const relaxed of [false, true]) {
  const label = relaxed ? "relaxed multiply-add" : "product and sum rounded";
  const options = { ignore: relaxed && !hasRelaxedSimd() };
  Deno.test(`WebAssembly functions are within 1e-6, ${label}`, options, async () => {
    const functions = await assemble(relaxed);
    for (const op of libraryOps) {
      const columns = columnsOf(op, inputs);
      const worst = worstError(op, columns, functions[op](...columns));
      console.log(`${op}: ${worst.error.toExponential(2)} at ${worst.operands}`);
      assert.ok(worst.error <= ERROR_BOUND, `${op}: ${JSON.stringify(worst)}`);
    }
  });

  Deno.test(`WebAssembly functions keep range, limits and NaN, ${label}`, options, async () => {
    const functions = await assemble(relaxed);
    const { exp, log, tanh, sigmoid, gelu, geluDerivative } = functions;
    const [x] = inputs;
    assert.ok(tanh(x).every((y) => y >= -1 && y <= 1), "tanh");
    assert.ok(sigmoid(x).every((y) => y >= 0 && y <= 1), "sigmoid");
    assert.ok([...gelu(x), ...geluDerivative(x)].every(Number.isFinite), "gelu");
    assert.ok(exp(x).every((y) => y >= 0), "exp");
    assert.ok(log(x.filter((x) => x < 0)).every(Number.isNaN), "log of a negative number");
    for (const op of libraryOps) {
      /** All operands alike. */
      const apply = (values: ArrayLike<number>) =>
        functions[op](...columnsOf(op, inputs).map(() => values));
      // NaN in any one lane, and in no other.
      for (const lane of [0, 1, 2, 3]) {
        const outputs = apply([1, 1, 1, 1].with(lane, NaN));
        assert.deepEqual([...outputs].map(Number.isNaN), Array(4).fill(false).with(lane, true));
      }
      assert.ok(apply(new Float32Array(nanPatterns.buffer)).every(Number.isNaN), op);
      // A fused multiply-add leaves tanh a few units in the last place from 1 where it ends.
      const limits = [...apply([-Infinity, 0, Infinity])].map(round);
      assert.deepEqual(limits, accuracy[op].limits.map(round), op);
    }
    assert.equal(log([1])[0], 0);
    assert.equal(log([-0])[0], -Infinity);
  });
}

/** To a multiple of 1e-6. */
const round = (y: number) => Number(y.toFixed(6));

/** Quiet and signalling, of both signs, smallest and largest payload. */
const nanPatterns = Uint32Array.of(0x7fc00000, 0xffc00000, 0x7f800001, 0xffffffff);

Deno.test("rounded multiply-add gives the TypeScript twins' values exactly", async () => {
  const functions = await assemble(false);
  for (const op of libraryOps) {
    const columns = columnsOf(op, inputs);
    const outputs = functions[op](...columns);
    const differing = outputs.findIndex((actual, index) => {
      // Zeros may differ in sign.
      const expected = float32Functions[op](...columns.map((column) => column[index]!));
      return actual !== expected && !(Number.isNaN(actual) && Number.isNaN(expected));
    });
    const operands = columns.map((column) => column[differing]);
    assert.equal(differing, -1, `${op}(${operands}): ${outputs[differing]}`);
  }
});

for (const relaxed of [false, true]) {
  Deno.test(`the text has the coefficient table and no other numbers, relaxed: ${relaxed}`, () => {
    const text = wasmFunctions({ relaxed, constants });
    const [, data] = text.match(/\(data \(i32\.const 1024\) "([^"]*)"\)/)!;
    const bytes = data!.split("\\").slice(1).map((byte) => parseInt(byte, 16));
    const words = new Set(new Uint32Array(Uint8Array.from(bytes).buffer));
    const bitsOf = (value: number) => new Uint32Array(Float32Array.of(value).buffer)[0]!;
    for (const [name, value] of Object.entries(coefficients)) {
      const written = [bitsOf(value), bitsOf(-value), value >>> 0].filter((bits) =>
        words.delete(bits)
      );
      assert.ok(written.length > 0, name);
    }
    const others = [-0.5, -1, -Infinity, 0.0625, 0.5, 1, Infinity].map(bitsOf);
    const integers = [1, 2, 4, 127, 149, 0x474000, 0x7fffff, 0x800000, 0x3f3504f3, 0xfffff000];
    for (const word of words) {
      assert.ok(others.includes(word) || integers.includes(word), `0x${word.toString(16)}`);
    }
    // What is left are zeros, and numbers of bits to shift by.
    const code = text.replace(/\(data .*/, "").replaceAll(/offset=\d+ \(i32\.const 0\)/g, "")
      .replaceAll("(v128.const i32x4 0 0 0 0)", "");
    assert.doesNotMatch(code, /\.const (?!\d{1,2}\))/);
  });

  Deno.test(`the text is straight-line and has every function, relaxed: ${relaxed}`, () => {
    const text = wasmFunctions({ relaxed, constants });
    assert.doesNotMatch(text, /\((if|br|br_if|br_table|loop|block|select|FMA|F32|I32)\b/);
    assert.equal(/relaxed/.test(text), relaxed);
    for (const op of libraryOps) {
      assert.ok(text.includes(`(func $${libraryName(op)} (param $`), op);
    }
  });
}

Deno.test("the lines of functions.wat fit", () => {
  const longest = Math.max(...source.split("\n").map((line) => line.length));
  assert.ok(longest <= 100, `a line of ${longest} characters`);
});

Deno.test("a mistake in a macro is a SyntaxError that shows it", () => {
  const expand = (kernels: string) => () => wasmFunctions({ relaxed: false, constants, kernels });
  const cases = [
    ["(FMA (F32 1) (F32 2))", /\(FMA \.\.\.\) takes 3 operands, got 2/],
    ["(F32 EXP_P9)", /no coefficient EXP_P9/],
    ["(F32 1,5)", /expected a number or a name, got 1,5/],
    ["(FNMA 1 2 3)", /unknown macro \(FNMA \.\.\.\)/],
    ["(SELECT (F32 1) (F32 2)", /no closing parenthesis/],
  ] as const;
  for (const [kernels, message] of cases) {
    assert.throws(expand(kernels), { name: "SyntaxError", message });
  }
});

Deno.test("constants that there is no room for are refused", () => {
  const expand = (words: number) =>
    expandMacros("(F32 0) (F32 1) (F32 2) (F32 1) (I32 3)", {
      relaxed: false,
      constants: { from: 64, to: 64 + 4 * words },
    });
  assert.match(expand(3), /offset=72/);
  assert.throws(() => expand(2), /3 different constants, there is room for 2/);
});

/** The kernel of a function, with its call written out. */
function inlineKernel(op: LibraryOp): string {
  const lines: string[] = [];
  const locals: string[] = [];
  const local = () => {
    locals.push(`$v${locals.length}`);
    return locals.at(-1)!;
  };
  const operands = columnsOf(op, inputs)
    .map((_, column) => `(v128.load offset=${column * STRIDE} (local.get $at))`);
  const target = { local, push: (line: string) => void lines.push(line) };
  const result = inlineCall(`$${libraryName(op)}`, operands, target);
  return `(func (export "${op}") (param $count i32) (local $at i32)
    ${locals.map((each) => `(local ${each} v128)`).join(" ")}
    (loop $next
      ${lines.join("\n")}
      (v128.store (local.get $at) ${result})
      (local.set $at (i32.add (local.get $at) (i32.const 16)))
      (br_if $next (i32.lt_u (local.get $at) (i32.mul (local.get $count) (i32.const 4))))))`;
}

Deno.test("a call written out has the bits of the call", async () => {
  const relaxed = hasRelaxedSimd();
  const texts = libraryOps.map(inlineKernel);
  assert.doesNotMatch(texts.join(), /\(call/);
  const [called, written] = [await assemble(relaxed), await assemble(relaxed, texts)];
  for (const op of libraryOps) {
    const columns = columnsOf(op, inputs);
    const bits = (functions: Functions) => new Uint32Array(functions[op](...columns).buffer);
    assert.deepEqual(bits(written), bits(called), op);
  }
});
