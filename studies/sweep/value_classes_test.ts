import assert from "node:assert/strict";
import { valueClasses } from "./value_classes.ts";

Deno.test("values are in one class if they are the same, whatever their order", () => {
  const parity = valueClasses([1, 2, 3, 4], (a, b) => (a as number) % 2 === (b as number) % 2);
  assert.deepEqual([...parity], [["1", 0], ["2", 1], ["3", 0], ["4", 1]]);
  const words = valueClasses(["a", "b", null], (a, b) => typeof a === typeof b);
  assert.deepEqual([...words.values()], [0, 0, 1]);
});

Deno.test("of ten thousand numbers few are tried, and the special ones are told apart", () => {
  const values = Array.from({ length: 10_001 }, (_, index) => (index - 5000) / 5000);
  let tried = 0;
  const classes = valueClasses(values, (a, b) => {
    tried++;
    return (a === 0) === (b === 0);
  });
  assert.equal(classes.size, values.length);
  assert.ok(tried < 100, `${tried}`);
  const zero = classes.get("0")!;
  assert.equal([...classes.values()].filter((number) => number === zero).length, 1);
});

Deno.test("numbers that all differ have classes of their own, tried or not", () => {
  const values = Array.from({ length: 500 }, (_, index) => index + 10);
  let tried = 0;
  const classes = valueClasses(values, () => {
    tried++;
    return false;
  });
  assert.equal(new Set(classes.values()).size, 500);
  assert.ok(tried < 500, `${tried}`);
});
