/** Chains of transforms against the optimizers of PyTorch; see tests/goldens/README.md. */
import assert from "node:assert/strict";
import type { Value } from "../../core/program/elementwise.ts";
import { add, div, mul, sqrt } from "../../core/program/language.ts";
import goldens from "../../tests/goldens/optimizers/optimizers.json" with { type: "json" };
import { adamW, scaleByAdam } from "./adam.ts";
import { clip, clipByGlobalNorm } from "./clip.ts";
import { slowWeightOptimizer } from "./config.ts";
import { decay } from "./decay.ts";
import { defineOptimizer } from "./define_optimizer.ts";
import { lion } from "./lion.ts";
import { momentum } from "./momentum.ts";
import { scaleByRms } from "./rms.ts";
import { schedule } from "./schedule.ts";
import { cosineDecay, exponentialDecay, inverseTimeDecay, piecewise, warmUp } from "./schedules.ts";
import { trajectoryOf } from "./testing/trajectory.ts";
import { chain, type Optimizer } from "./transform.ts";

const chains: Readonly<Record<keyof typeof goldens.cases, Optimizer>> = {
  "adam": scaleByAdam(),
  "adam, l2": chain(decay(0.1), scaleByAdam()),
  "adamw": adamW(),
  "adamw, rates": adamW({ first: 0.8, second: 0.95, epsilon: 1e-3, decay: 0.2 }),
  "adamw, clipped": chain(clipByGlobalNorm(0.5), adamW({ decay: 0.01 })),
  "lion": lion({ decay: 0.1 }),
  "momentum": chain(decay(0.1), momentum(0.9)),
  "nesterov": momentum(0.9, { nesterov: true }),
  "rmsprop": scaleByRms(),
  "rmsprop, momentum": chain(scaleByRms({ keep: 0.9 }), momentum(0.9)),
  "sgd, clipped": clip(0.15),
  "sgd, cosine": schedule(cosineDecay({ updates: 40, least: 0.1 })),
  "sgd, exponential": schedule(exponentialDecay({ halfTime: 7 })),
  "sgd, piecewise": schedule(piecewise([[5, 0.1], [25, 0.01]])),
  "adam, warm-up and cosine": chain(
    scaleByAdam(),
    schedule(warmUp({ updates: 8 })),
    schedule(cosineDecay({ updates: 20 })),
  ),
};

/** The whole way to changes of weights, at the learning rate of the slot. */
const withRate = (optimizer: Optimizer) => slowWeightOptimizer({ optimizer }, { gradClip: 0 });

function assertClose(actual: readonly number[], expected: readonly number[], what: string): void {
  actual.forEach((value, index) => {
    const error = Math.abs(value - expected[index]!);
    assert.ok(error < 1e-12, `${what}: number ${index} is off by ${error}`);
  });
}

for (const [name, optimizer] of Object.entries(chains)) {
  Deno.test(`${name}: the numbers of PyTorch`, async () => {
    const trajectory = await trajectoryOf(withRate(optimizer));
    const expected = goldens.cases[name as keyof typeof goldens.cases];
    goldens.updates.forEach((update, index) =>
      assertClose(trajectory[update - 1]!, expected[index]!, `update ${update}`)
    );
  });
}

Deno.test("an optimizer of one's own: memory of each parameter, and the number of the update", async () => {
  const own = defineOptimizer({
    name: "own",
    memory: ["first", "second"],
    step({ gradient, memory, update }) {
      const first = add(mul(memory.first, 0.9), mul(gradient, 0.1));
      const second = add(mul(memory.second, 0.5), mul(gradient, gradient));
      return { direction: add(div(first, sqrt(update)), second), memory: { first, second } };
    },
  });
  const plain = defineOptimizer({
    name: "plain",
    step: ({ gradient }) => ({ direction: gradient }),
  });
  const expected = await trajectoryOf(withRate(chain()));
  assert.deepEqual(await trajectoryOf(withRate(plain)), expected);
  const [first, second] = await trajectoryOf(withRate(own));
  const gradients = [0, 1].map((t) => Math.sin(1.7 * t) * 0.2);
  const [g0, g1] = gradients as [number, number];
  const step = [0.1 * g0 + g0 ** 2, (0.09 * g0 + 0.1 * g1) / Math.SQRT2 + 0.5 * g0 ** 2 + g1 ** 2];
  assertClose([first![0]!, second![0]!], [
    0.3 - 0.05 * step[0]!,
    0.3 - 0.05 * (step[0]! + step[1]!),
  ], "own");
  const forgetful = defineOptimizer({
    name: "bad",
    memory: ["m"],
    step: ({ gradient }) => ({ direction: gradient }),
  });
  await assert.rejects(
    () => trajectoryOf(forgetful),
    { name: "RangeError", message: 'Optimizer bad: the step returns no memory "m"' },
  );
  const still = defineOptimizer({ name: "bad", step: () => ({}) as { direction: Value } });
  await assert.rejects(() => trajectoryOf(still), {
    name: "RangeError",
    message: "Optimizer bad: the step returns no direction",
  });
});

Deno.test("decay spares the parameters that are not chosen", async () => {
  const all = await trajectoryOf(withRate(decay(0.1)));
  const some = await trajectoryOf(withRate(decay(0.1, (name) => name === "v")));
  const none = await trajectoryOf(withRate(chain()));
  assert.deepEqual(some.map((row) => row.slice(4)), all.map((row) => row.slice(4)));
  assert.deepEqual(some.map((row) => row.slice(0, 4)), none.map((row) => row.slice(0, 4)));
});

Deno.test("schedules: functions of one's own, what comes after the end, and wrong numbers", async () => {
  const ready = inverseTimeDecay({ halfTime: 9, power: 2 });
  const own = schedule((t) => div(1, add(1, mul(div(t, 9), div(t, 9)))));
  assert.deepEqual(
    await trajectoryOf(withRate(own)),
    await trajectoryOf(withRate(schedule(ready))),
  );
  const twice = withRate(chain(schedule(ready), schedule(ready)));
  const square = schedule((t) => mul(ready(t), ready(t)));
  const squared = await trajectoryOf(withRate(square));
  (await trajectoryOf(twice)).forEach((row, index) =>
    assertClose(row, squared[index]!, "two schedules")
  );
  const ended = await trajectoryOf(withRate(schedule(cosineDecay({ updates: 10 }))));
  assert.deepEqual(ended[11], ended[39]);
  assert.throws(
    () => cosineDecay({ updates: 0 }),
    /cosineDecay: updates: expected more than 0, got 0/,
  );
  for (const power of [0, 1.5]) {
    assert.throws(
      () => inverseTimeDecay({ halfTime: 3, power }),
      { message: `inverseTimeDecay: power: expected a whole number from 1, got ${power}` },
    );
  }
  assert.throws(() => piecewise([[5, 1], [5, 2]]), /rising numbers of updates, got 5 after 5/);
});
