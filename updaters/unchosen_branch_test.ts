/** Rules train a model whose step divides by a norm that is 0 at first, in a branch that is not taken. */
import assert from "node:assert/strict";
import { z } from "../deps/zod.ts";
import type { Backend } from "../core/backends/backend.ts";
import { cpuBackend } from "../core/backends/cpu/cpu.ts";
import { referenceBackend } from "../core/backends/reference/reference.ts";
import { matrix, vector } from "../core/program/declaration.ts";
import { normal } from "../core/program/initializer.ts";
import {
  add,
  div,
  less,
  matvec,
  sqrt,
  square,
  sum,
  tanh,
  where,
} from "../core/program/language.ts";
import { defineModel } from "../core/program/model.ts";
import { squaredError } from "../core/testing/example_models.ts";
import { assertNear } from "../core/testing/relative_rms.ts";
import { trainOn } from "../core/testing/twin.ts";
import { findUpdater } from "./mod.ts";

const units = 3;
const model = defineModel({
  name: "normalized",
  config: z.strictObject({}),
  parameters: () => ({ w: matrix(units, units, normal(0.5)) }),
  state: () => ({ h: vector(units) }),
  inputs: () => ({ x: [units] as const }),
  step({ w }, { h }, { x }) {
    const size = sum(square(h));
    const direction = where(less(0, size), div(h, sqrt(size)), 0);
    const next = tanh(add(matvec(w, direction), x));
    return { state: { h: next }, output: next };
  },
}).instantiate({});

async function trained(rule: string, backend: Backend): Promise<ArrayLike<number>> {
  const extents = { replicas: 1, sequences: 1, steps: 4 };
  const program = findUpdater(rule).build(
    { model, loss: squaredError(units), extents },
    { learning_rate: 0.5 },
  );
  const values = await trainOn(backend, program, { seeds: [3], iterations: 1 });
  backend.close();
  return values.get("w")!;
}

Deno.test("a norm of 0 that is not chosen does not spoil training", async () => {
  const expected = await trained("rtrl", referenceBackend());
  assert.ok(Array.from(expected).every(Number.isFinite), `${expected}`);
  assertNear(await trained("bptt", referenceBackend()), expected, { bound: 1e-12, what: "bptt" });
  assertNear(await trained("bptt", cpuBackend({ threads: 1 })), expected, {
    bound: 1e-6,
    what: "cpu",
  });
});
