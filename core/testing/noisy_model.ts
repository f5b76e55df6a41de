/** A network with every kind of noise, for the symbols of a task. */
import { z } from "../../deps/zod.ts";
import { matrix, scalar, vector } from "../program/declaration.ts";
import { normal } from "../program/initializer.ts";
import { add, concat, div, matvec, mul, oneHot, tanh } from "../program/language.ts";
import { linear } from "../program/linear.ts";
import { defineModel } from "../program/model.ts";

/**
 * A recurrent network with noise of a learned size on its units, dropout of units (one mask for a whole
 * batch) and of weights (one for each sequence and step).
 */
export const noisyRnn = defineModel({
  name: "noisy-rnn",
  config: z.strictObject({
    symbols: z.int(),
    units: z.int().default(6),
    /** Whether the network is judged without noise. */
    quiet: z.boolean().default(true),
  }),
  fromTask: ["symbols"],
  parameters: ({ symbols, units }) => ({
    w: matrix(units, symbols + units, normal(0.5)),
    u: matrix(units, units, normal(0.5)),
    sigma: scalar(0.3),
    out: matrix(symbols, units, normal(0.5)),
  }),
  state: ({ units }) => ({ h: vector(units) }),
  inputs: () => ({ symbol: [] as const }),
  step({ w, u, sigma, out }, { h }, { symbol }, { symbols, units, quiet }, random) {
    const judged = (evaluation: number) => quiet ? { evaluation } : {};
    const unitMask = random.bernoulli(0.8, units, { perSequence: false, ...judged(0.8) });
    const weightMask = random.bernoulli(0.9, [units, units], judged(0.9));
    const noise = random.normal(units, { name: "noise", ...judged(0) });
    const input = concat(oneHot(symbol, symbols), mul(h, div(unitMask, 0.8)));
    const inner = linear("inner", { weight: w, input });
    const recurrent = matvec(mul(u, div(weightMask, 0.9)), h);
    const next = tanh(add(inner, recurrent, mul(sigma, noise)));
    return {
      state: { h: next },
      output: linear("out", { weight: out, input: next, role: "output" }),
      observed: { noise },
    };
  },
});
