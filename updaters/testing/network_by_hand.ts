/**
 * The Ethereal and the simple RNN in plain loops and float64, from the equations of `docs/ethereal.md`: what
 * a step computes, and the gradient of each sequence, by feedback or by central differences.
 */
import { gelu, geluDerivative } from "../../core/numerics/float64_functions.ts";

export type Row = number[];
export type Matrix = Row[];

/** Settings of model and updater, complete. */
export interface HandSettings {
  readonly model: "ethereal" | "rnn";
  readonly updater: "dfa" | "backprop" | "bptt";
  readonly symbols: number;
  readonly hidden_size: number;
  readonly num_layers: number;
  readonly residual_connection?: boolean;
  readonly enable_recurrence: boolean;
  readonly layout: "forked" | "tapped";
  readonly output_tanh: boolean;
  readonly recurrent_feedback?: boolean;
  readonly activation_derivative?: boolean;
}

/** A layer; every sequence has its own W, whether the model's weights are fast or not. */
export interface HandLayer {
  readonly name: string;
  readonly role: "hidden" | "recurrent" | "output" | "selfGradient";
  readonly weights: Matrix[];
  readonly bias: Row;
  /** [C, post], of dfa alone. */
  readonly feedback: Matrix | undefined;
}

/** What one sequence does in one step. */
export interface HandStep {
  /** What each layer reads, and W x + b. */
  readonly inputs: readonly Row[];
  readonly sums: readonly Row[];
  readonly logits: Row;
  readonly next: Row;
}

/** A gradient of one sequence's loss, by layer. */
export interface HandGradient {
  readonly weight: Matrix;
  readonly bias: Row;
}

const multiply = (w: Matrix, x: Row, b: Row): Row =>
  w.map((row, i) => row.reduce((sum, value, j) => sum + value * x[j]!, b[i]!));

const activations = {
  gelu: { f: gelu, slope: geluDerivative },
  relu: { f: (x: number) => Math.max(0, x), slope: (x: number) => x > 0 ? 1 : 0 },
  tanh: { f: Math.tanh, slope: (x: number) => 1 - Math.tanh(x) ** 2 },
};

/** The activation function of a layer that has one. */
const activationOf = ({ role }: HandLayer, { model }: HandSettings) =>
  role === "recurrent" ? activations.tanh : activations[model === "rnn" ? "relu" : "gelu"];

/** Runs sequence b for a step, from the state h. */
export function stepByHand(
  layers: readonly HandLayer[],
  settings: HandSettings,
  { b, symbol, h }: { b: number; symbol: number; h: Row },
): HandStep {
  const { symbols, layout, output_tanh } = settings;
  const inputs: Row[] = [], sums: Row[] = [];
  const run = (layer: HandLayer, input: Row): Row => {
    inputs.push(input);
    const sum = multiply(layer.weights[b]!, input, layer.bias);
    sums.push(sum);
    return sum;
  };
  const first = [...Array.from({ length: symbols }, (_, i) => i === symbol ? 1 : 0), ...h];
  let inner = first;
  let activity: Row = [];
  let logits: Row = [];
  for (const layer of layers) {
    const { role } = layer;
    if (role === "hidden") inner = run(layer, inner).map(activationOf(layer, settings).f);
    if (role === "recurrent") {
      if (settings.residual_connection) inner = inner.map((value, i) => value + first[i]!);
      activity = run(layer, inner).map(Math.tanh);
    }
    if (role === "output" || role === "selfGradient") {
      const read = layout === "tapped" ? activity : output_tanh ? inner.map(Math.tanh) : inner;
      const output = run(layer, read);
      if (role === "output") logits = output;
    }
  }
  const next = settings.enable_recurrence ? activity : h.map(() => 0);
  return { inputs, sums, logits, next };
}

const softmax = (logits: Row): Row => {
  const largest = Math.max(...logits);
  const powers = logits.map((value) => Math.exp(value - largest));
  const sum = powers.reduce((a, b) => a + b);
  return powers.map((value) => value / sum);
};

export const lossOf = ({ logits }: HandStep, target: number): number =>
  -Math.log(softmax(logits)[target]!);

/** Gradients of dfa: the error of each layer and what it reads. Layers that it does not train have none. */
export function feedbackGradients(
  layers: readonly HandLayer[],
  settings: HandSettings,
  { step, target }: { step: HandStep; target: number },
): (HandGradient | undefined)[] {
  const error = softmax(step.logits).map((share, i) => i === target ? share - 1 : share);
  return layers.map((layer, index) => {
    const { role, feedback } = layer;
    const isFast = settings.model === "ethereal";
    if (role === "recurrent" && isFast && !settings.recurrent_feedback) return undefined;
    const isHead = role === "output" || role === "selfGradient";
    const sent = isHead
      ? error
      : layer.bias.map((_, j) => error.reduce((sum, e, i) => sum + e * feedback![i]![j]!, 0));
    const bias = isHead || !settings.activation_derivative
      ? sent
      : sent.map((e, i) => e * activationOf(layer, settings).slope(step.sums[index]![i]!));
    return { weight: bias.map((e) => step.inputs[index]!.map((x) => e * x)), bias };
  });
}

/**
 * Gradients of a loss of sequence b by central differences. A layer without influence has none.
 *
 * @param loss computes the loss from the layers as they are.
 */
export function differenceGradients(
  layers: readonly HandLayer[],
  b: number,
  loss: () => number,
): (HandGradient | undefined)[] {
  const slopes = (values: Row): Row =>
    values.map((value, i) => {
      const width = 1e-5;
      const at = (x: number) => {
        values[i] = x;
        return loss();
      };
      const slope = (at(value + width) - at(value - width)) / (2 * width);
      values[i] = value;
      return slope;
    });
  return layers.map(({ weights, bias }) => {
    const gradient = { weight: weights[b]!.map(slopes), bias: slopes(bias) };
    return gradient.weight.flat().some((slope) => slope !== 0) ? gradient : undefined;
  });
}
