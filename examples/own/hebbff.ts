/**
 * HebbFF: a feedforward network that recognises what it has seen, with fast weights that every sight
 * changes. Source: Tyulmankov, Yang and Abbott (2022), "Meta-learning synaptic plasticity and memory
 * addressing for continual familiarity detection".
 */
import {
  add,
  defineModel,
  dot,
  matrix,
  matvec,
  mul,
  normal,
  outer,
  scalar,
  sigmoid,
  vector,
  z,
} from "hebb";

export default defineModel({
  name: "hebbff",
  summary: "Feedforward network with Hebbian fast weights, for familiarity",
  config: z.strictObject({
    inputs: z.int().min(1).describe("Inputs; the task gives them"),
    hidden: z.int().min(1).default(16).describe("Hidden units"),
  }),
  fromTask: ["inputs"],
  parameters: ({ inputs, hidden }) => ({
    w: matrix(hidden, inputs, normal(1 / Math.sqrt(inputs))),
    b: vector(hidden),
    readout: vector(hidden, normal(0.3)),
    threshold: scalar(0),
    decay: scalar(0.9),
    // Negative: what was seen excites less.
    rate: scalar(-0.1),
  }),
  state: ({ inputs, hidden }) => ({ fast: matrix(hidden, inputs) }),
  inputs: ({ inputs }) => ({ x: [inputs] }),
  step({ w, b, readout, threshold, decay, rate }, { fast }, { x }) {
    const h = sigmoid(add(matvec(add(w, fast), x), b));
    return {
      state: { fast: add(mul(decay, fast), mul(rate, outer(h, x))) },
      output: add(dot(readout, h), threshold),
    };
  },
});
