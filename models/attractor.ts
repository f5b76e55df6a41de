/**
 * A recurrent network whose weights are trained until a set of patterns are its attractors: a Hopfield
 * memory that is learned, not computed from the patterns.
 *
 *   h <- f(W h + V x)      W = (L + Lᵀ) / 2, or W = L
 *
 * L and V are trained. x is the drive while it is shown, then 0. The diagonal of W is 0 by default: with a
 * free one, W = c I with a large c would keep any pattern. In a sparse network only a share of the pairs of
 * neurons is connected, drawn once per seed; all other elements of W stay 0.
 *
 * The output is h. States and observed values compare the sequence so far with one pattern m of ±1:
 *
 * | name | of |
 * |---|---|
 * | overlap | m·h/N at this step |
 * | retention (state) | the mean overlap after the presentation, summed up to this step |
 * | reaction (state) | the largest overlap during it; its gradient goes to the first of the largest |
 * | fixed_point_error | mean((f(W m) - m)²) |
 * | margin_shortfall | mean(max(0, margin - m ∘ W m) + max(0, margin - m ∘ V x)) |
 * | wrong_bits | the number of bits of h with another sign than m |
 * | activity | mean(h²) at this step |
 * | energy | -h·W h / 2 |
 *
 * The margin has a gradient where f is saturated at the wrong value; the others do not. With it, a pattern
 * that was lost can be learned again.
 *
 * Source: J. J. Hopfield (1982), "Neural networks and physical systems with emergent collective
 * computational abilities"; trained by gradient descent as in the weight learning experiments.
 */
import { z } from "../deps/zod.ts";
import { matrix, scalar, vector } from "../core/program/declaration.ts";
import type { Value } from "../core/program/elementwise.ts";
import { bernoulli, normal } from "../core/program/initializer.ts";
import { fixed } from "../core/program/input.ts";
import {
  abs,
  add,
  column,
  dot,
  equal,
  filled,
  iota,
  lessEqual,
  matvec,
  maximum,
  mean,
  mul,
  relu,
  row,
  sigmoid,
  square,
  sub,
  sum,
  tanh,
  transpose,
  where,
} from "../core/program/language.ts";
import { defineModel, type Model } from "../core/program/model.ts";
import type { AttractorSettings } from "./settings.ts";

const config = z.strictObject({
  neurons: z.int().min(1).max(8192).default(64).describe(
    "N, values of a pattern; given by the task",
  ),
  activation: z.enum(["tanh", "sigmoid", "relu", "linear"]).default("tanh").describe(
    "f, the activation function; with relu and linear the activity may grow without bound",
  ),
  symmetric: z.boolean().default(true).describe(
    "W = (L + Lᵀ) / 2, which has an energy; off: W = L",
  ),
  zero_diagonal: z.boolean().default(true).describe(
    "No neuron excites itself; off: W = c I keeps any pattern, without learning it",
  ),
  signed_overlap: z.boolean().default(true).describe(
    "Overlap m·h/N; off: its absolute value, for which the inverse pattern is as good",
  ),
  margin: z.number().min(0).default(4).describe(
    "What a neuron's input from W, and from V, is to exceed in the direction of its bit (0: off, as published)",
  ),
  density: z.number().gt(0).max(1).default(1).describe(
    "Share of the pairs of neurons that are connected",
  ),
  initial_deviation: z.number().min(0).default(0.1).describe("Deviation of the first L and V"),
});

const activations: Readonly<Record<z.output<typeof config>["activation"], (x: Value) => Value>> = {
  tanh,
  sigmoid,
  relu,
  linear: (x) => x,
};

/** Less than every overlap. */
const NONE_YET = -1e30;

/**
 * The attractor network. Reads a pattern `memory` [N] of ±1, its `drive` [N] and first state `start`
 * [N], which are fixed for a sequence, and at each step the scalars `shown` and `share`.
 *
 * @example
 * const task = findTask("attractor").build({ neurons: 64 });
 * const model = attractor.instantiate(task.sizes);
 */
export const attractor: Model<AttractorSettings> = defineModel({
  name: "attractor",
  summary: "Recurrent network that learns to hold patterns: a trained Hopfield memory",
  config,
  fromTask: ["neurons"],
  small: { initial_deviation: 0.4 },
  parameters: ({ neurons, initial_deviation, density }) => ({
    w_self_free: matrix(neurons, neurons, normal(initial_deviation), {
      summary: "weights between neurons, before the diagonal and symmetry are set",
    }),
    w_input: matrix(neurons, neurons, normal(initial_deviation), {
      summary: "from the cue to the neurons",
    }),
    ...density < 1
      ? {
        // A pair is connected both ways.
        w_exists: matrix(neurons, neurons, bernoulli(density, { symmetric: true }), {
          trained: false,
        }),
      }
      : {},
  }),
  state: ({ neurons }) => ({
    h: vector(neurons, undefined, { from: "start" }),
    retention: scalar(),
    reaction: scalar(NONE_YET),
  }),
  inputs: ({ neurons }) => ({
    /** m, the pattern to hold. */
    memory: fixed([neurons]),
    /** x while it is shown. */
    drive: fixed([neurons]),
    /** h before the first step. */
    start: fixed([neurons]),
    /** 1 in the steps of the presentation, then 0. */
    shown: [] as const,
    /** 0 in the steps of the presentation, then the share of the step in the retention. */
    share: [] as const,
  }),
  step(parameters, state, { memory, drive, shown, share }, settings) {
    const { neurons, symmetric, zero_diagonal, signed_overlap, margin } = settings;
    const f = activations[settings.activation];
    const free = parameters.w_self_free;
    const full = symmetric ? mul(add(free, transpose(free)), 0.5) : free;
    const index = iota(free, neurons);
    const kept = zero_diagonal ? where(equal(column(index), row(index)), 0, full) : full;
    const weights = parameters.w_exists ? where(parameters.w_exists, kept, 0) : kept;
    const [field, driven] = [matvec(weights, memory), matvec(parameters.w_input, drive)];
    const h = f(add(matvec(weights, state.h), mul(shown, driven)));
    const agreement = mul(memory, h);
    const signed = mul(sum(agreement), 1 / neurons);
    const overlap = signed_overlap ? signed : abs(signed);
    const retention = add(state.retention, where(share, mul(share, overlap), 0));
    // Of two equal values, the second one gets the gradient of a maximum: here, the earlier step.
    const reaction = where(shown, maximum(overlap, state.reaction), state.reaction);
    const fixed_point_error = mean(square(sub(f(field), memory)));
    const margin_shortfall = margin > 0
      ? mean(add(...[field, driven].map((input) => relu(sub(margin, mul(memory, input))))))
      : filled(field, 0, []);
    return {
      state: { h, retention, reaction },
      output: h,
      observed: {
        overlap,
        fixed_point_error,
        margin_shortfall,
        wrong_bits: sum(lessEqual(agreement, 0)),
        activity: mean(square(h)),
        energy: mul(dot(h, matvec(weights, h)), -0.5),
      },
    };
  },
});
