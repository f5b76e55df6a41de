/** Settings of optimizers and schedules against those of PyTorch, over 1,000 batches; see tests/goldens/README.md. */
import assert from "node:assert/strict";
import { cpuBackend } from "../../core/backends/cpu/cpu.ts";
import { referenceBackend } from "../../core/backends/reference/reference.ts";
import { z } from "../../deps/zod.ts";
import goldens from "../../tests/goldens/optimizers/settings.json" with { type: "json" };
import { type SlowWeightConfig, slowWeightConfig } from "./config.ts";
import { makeOptimizer, optimizerNames, optimizers } from "./mod.ts";
import { type ScheduleConfig, scheduleNames, scheduleOf } from "./schedule_settings.ts";
import { trainNumbers } from "./testing/train_numbers.ts";

const schema = z.strictObject(slowWeightConfig);

const start = [0.3, -0.02, 0, 1.5, -0.7, 0.0004];

/** Of the loss in make_settings.py. */
function gradient(numbers: readonly number[], batch: number): number[] {
  const scale = batch % 7 === 3 ? 5 : 0.2;
  const slope = -0.1 * Math.sin(numbers.reduce((sum, x) => sum + x, 0));
  return numbers.map((x, index) => scale * (x - Math.sin(0.7 * batch + 2.3 * index)) + slope);
}

const training = { rate: 0.01, start, iterations: 1000, gradient };

/** The largest distance from the numbers of PyTorch. */
function distance(trajectory: readonly number[][], values: readonly number[][]): number {
  return Math.max(
    ...goldens.kept.flatMap((batch, index) =>
      trajectory[batch - 1]!.map((value, place) => Math.abs(value - values[index]![place]!))
    ),
  );
}

for (const { settings, values } of goldens.cases) {
  const given: Partial<SlowWeightConfig> = schema.parse(settings);

  Deno.test(`${JSON.stringify(settings)}: the numbers of PyTorch`, async () => {
    const exact = await trainNumbers(given, { ...training, backend: referenceBackend() });
    assert.ok(distance(exact, values) < 1e-9, `reference: ${distance(exact, values)}`);
    const rounded = await trainNumbers(given, { ...training, backend: cpuBackend({ threads: 1 }) });
    assert.ok(distance(rounded, values) < 1e-4, `cpu: ${distance(rounded, values)}`);
  });
}

Deno.test("goldens have every optimizer, number and schedule of the tables", () => {
  const cases: readonly Readonly<Record<string, unknown>>[] = goldens.cases.map(({ settings }) =>
    settings
  );
  const peers = optimizerNames.filter((name) => name !== "adam_published" && name !== "nesterov");
  for (const name of peers) {
    for (const key of optimizers[name].takes) {
      assert.ok(cases.some((given) => given.optimizer === name && key in given), `${name} ${key}`);
    }
  }
  for (const name of scheduleNames) {
    assert.ok(cases.some(({ schedule = "constant" }) => schedule === name), name);
  }
});

Deno.test("nesterov is sgd with momentum .9", async () => {
  const on = { ...training, iterations: 20, backend: referenceBackend() };
  assert.deepEqual(
    await trainNumbers({ optimizer: "nesterov" }, on),
    await trainNumbers({ optimizer: "sgd", momentum: 0.9, nesterov: true }, on),
  );
});

Deno.test("what an optimizer or schedule does not have, or lacks, is refused", () => {
  const refused: readonly (readonly [() => unknown, string])[] = [
    [
      () => makeOptimizer("adam", { centered: true }),
      "centered: optimizer adam has none; rmsprop has it",
    ],
    [
      () => makeOptimizer("lion", { eps: 1 }),
      "eps: optimizer lion has none; adam, adamw, rmsprop have it",
    ],
    [
      () => makeOptimizer("sgd", { nesterov: true }),
      "nesterov: expected a momentum above 0 with it",
    ],
    [
      () => scheduleOf({ schedule: "cosine", gamma: 0.5 }, 10),
      "gamma: schedule cosine has none; step, exponential have it",
    ],
    [() => scheduleOf({ schedule: "step" }), "step_size: schedule step needs it"],
    [() => scheduleOf({ schedule: "exponential" }), "gamma: schedule exponential needs it"],
    [
      () => scheduleOf({ schedule: "linear" }),
      "schedule_iterations: expected the iterations of the training, got none",
    ],
    [
      () => scheduleOf({ schedule: "cosine", warm_up: 10 }, 10),
      "warm_up: expected less than the 10 iterations of the schedule",
    ],
  ];
  for (const [make, message] of refused) assert.throws(make, { name: "RangeError", message });
  const typo = { schedule: "cosin" } as unknown as ScheduleConfig;
  assert.throws(() => scheduleOf(typo, 10), /schedule: .* got "cosin" \(did you mean cosine\?\)/);
});

Deno.test("a schedule may be a function", async () => {
  const on = { ...training, iterations: 20, backend: referenceBackend() };
  const named = await trainNumbers({ schedule: "exponential", gamma: 0.5 }, on);
  const { exp, mul } = await import("../../core/program/language.ts");
  const own = await trainNumbers({ schedule: (t) => exp(mul(t, Math.log(0.5))) }, on);
  const error = Math.max(
    ...own.flat().map((value, index) => Math.abs(value - named.flat()[index]!)),
  );
  assert.ok(error < 1e-15, `${error}`);
});
