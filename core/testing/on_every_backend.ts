/** Tests of expressions on the reference, the CPU and the GPU, against closed forms. */
import assert from "node:assert/strict";
import { vjp } from "../autodiff/vjp.ts";
import type { Shape } from "../axes.ts";
import type { Backend } from "../backends/backend.ts";
import { cpuBackend } from "../backends/cpu/cpu.ts";
import { referenceBackend } from "../backends/reference/reference.ts";
import { webgpuBackend } from "../backends/webgpu/webgpu.ts";
import type { Value } from "../program/elementwise.ts";
import { filled } from "../program/language.ts";
import { prepareStage } from "./evaluate_stage.ts";

const backends: Readonly<Record<string, () => Backend | Promise<Backend>>> = {
  reference: referenceBackend,
  cpu: () => cpuBackend({ threads: 1 }),
  webgpu: () => webgpuBackend({ allowSoftware: true }),
};

/** A test with a step for every backend. */
export function onEveryBackend(
  what: string,
  check: (backend: Backend, name: string) => Promise<void>,
): void {
  Deno.test(what, async (t) => {
    for (const [name, open] of Object.entries(backends)) {
      await t.step(name, async () => {
        const backend = await open();
        try {
          await check(backend, name);
        } finally {
          backend.close();
        }
      });
    }
  });
}

/** The numbers of one input in every case. */
export type Columns = Readonly<Record<string, readonly (readonly number[] | number)[]>>;

/**
 * Evaluates an expression in several cases at once: every case is a sequence of the batch.
 *
 * @param columns of every input, its numbers by case: a scalar, or a vector.
 * @param write makes named scalars or vectors of the inputs.
 * @param slopes what the value is differentiated by, and the value; the result has them as `d/<input>`.
 * @returns results by name, each as a list of cases.
 */
export async function evaluateCases(
  backend: Backend,
  columns: Columns,
  write: (x: Readonly<Record<string, Value>>) => Readonly<Record<string, Value>>,
  { of, by }: { of: string; by: readonly string[] },
): Promise<Readonly<Record<string, number[][]>>> {
  const sequences = Object.values(columns)[0]!.length;
  const inputs = Object.fromEntries(
    Object.entries(columns).map(([name, cases]) => {
      const shape: Shape = typeof cases[0] === "number" ? [] : [(cases[0] as number[]).length];
      return [name, { shape, hasBatchAxis: true, values: cases.flat() }];
    }),
  );
  const { engine, run } = await prepareStage(inputs, (x) => {
    const results = write(x);
    const value = results[of]!;
    const seed = { value, cotangent: filled(value, 1, value.shape) };
    const gradients = vjp([seed], by.map((name) => x[name]!));
    const slopes = by.map((name) => [`d/${name}`, gradients.get(x[name]!)!.perSequence!] as const);
    return { ...results, ...Object.fromEntries(slopes) };
  }, { extents: { replicas: 1, sequences, steps: 1 }, backend });
  const results = await run();
  engine.close();
  return Object.fromEntries(
    [...results].map(([name, values]) => {
      const width = values.length / sequences;
      return [
        name,
        Array.from(
          { length: sequences },
          (_, b) => Array.from(values).slice(b * width, (b + 1) * width),
        ),
      ];
    }),
  );
}

/** Fails unless every number is as expected, to a relative error; infinities and NaN have to be the same. */
export function assertRelative(
  actual: readonly (readonly number[])[],
  expected: readonly (readonly number[] | number)[],
  what: string,
  bound = 1e-6,
): void {
  const [a, e] = [actual.flat(), expected.flat()];
  assert.equal(a.length, e.length, what);
  e.forEach((number, index) => {
    const isRight = Object.is(a[index]! + 0, number + 0) ||
      Number.isFinite(number) && Math.abs(a[index]! - number) <= bound * Math.abs(number);
    assert.ok(isRight, `${what}, number ${index}: ${a[index]}, expected ${number}`);
  });
}
