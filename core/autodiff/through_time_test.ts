import assert from "node:assert/strict";
import type { Extents } from "../axes.ts";
import { referenceBackend } from "../backends/reference/reference.ts";
import {
  add,
  column,
  concat,
  div,
  dot,
  lerp,
  logSumExp,
  matvec,
  mul,
  outer,
  row,
  sigmoid,
  softmax,
  square,
  sub,
  sum,
  tanh,
  transpose,
  vecmat,
} from "../program/language.ts";
import { fixed } from "../program/input.ts";
import { createProgram } from "../program/program.ts";
import {
  fillRecurrence,
  gradientsThroughTime,
  type Recurrence,
  recurrenceProgram,
} from "../testing/gradient_through_time.ts";
import { assertNear } from "../testing/relative_rms.ts";
import { throughTime } from "./through_time.ts";

const extents: Extents = { replicas: 2, sequences: 3, steps: 4 };
const n = 3;

/** Elman's network with a softmax output. */
const rnn: Recurrence = {
  parameters: {
    w: { shape: [n, n] },
    v: { shape: [n, 2] },
    b: { shape: [n] },
    u: { shape: [2, n] },
  },
  state: { h: [n] },
  inputs: { x: [2], y: [2] },
  step({ p, s, x }) {
    const h = tanh(add(matvec(p.w!, s.h!), matvec(p.v!, x.x!), p.b!));
    const logits = matvec(p.u!, h);
    return { state: { h }, loss: sub(logSumExp(logits), dot(logits, x.y!)) };
  },
};

const shared: Record<string, Recurrence> = {
  rnn,
  "hebbian trace (design.md)": {
    parameters: { w: { shape: [n, n] }, alpha: { shape: [n, n] }, eta: { shape: [] } },
    state: { y: [n], previous: [n], hebb: [n, n] },
    inputs: { x: [n], target: [n] },
    step({ p, s, x }) {
      const trace = lerp(outer(s.y!, s.previous!), s.hebb!, p.eta!);
      const next = tanh(add(matvec(add(p.w!, mul(p.alpha!, trace)), s.y!), x.x!));
      return {
        state: { y: next, previous: s.y!, hebb: trace },
        loss: sum(square(sub(next, x.target!))),
      };
    },
  },
  "Oja's rule": {
    parameters: { w: { shape: [n, 2] }, alpha: { shape: [n, 2] }, eta: { shape: [] } },
    state: { hebb: [n, 2] },
    inputs: { x: [2], target: [n] },
    step({ p, s, x }) {
      const y = tanh(matvec(add(p.w!, mul(p.alpha!, s.hebb!)), x.x!));
      const change = mul(column(y), sub(row(x.x!), mul(column(y), s.hebb!)));
      return {
        state: { hebb: add(s.hebb!, mul(p.eta!, change)) },
        loss: sum(square(sub(y, x.target!))),
      };
    },
  },
  "symmetric weights": {
    parameters: { l: { shape: [n, n] }, v: { shape: [n, 2] } },
    state: { h: [n] },
    inputs: { x: [2], target: [n] },
    step({ p, s, x }) {
      const w = div(add(p.l!, transpose(p.l!)), 2);
      const h = tanh(add(matvec(w, s.h!), matvec(p.v!, x.x!)));
      const penalty = mul(0.1, add(sum(square(p.l!)), sum(square(p.v!))));
      return { state: { h }, loss: add(sum(square(sub(h, x.target!))), penalty) };
    },
  },
  "learned decay of a trace": {
    parameters: {
      w: { shape: [n, 2] },
      b: { shape: [n] },
      lambda: { shape: [] },
      eta: { shape: [n] },
    },
    state: { trace: [n, 2] },
    inputs: { x: [2], target: [n] },
    step({ p, s, x }) {
      const a = add(matvec(mul(p.w!, s.trace!), x.x!), matvec(p.w!, x.x!), p.b!);
      const y = tanh(a);
      const trace = add(
        mul(sigmoid(p.lambda!), s.trace!),
        mul(column(p.eta!), outer(y, x.x!)),
      );
      return { state: { trace }, loss: sum(square(sub(sigmoid(y), x.target!))) };
    },
  },
  "concatenated input, two layers, vecmat": {
    parameters: { w: { shape: [n, 5] }, b: { shape: [n] }, o: { shape: [n, 2] } },
    state: { h: [n] },
    inputs: { x: [2], target: [2] },
    step({ p, s, x }) {
      const h = tanh(add(matvec(p.w!, concat(x.x!, s.h!)), p.b!));
      const out = softmax(vecmat(h, p.o!));
      return { state: { h }, loss: sum(square(sub(out, x.target!))) };
    },
  },
  "a scalar state and a state that is not used": {
    parameters: { a: { shape: [] }, b: { shape: [2] } },
    state: { s: [], unused: [2] },
    inputs: { x: [2] },
    step({ p, s, x }) {
      const next = tanh(add(mul(p.a!, s.s!), dot(p.b!, x.x!)));
      return { state: { s: next, unused: x.x! }, loss: square(next) };
    },
  },
  "one unit": {
    parameters: { w: { shape: [1, 1] }, b: { shape: [1] }, v: { shape: [1, 2] } },
    state: { h: [1] },
    inputs: { x: [2] },
    step({ p, s, x }) {
      const h = tanh(add(matvec(p.w!, s.h!), matvec(p.v!, x.x!), p.b!));
      return { state: { h }, loss: sum(square(h)) };
    },
  },
  "fixed inputs: a drive, a fixed point and a factor": {
    parameters: { l: { shape: [n, n] }, v: { shape: [n, n] }, u: { shape: [n, n] } },
    state: { h: [n] },
    inputs: { drive: fixed([n]), memory: fixed([n]), shown: [] },
    step({ p, s, x }) {
      const w = div(add(p.l!, transpose(p.l!)), 2);
      const drive = mul(x.shown!, matvec(p.v!, x.drive!));
      // A product whose second factor no step changes, though each sequence has its own.
      const gated = matvec(mul(p.u!, column(s.h!)), x.memory!);
      const h = tanh(add(matvec(w, s.h!), drive, gated));
      const distance = sum(square(sub(tanh(matvec(w, x.memory!)), x.memory!)));
      return { state: { h }, loss: add(dot(h, x.memory!), mul(x.shown!, distance)) };
    },
  },
  "a fixed matrix": {
    parameters: { a: { shape: [n, n] } },
    state: { h: [n] },
    inputs: { m: fixed([n, n]) },
    step({ p, s, x }) {
      const h = tanh(matvec(mul(p.a!, x.m!), s.h!));
      return { state: { h }, loss: sum(square(h)) };
    },
  },
  "a next state made of parameters alone": {
    parameters: { w: { shape: [n, n] }, b: { shape: [n] } },
    state: { h: [n], c: [n] },
    inputs: { x: [n] },
    step({ p, s, x }) {
      return {
        state: { h: tanh(p.b!), c: add(x.x!, mul(p.b!, s.h!)) },
        loss: sum(square(add(matvec(p.w!, s.h!), mul(s.c!, x.x!)))),
      };
    },
  },
  "a next state that is a parameter": {
    parameters: { b: { shape: [n] } },
    state: { h: [n] },
    inputs: { x: [n] },
    step: ({ p, s, x }) => ({ state: { h: p.b! }, loss: sum(square(add(s.h!, x.x!))) }),
  },
  "a loss made of parameters alone": {
    parameters: { b: { shape: [n] } },
    state: { h: [n] },
    inputs: { x: [n] },
    step: ({ p, x }) => ({ state: { h: x.x! }, loss: sum(square(p.b!)) }),
  },
  "a next state that is one number everywhere": {
    parameters: { a: { shape: [] } },
    state: { h: [n] },
    inputs: { x: [n] },
    step({ p, s, x }) {
      return { state: { h: tanh(dot(s.h!, mul(x.x!, p.a!))) }, loss: sum(square(sub(s.h!, x.x!))) };
    },
  },
};

Deno.test("throughTime: shared parameters, equal to central differences", async (t) => {
  for (const [name, recurrence] of Object.entries(shared)) {
    await t.step(name, async () => {
      const { derived, central } = await gradientsThroughTime(recurrence, { extents });
      for (const [parameter, expected] of central) {
        assertNear(derived.get(parameter)!, expected, { bound: 1e-7, what: parameter });
      }
    });
  }
});

Deno.test("throughTime: fast parameters, one copy a sequence", async () => {
  const parameters = Object.fromEntries(
    Object.entries(rnn.parameters).map((
      [name, { shape }],
    ) => [name, { shape, fast: name !== "b" }]),
  );
  const { derived, central } = await gradientsThroughTime({ ...rnn, parameters }, { extents });
  for (const [parameter, expected] of central) {
    assertNear(derived.get(parameter)!, expected, { bound: 1e-7, what: parameter });
  }
});

Deno.test("throughTime: fast parameters and fixed inputs", async () => {
  const recurrence = shared["fixed inputs: a drive, a fixed point and a factor"]!;
  const parameters = Object.fromEntries(
    Object.entries(recurrence.parameters).map(([name, { shape }]) => [name, { shape, fast: true }]),
  );
  const { derived, central } = await gradientsThroughTime({ ...recurrence, parameters }, {
    extents,
  });
  for (const [parameter, expected] of central) {
    assertNear(derived.get(parameter)!, expected, { bound: 1e-7, what: parameter });
  }
});

Deno.test("throughTime: what fixed inputs make is not on the tape", () => {
  const recurrence = shared["fixed inputs: a drive, a fixed point and a factor"]!;
  const { slots } = recurrenceProgram(recurrence, { extents });
  const kept = [...slots.values()].filter(({ kind }) => kind === "tape").map(({ name }) =>
    name.replace(/\d+$/, "")
  );
  // h, two products that depend on it, and the factors of l and u; h is a factor as it is.
  assert.deepEqual(kept.filter((name) => name === "train/tape/h").length, 1);
  assert.ok(!kept.some((name) => name.includes("drive") || name.includes("memory")));
});

Deno.test("throughTime: one step, one sequence, one replica", async () => {
  for (const name of ["rnn", "hebbian trace (design.md)", "symmetric weights", "one unit"]) {
    const { derived, central } = await gradientsThroughTime(shared[name]!, {
      extents: { replicas: 1, sequences: 1, steps: 1 },
    });
    for (const [parameter, expected] of central) {
      assertNear(derived.get(parameter)!, expected, { bound: 1e-7, what: `${name}, ${parameter}` });
    }
  }
});

Deno.test("throughTime: a parameter that no loss depends on has no gradient", async () => {
  const { derived } = await gradientsThroughTime({
    ...rnn,
    parameters: { ...rnn.parameters, idle: { shape: [2] } },
  }, { extents });
  assert.deepEqual(Array.from(derived.get("idle")!), [0, 0, 0, 0]);
});

Deno.test("throughTime: truncation cuts the sequence into runs whose first state is given", async () => {
  for (const name of ["rnn", "hebbian trace (design.md)"]) {
    const recurrence = shared[name]!;
    const [steps, truncate] = [7, 3];
    const whole = await referenceBackend().prepare(
      recurrenceProgram(recurrence, { extents: { ...extents, steps }, truncate }),
    );
    const values = fillRecurrence(whole);
    await whole.run("train", { iterations: 1 });
    const expected = new Map<string, number[]>();
    const states = Object.keys(recurrence.state);
    let carried = new Map(states.map((state) => [state, values.get(`first/${state}`)!]));
    for (let start = 0; start < steps; start += truncate) {
      const length = Math.min(truncate, steps - start);
      const part = await referenceBackend().prepare(
        recurrenceProgram(recurrence, { extents: { ...extents, steps: length } }),
      );
      for (const parameter of Object.keys(recurrence.parameters)) {
        part.write(parameter, values.get(parameter)!);
      }
      for (const input of Object.keys(recurrence.inputs)) {
        const all = values.get(input)!;
        const size = all.length / steps;
        part.write(input, all.slice(start * size, (start + length) * size));
      }
      for (const [state, value] of carried) part.write(`first/${state}`, value);
      await part.run("train", { iterations: 1 });
      carried = new Map(
        [...await part.read(states)].map(([state, value]) => [state, Float64Array.from(value)]),
      );
      for (const parameter of Object.keys(recurrence.parameters)) {
        const gradient = Array.from((await part.read([`d/${parameter}`])).get(`d/${parameter}`)!);
        const sofar = expected.get(parameter);
        expected.set(parameter, gradient.map((value, i) => value + (sofar?.[i] ?? 0)));
      }
    }
    for (const [parameter, gradient] of expected) {
      const derived = (await whole.read([`d/${parameter}`])).get(`d/${parameter}`)!;
      assertNear(derived, gradient, { bound: 1e-12, what: `${name}, ${parameter}` });
    }
  }
});

Deno.test("throughTime: truncation longer than the sequence changes nothing", async () => {
  const plain = await gradientsThroughTime(rnn, { extents });
  const long = await gradientsThroughTime(rnn, { extents, truncate: 4 });
  for (const [name, value] of plain.derived) assert.deepEqual(long.derived.get(name), value);
});

Deno.test("throughTime: gradients of shared matrices are kept as factors, not added up in the loop", () => {
  const program = recurrenceProgram(rnn, { extents });
  const reverse = program.procedures.get("train")!.find(({ loop }) => loop === "reverse")!;
  for (const { slot } of reverse.stores) {
    assert.ok(slot.shape.length < 2, `${slot.name} is a matrix in the reverse loop`);
  }
});

Deno.test("throughTime: a matrix state has a matrix adjoint, reset before the reverse loop", () => {
  const builder = createProgram(extents);
  builder.slot("m", { kind: "state", shape: [2, 2], hasBatchAxis: true });
  builder.slot("x", { kind: "input", shape: [2], hasBatchAxis: true, hasTimeAxis: true });
  throughTime(builder, "train", {
    write(stage) {
      const [m, x] = [stage.load("m"), stage.load("x")];
      const next = add(mul(m, 0.5), outer(x, x));
      stage.store("m", next);
      return { state: { m }, nextState: { m: next }, loss: sum(square(matvec(next, x))) };
    },
  });
  const program = builder.build();
  assert.deepEqual(program.slots.get("train/adjoint/m")!.shape, [2, 2]);
  const names = program.procedures.get("train")!.map(({ name, loop }) => `${name} ${loop}`);
  assert.deepEqual(names, ["forward forward", "turn none", "reverse reverse"]);
});
