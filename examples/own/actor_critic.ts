/**
 * A recurrent network that acts: its output is a logit of each action, and after them the value of the state. Its
 * recurrent weights have a plastic part, a Hebbian trace that fades.
 */
import {
  add,
  concat,
  defineModel,
  matrix,
  matvec,
  mul,
  normal,
  outer,
  scalar,
  tanh,
  vector,
  z,
} from "hebb";

export default defineModel({
  name: "actor_critic",
  summary: "Plastic recurrent network with a policy and a value",
  config: z.strictObject({
    inputs: z.int().min(1).describe("Inputs; the task gives them"),
    actions: z.int().min(2).describe("Actions; the task gives them"),
    hidden: z.int().min(1).default(16).describe("Hidden units"),
  }),
  fromTask: ["inputs", "actions"],
  parameters: ({ inputs, actions, hidden }) => ({
    w: matrix(hidden, inputs + hidden, normal(1 / Math.sqrt(inputs + hidden))),
    b: vector(hidden),
    alpha: matrix(hidden, hidden, normal(0.01)),
    readout: matrix(actions + 1, hidden, normal(0.1)),
    decay: scalar(0.9),
  }),
  state: ({ hidden }) => ({ h: vector(hidden), trace: matrix(hidden, hidden) }),
  inputs: ({ inputs }) => ({ x: [inputs] }),
  step({ w, b, alpha, readout, decay }, { h, trace }, { x }) {
    const drive = add(matvec(w, concat(x, h)), matvec(mul(alpha, trace), h), b);
    const next = tanh(drive);
    return {
      state: { h: next, trace: add(mul(decay, trace), mul(0.1, outer(next, h))) },
      output: matvec(readout, next),
    };
  },
});
