/** Gradients with checkpoints are those of the whole tape, and of central differences. */
import assert from "node:assert/strict";
import type { Extents } from "../axes.ts";
import { iterationSize } from "../backends/layout.ts";
import { referenceBackend } from "../backends/reference/reference.ts";
import {
  add,
  batchMean,
  dot,
  lerp,
  matvec,
  mul,
  outer,
  square,
  sub,
  sum,
  tanh,
} from "../program/language.ts";
import { createProgram } from "../program/program.ts";
import {
  fillRecurrence,
  gradientsThroughTime,
  type Recurrence,
  recurrenceProgram,
} from "../testing/gradient_through_time.ts";
import { assertNear } from "../testing/relative_rms.ts";
import { throughTime } from "./through_time.ts";

const n = 3;
const axes = { replicas: 2, sequences: 3 };

/** A matrix state, a trained rate, and an input that is the same at every step. */
const plastic: Recurrence = {
  parameters: { w: { shape: [n, n] }, alpha: { shape: [n, n] }, eta: { shape: [] } },
  state: { y: [n], hebb: [n, n] },
  inputs: { x: [n], wanted: [n] },
  step({ p, s, x }) {
    const hebb = lerp(outer(s.y!, x.x!), s.hebb!, p.eta!);
    const y = tanh(add(matvec(add(p.w!, mul(p.alpha!, hebb)), s.y!), x.x!));
    return { state: { y, hebb }, loss: sum(square(sub(y, x.wanted!))) };
  },
};

/** Sequences read the mean of all, weights are fast, and a scalar state is read by the loss alone. */
const crowd: Recurrence = {
  parameters: { w: { shape: [n, n], fast: true }, b: { shape: [n] } },
  state: { h: [n], total: [] },
  inputs: { x: [n] },
  step({ p, s, x }) {
    const h = tanh(add(matvec(p.w!, add(s.h!, batchMean(s.h!))), p.b!, x.x!));
    const total = add(mul(s.total!, 0.5), dot(h, x.x!));
    return { state: { h, total }, loss: square(total) };
  },
};

const recurrences = { plastic, crowd };

/** Gradients, last states and the loss after one iteration in float64. */
async function results(recurrence: Recurrence, extents: Extents, truncate = 0) {
  const program = recurrenceProgram(recurrence, { extents, truncate });
  const engine = await referenceBackend().prepare(program);
  fillRecurrence(engine);
  await engine.run("train", { iterations: 1 });
  const names = Object.keys(recurrence.parameters).map((name) => `d/${name}`);
  const values = await engine.read([...names, ...Object.keys(recurrence.state), "loss"]);
  engine.close();
  return values;
}

for (const [name, recurrence] of Object.entries(recurrences)) {
  Deno.test(`checkpoints: the numbers of the whole tape, bit for bit, ${name}`, async () => {
    for (const steps of [1, 2, 3, 7]) {
      for (const truncate of [0, 2]) {
        const whole = await results(recurrence, { ...axes, steps }, truncate);
        for (const segment of [1, 2, 3, steps, steps + 1]) {
          const extents = { ...axes, steps, segment };
          const actual = await results(recurrence, extents, truncate);
          assert.deepEqual(actual, whole, `T ${steps}, S ${segment}, truncate ${truncate}`);
        }
      }
    }
  });

  Deno.test(`checkpoints: the gradient of central differences, ${name}`, async () => {
    const extents = { ...axes, steps: 5, segment: 2 };
    const { derived, central } = await gradientsThroughTime(recurrence, { extents });
    for (const [parameter, gradient] of central) {
      assertNear(derived.get(parameter)!, gradient, { bound: 1e-7, what: parameter });
    }
  });
}

Deno.test("checkpoints: the tape is that of one segment, but for factors of products", () => {
  const tapes = (extents: Extents) => {
    const program = recurrenceProgram(plastic, { extents });
    return new Map(
      [...program.slots.values()].filter(({ kind }) => kind === "tape")
        .map((slot) => [slot.name, iterationSize(slot, program.extents)]),
    );
  };
  const [whole, short] = [tapes({ ...axes, steps: 90 }), tapes({ ...axes, steps: 90, segment: 8 })];
  const sequences = axes.replicas * axes.sequences;
  assert.equal(whole.get("train/tape/hebb"), 90 * sequences * n * n);
  assert.equal(short.get("train/tape/hebb"), 8 * sequences * n * n);
  assert.equal(short.get("train/checkpoint/hebb"), 12 * sequences * n * n);
  assert.equal(short.get("train/tape/y"), whole.get("train/tape/y"), "y is a factor");
});

Deno.test("checkpoints: a state that the step reads and does not give is refused", () => {
  const builder = createProgram({ ...axes, steps: 4, segment: 2 });
  for (const name of ["h", "hidden"]) builder.slot(name, { kind: "state", hasBatchAxis: true });
  assert.throws(
    () =>
      throughTime(builder, "train", {
        write(stage) {
          const h = stage.load("h");
          const next = mul(h, stage.load("hidden"));
          stage.store("h", next);
          return { state: { h }, nextState: { h: next }, loss: square(next) };
        },
      }),
    /RangeError: The step reads the state "hidden", but gives no gradient through it/,
  );
});
