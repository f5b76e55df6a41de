/**
 * Recurrent networks in which every connection has a fixed weight and a plastic part, its trace:
 *
 *   y_t = tanh((w + α ∘ hebb_t) y_{t-1} + x_t)
 *
 * w and α, [post, pre], are trained; y [N] and hebb [post, pre] are 0 at the start of a sequence.
 * Such networks differ in the rule that changes the trace. Without autapses α_ii is 0: the connection of a
 * neuron to itself is not plastic, but its weight w_ii is trained.
 *
 * Source: T. Miconi, J. Clune and K. O. Stanley, "Differentiable plasticity: training plastic neural
 * networks with backpropagation" (ICML 2018).
 */
import { z } from "../deps/zod.ts";
import { type Declaration, matrix, scalar, vector } from "../core/program/declaration.ts";
import { constantValue, normal, uniform } from "../core/program/initializer.ts";
import type { Value } from "../core/program/elementwise.ts";
import { add, matvec, mul, tanh } from "../core/program/language.ts";
import { type Declarations, defineModel, type Model } from "../core/program/model.ts";
import type { SettingsSchema } from "../core/program/settings_schema.ts";

/** Settings of w and α, common to all rules of the trace. */
const weightSettings = {
  inputs: z.int().min(1).max(8192).default(29).describe("N, neurons, each with an input"),
  plasticity: z.boolean().default(true).describe("Train α; without, it stays 0"),
  autapse: z.boolean().default(false).describe(
    "Let connections of neurons to themselves be plastic",
  ),
  w_deviation: z.number().min(0).optional().describe(
    "Standard deviation of w at first (default: 1.1 / sqrt(N))",
  ),
  alpha_scale: z.number().min(0).default(0.01).describe("Size of α at first"),
  alpha_initial: z.enum(["uniform", "normal"]).default("uniform").describe(
    "α at first: uniform from 0 to its size, or normal around 0",
  ),
};
type WeightSettings = z.output<z.ZodObject<typeof weightSettings>>;
type Config<S extends z.ZodRawShape> = WeightSettings & z.output<z.ZodObject<S>>;
type Values<P> = { readonly [K in keyof P]: Value };

/** What the next trace depends on: activity at t-1 [N] and t-2 [N], and the trace of t-1 [post, pre]. */
export interface TraceStep {
  readonly post: Value;
  readonly pre: Value;
  readonly hebb: Value;
}

interface PlasticNetwork<S extends z.ZodRawShape, P extends Declarations> {
  readonly name: string;
  readonly summary: string;
  /** Settings of the trace, beside those of w and α. */
  readonly settings: S;
  /** Settings of the trace in tests and benches. */
  readonly small?: Partial<Config<S>>;
  /** Parameters of the trace, beside w and α. */
  readonly parameters: (config: Config<S>) => P;
  /** The rule. `hebb` is the next trace; other values that it returns can be observed. */
  readonly trace: (
    step: TraceStep,
    parameters: Values<P>,
    config: Config<S>,
  ) => { readonly hebb: Value } & Readonly<Record<string, Value>>;
}

/**
 * Makes a plastic network from the rule of its trace. Its input is `x` [N], its output the activity y [N].
 *
 * @example
 * plasticNetwork({ name: "fading", summary: "The trace fades", settings: {}, parameters: () => ({}),
 *   trace: ({ post, pre, hebb }) => ({ hebb: lerp(outer(post, pre), hebb, 0.9) }) });
 */
export function plasticNetwork<S extends z.ZodRawShape, P extends Declarations>(
  { name, summary, settings, small, parameters, trace }: PlasticNetwork<S, P>,
): Model {
  const config = z.strictObject({ ...weightSettings, ...settings });
  return defineModel({
    name,
    summary,
    // TypeScript does not see that the output of both groups is both outputs.
    config: config as unknown as SettingsSchema<Config<S>>,
    fromTask: ["inputs"],
    small: { alpha_scale: 0.4, ...small } as Partial<Config<S>>,
    parameters: (config) => ({ ...weights(config), ...parameters(config) }),
    state: ({ inputs: n }) => ({ y: vector(n), previous: vector(n), hebb: matrix(n, n) }),
    inputs: ({ inputs: n }) => ({ x: [n] as const }),
    step({ w, alpha, ...others }, { y, previous, hebb: before }, { x }, config) {
      const step = { post: y, pre: previous, hebb: before };
      const { hebb, ...observed } = trace(step, others as unknown as Values<P>, config);
      const effective = add(w, mul(alpha, hebb));
      const next = tanh(add(matvec(effective, y), x));
      return {
        state: { y: next, previous: y, hebb },
        output: next,
        observed: { y: next, ...observed, hebb, effective },
      };
    },
  });
}

/** w and α, [N, N]. */
function weights(
  { inputs: n, plasticity, autapse, w_deviation, alpha_scale, alpha_initial }: WeightSettings,
): { w: Declaration; alpha: Declaration } {
  const drawn = alpha_initial === "normal" ? normal(alpha_scale) : uniform(0, alpha_scale);
  return {
    w: matrix(n, n, normal(w_deviation ?? 1.1 / Math.sqrt(n)), {
      summary: "fixed part of the weights between neurons",
    }),
    alpha: matrix(n, n, plasticity ? drawn : constantValue(0), {
      trained: plasticity,
      summary: "plasticity α: how much of its trace a weight takes on",
      ...autapse ? {} : { diagonal: 0 },
    }),
  };
}

/** The settings of a trace with one rate η. */
export const rateSettings = (eta: number, what: string) => ({
  eta: z.number().min(0).max(1).default(eta).describe(`η, ${what}`),
  train_eta: z.boolean().default(false).describe("Train η as well"),
});

/** The parameter η, if it is trained. Otherwise η is a constant of the program: 1 - η then keeps all digits. */
export const trainedRate = (
  { eta, train_eta }: { eta: number; train_eta: boolean },
): Readonly<Record<string, Declaration>> => train_eta ? { eta: scalar(eta) } : {};
