/** Registers as variables: each is declared once, and arrays are short. */
import assert from "node:assert/strict";
import { arraysOf, declareRegisters, registerText } from "./register_arrays.ts";

Deno.test("registers: every one has a name or a place in an array that is declared", () => {
  for (const count of [1, 8, 32, 33, 40, 41, 120, 512]) {
    const registers = { name: "r", count, isWhole: false };
    const declared = declareRegisters(registers).flatMap((line) => {
      const array = /^var (\w+) = array<f32, (\d+)>\(\);$/.exec(line);
      if (!array) return [/^var (\w+) = 0\.0f;$/.exec(line)![1]!];
      const length = Number(array[2]);
      assert.ok(length <= 40, `an array of ${length}`);
      return Array.from({ length }, (_, index) => `${array[1]}[${index}]`);
    });
    const named = Array.from({ length: count }, (_, index) => registerText(registers, index));
    assert.deepEqual(declared, named);
  }
});

Deno.test("registers: arrays are as long as each other, but for the last", () => {
  const split = (count: number) => arraysOf({ count, isWhole: false });
  assert.equal(split(32), undefined);
  assert.deepEqual(split(90)!.map(({ first, length }) => [first, length]), [
    [0, 30],
    [30, 30],
    [60, 30],
  ]);
  assert.deepEqual(split(121)!.map(({ length }) => length), [31, 31, 31, 28]);
  assert.equal(registerText({ name: "r", count: 121, isWhole: false }, 65), "r_2[3]");
  assert.equal(registerText({ name: "r", count: 121, isWhole: true }, 65), "r_0[65]");
});
