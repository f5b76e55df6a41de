/** The random numbers of `random.wat`: words of Philox, bit for bit. */
import assert from "node:assert/strict";
import { assemble } from "../backends/cpu/assemble.ts";
import { philox4x32, randomStream } from "../random.ts";
import { hasRelaxedSimd } from "./features.ts";
import { wasmFunctions } from "./functions.ts";

type Words = (
  key: readonly [number, number],
  elements: readonly number[],
  step: number,
  stream: number,
) => { first: Uint32Array; second: Uint32Array };

const constants = { from: 1024, to: 65536 };

/** The first two words of the blocks of four elements. */
async function wordsOf(): Promise<Words> {
  const kernels = `
    (func (export "words") (param $k0 i32) (param $k1 i32) (param $step i32) (param $stream i32)
      (local $first v128) (local $second v128)
      (call $hebb_random_words
        (local.get $k0) (local.get $k1) (v128.load (i32.const 0)) (local.get $step) (local.get $stream))
      (local.set $second)
      (local.set $first)
      (v128.store (i32.const 16) (local.get $first))
      (v128.store (i32.const 32) (local.get $second)))`;
  const body = wasmFunctions({ relaxed: hasRelaxedSimd(), constants, kernels });
  const module = await assemble(`(module (memory (export "memory") 1) ${body})`);
  const { exports } = new WebAssembly.Instance(module);
  const memory = new Uint32Array((exports["memory"] as WebAssembly.Memory).buffer);
  const words = exports["words"] as (...operands: number[]) => void;
  return ([k0, k1], elements, step, stream) => {
    memory.set(elements);
    words(k0, k1, step, stream);
    return { first: memory.slice(4, 8), second: memory.slice(8, 12) };
  };
}

const words = await wordsOf();

Deno.test("random.wat: the published known answer of Philox4x32-10", () => {
  const { first, second } = words([0, 0], [0, 0, 0, 0], 0, 0);
  assert.deepEqual([...first], new Array(4).fill(0x6627e8d5));
  assert.deepEqual([...second], new Array(4).fill(0xe169c58d));
});

Deno.test("random.wat: equal to the TypeScript, also where carries are lost first", () => {
  const random = randomStream({ seed: 5 });
  const corners = [0, 1, 0xffff, 0x10000, 0x7fffffff, 0x80000000, 0xffff0000, 0xffffffff];
  const word = () => random.below(2) ? random.sample(corners) : random.bits();
  for (let round = 0; round < 500; round++) {
    const [key, elements] = [[word(), word()] as const, [word(), word(), word(), word()]];
    const [step, stream] = [word(), word()];
    const { first, second } = words(key, elements, step, stream);
    elements.forEach((element, lane) => {
      const block = philox4x32(Uint32Array.of(element, step, stream, 0), Uint32Array.from(key));
      assert.deepEqual([first[lane], second[lane]], [block[0], block[1]]);
    });
  }
});

Deno.test("random.wat: a module that draws nothing is without it", () => {
  assert.ok(!wasmFunctions({ relaxed: false, constants }).includes("random"));
});
