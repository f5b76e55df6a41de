/** Gradients of the functions of the table against central differences: reverse, forward and second. */
import type { Value } from "../program/elementwise.ts";
import { add, filled, mul, sum } from "../program/language.ts";
import { checkGradients } from "../testing/gradient_check.ts";
import { functionCases, inputsOf, valueOf } from "../testing/language_functions.ts";
import { vjp } from "./vjp.ts";

type Loads = Readonly<Record<string, Value>>;

const extents = { replicas: 1, sequences: 2, steps: 1 };

Deno.test("language: gradients of functions", async () => {
  for (const each of functionCases) {
    for (const sizes of [{ n: 3, m: 4 }, { n: 1, m: 1 }]) {
      const what = `${each.name} of ${sizes.n} by ${sizes.m}`;
      // Some are constant if there is one element: a term keeps the gradient away from 0.
      const f = (x: Loads) => add(valueOf(each, x), sum(x[each.of[0]!]!));
      await checkGradients(what, inputsOf(each, sizes), f, { extents });
    }
  }
});

Deno.test("language: second derivatives of functions", async () => {
  for (const each of functionCases) {
    if (each.constant) continue;
    const slope = (x: Loads): Value => {
      const first = x[each.of[0]!]!;
      const result = valueOf(each, x);
      // Squares of a normalized value would add up to a number.
      const value = mul(result, result, result);
      const seed = { value, cotangent: filled(first, 1, value.shape) };
      const found = vjp([seed], [first]).get(first)!;
      return (found.perSequence ?? found.shared)!;
    };
    const what = `second derivative of ${each.name}`;
    await checkGradients(what, inputsOf(each, { n: 3, m: 4 }), slope, { extents });
  }
});
