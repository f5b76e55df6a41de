/**
 * A leaky rate network whose layers are made with `linear`, so that local rules can train it:
 *
 *   h(t) = leak h(t-1) + (1 - leak) tanh(W [symbol, h(t-1)] + b)
 */
import {
  concat,
  defineModel,
  lecunNormal,
  lerp,
  linear,
  matrix,
  oneHot,
  tanh,
  vector,
  z,
} from "hebb";

export default defineModel({
  name: "rate_rnn",
  summary: "Leaky rate network",
  config: z.strictObject({
    symbols: z.int().min(1).describe("Symbols; the task gives them"),
    hidden: z.int().min(1).default(64).describe("Units"),
    leak: z.number().min(0).max(1).default(0.5).describe("What a unit keeps from step to step"),
  }),
  fromTask: ["symbols"],
  parameters: ({ symbols, hidden }) => ({
    w: matrix(hidden, symbols + hidden, lecunNormal),
    b: vector(hidden),
    readout: matrix(symbols, hidden, lecunNormal),
    offset: vector(symbols),
  }),
  state: ({ hidden }) => ({ h: vector(hidden) }),
  inputs: () => ({ symbol: [] }),
  step({ w, b, readout, offset }, { h }, { symbol }, { symbols, leak }) {
    const input = concat(oneHot(symbol, symbols), h);
    const drive = linear("recurrent", { role: "recurrent", weight: w, bias: b, input });
    const next = lerp(tanh(drive), h, leak);
    const output = linear("output", { role: "output", weight: readout, bias: offset, input: next });
    return { state: { h: next }, output };
  },
});
