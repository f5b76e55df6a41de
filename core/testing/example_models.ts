/** Plastic models as a user would write them, and a loss for real outputs. */
import { z } from "../../deps/zod.ts";
import type { Loss } from "../losses/loss.ts";
import { matrix, scalar, vector } from "../program/declaration.ts";
import { normal, uniform } from "../program/initializer.ts";
import {
  add,
  column,
  lerp,
  matvec,
  mul,
  outer,
  row,
  square,
  sub,
  sum,
  tanh,
} from "../program/language.ts";
import { defineModel } from "../program/model.ts";

const config = z.strictObject({ neurons: z.int().min(1) });

/** The plastic RNN of Miconi (2016): hebb is a decaying average of y ⊗ previous. */
export const plasticRnn = defineModel({
  name: "plastic-rnn",
  config,
  parameters: ({ neurons: n }) => ({
    w: matrix(n, n, normal(1.1 / Math.sqrt(n))),
    alpha: matrix(n, n, uniform(0, 0.5), { diagonal: 0 }),
    eta: scalar(0.6, { trained: false }),
  }),
  state: ({ neurons: n }) => ({ y: vector(n), previous: vector(n), hebb: matrix(n, n) }),
  inputs: ({ neurons: n }) => ({ x: [n] as const }),
  step({ w, alpha, eta }, { y, previous, hebb }, { x }) {
    const trace = lerp(outer(y, previous), hebb, eta);
    const next = tanh(add(matvec(add(w, mul(alpha, trace)), y), x));
    return { state: { y: next, previous: y, hebb: trace }, output: next };
  },
});

/** A layer whose trace grows by Oja's rule, from a drawn first value, with a trained rate. */
export const ojaLayer = defineModel({
  name: "oja-layer",
  config,
  parameters: ({ neurons: n }) => ({
    w: matrix(n, n, normal(1 / Math.sqrt(n))),
    alpha: matrix(n, n, uniform(-0.5, 0.5)),
    eta: scalar(0.1),
  }),
  state: ({ neurons: n }) => ({ trace: matrix(n, n, normal(0.3)) }),
  inputs: ({ neurons: n }) => ({ x: [n] as const }),
  step({ w, alpha, eta }, { trace }, { x }) {
    const y = tanh(matvec(add(w, mul(alpha, trace)), x));
    const change = mul(column(y), sub(row(x), mul(column(y), trace)));
    return { state: { trace: add(trace, mul(eta, change)) }, output: y };
  },
});

/** Half the squared error of every step against `wanted`. */
export const squaredError = (outputs: number): Loss => ({
  name: "squared-error",
  inputs: { wanted: [outputs], mask: [] },
  step({ output, targets: { wanted, mask } }) {
    const loss = mul(mask!, sum(square(sub(output, wanted!))), 0.5);
    return { loss, weight: mask!, sums: { loss, predictions: mask! } };
  },
  metrics: { loss: ["loss", "predictions"] },
});
