/** A leaky recurrent network that answers with one number. */
import {
  add,
  concat,
  defineModel,
  dot,
  lerp,
  matrix,
  matvec,
  normal,
  scalar,
  sigmoid,
  tanh,
  vector,
  z,
} from "hebb";

export default defineModel({
  name: "leaky_rnn",
  summary: "Leaky recurrent network with one output",
  config: z.strictObject({
    inputs: z.int().min(1).describe("Inputs; the task gives them"),
    hidden: z.int().min(1).default(16).describe("Hidden units"),
  }),
  fromTask: ["inputs"],
  parameters: ({ inputs, hidden }) => ({
    w: matrix(hidden, inputs + hidden, normal(1 / Math.sqrt(inputs + hidden))),
    b: vector(hidden),
    leak: vector(hidden),
    readout: vector(hidden, normal(1 / Math.sqrt(hidden))),
    offset: scalar(0),
  }),
  state: ({ hidden }) => ({ h: vector(hidden) }),
  inputs: ({ inputs }) => ({ x: [inputs] }),
  step({ w, b, leak, readout, offset }, { h }, { x }) {
    const next = lerp(tanh(add(matvec(w, concat(x, h)), b)), h, sigmoid(leak));
    return { state: { h: next }, output: add(dot(readout, next), offset) };
  },
});
