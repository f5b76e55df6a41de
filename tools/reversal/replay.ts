/**
 * The step of the Ethereal RNN (`last_two`, no recurrence, no residual) and the write of dfa in plain float64.
 *
 * A run over a sequence keeps the factors of every write: the output error e and the layers' inputs. From
 * these the weights of any step are made again, with some of the writes left out or changed. The factors of
 * all other writes stay those of the run, so that what differs is the direct effect of a write.
 */
import { gelu } from "../../core/numerics/float64_functions.ts";
import type { FastLayer, FastNetwork } from "./fast_network.ts";

/** The symbols that a step shows and asks for. */
export interface Shown {
  readonly symbol: number;
  /** -1: there is none. */
  readonly previous: number;
  readonly target: number;
  /** What an ideal memory recalls, [C] (`variant.ts`). */
  readonly recalled: Float64Array;
}

/** What happened in a step. */
export interface Step extends Shown {
  /** What each layer read: the keys of its write. */
  readonly inputs: readonly Float64Array[];
  readonly logits: Float64Array;
  readonly probabilities: Float64Array;
  /** softmax(logits) - one-hot(target). */
  readonly error: Float64Array;
}

/** A write into a layer: its error [C] and its key [pre]; undefined: there is none. */
export type Write = { readonly error: Float64Array; readonly key: Float64Array } | undefined;

/** The write of a step into a layer, in place of the one that was made. */
export type Edit = (write: NonNullable<Write>, step: number, layer: number) => Write;

/** Weights and biases by layer. */
export interface Weights {
  readonly weights: readonly Float64Array[];
  readonly biases: readonly Float64Array[];
}

/** What a sequence starts with. */
export const firstWeights = ({ layers }: FastNetwork): Weights => ({
  weights: layers.map(({ weight }) => weight.slice()),
  biases: layers.map(({ bias }) => bias.slice()),
});

/** What each step of a text shows. */
function shownIn(text: readonly number[], symbols: number): Shown[] {
  // r = M x; M <- M + (previous - r) ⊗ x replaces the column of the current symbol.
  const columns = new Map<number, Float64Array>();
  return text.slice(0, -1).map((symbol, t) => {
    const recalled = columns.get(symbol) ?? new Float64Array(symbols);
    const previous = text[t - 1] ?? -1;
    columns.set(symbol, Float64Array.from({ length: symbols }, (_, i) => Number(i === previous)));
    return { symbol, previous, target: text[t + 1]!, recalled };
  });
}

/** One step forward. */
export function forward(network: FastNetwork, { weights, biases }: Weights, shown: Shown): Step {
  const { layers, symbols } = network;
  let input: Float64Array = new Float64Array(layers[0]!.pre);
  input[shown.symbol] = 1;
  if (shown.previous >= 0) input[symbols + shown.previous] = 1;
  if (network.memory) input.set(shown.recalled, 2 * symbols);
  const inputs: Float64Array[] = [];
  layers.forEach((layer, index) => {
    inputs.push(input);
    const sums = affine(layer, { weight: weights[index]!, bias: biases[index]!, input });
    input = index === layers.length - 1 ? sums : sums.map(gelu);
  });
  const probabilities = softmax(input);
  const error = probabilities.slice();
  error[shown.target]! -= 1;
  return { ...shown, inputs, logits: input, probabilities, error };
}

function affine(
  { post, pre }: FastLayer,
  { weight, bias, input }: { weight: Float64Array; bias: Float64Array; input: Float64Array },
): Float64Array {
  const sums = bias.slice();
  for (let j = 0; j < pre; j++) {
    const x = input[j]!;
    if (x === 0) continue;
    for (let i = 0; i < post; i++) sums[i]! += weight[i * pre + j]! * x;
  }
  return sums;
}

export function softmax(logits: Float64Array): Float64Array {
  const largest = Math.max(...logits);
  const powers = logits.map((logit) => Math.exp(logit - largest));
  const sum = powers.reduce((total, power) => total + power);
  return powers.map((power) => power / sum);
}

/** The error at the outputs of a layer, [post]. */
export function layerError({ post, feedback }: FastLayer, error: Float64Array): Float64Array {
  if (!feedback) return error;
  const sums = new Float64Array(post);
  error.forEach((e, c) => {
    for (let i = 0; i < post; i++) sums[i]! += e * feedback[c * post + i]!;
  });
  return sums;
}

/** Forgets, then writes: W <- clamp(keep ∘ W - rate ∘ (p ⊗ key)), b <- b - learning rate · p. In place. */
export function write(network: FastNetwork, at: number, into: Weights, what: Write): void {
  const layer = network.layers[at]!, { post, pre, keep, rate } = layer, { bound } = network;
  const weight = into.weights[at]!, bias = into.biases[at]!;
  const p = what ? layerError(layer, what.error) : new Float64Array(post);
  for (let i = 0; i < post; i++) {
    bias[i]! -= network.learningRate * p[i]!;
    for (let j = 0, k = i * pre; j < pre; j++, k++) {
      const next = keep[k]! * weight[k]! - (what ? rate[k]! * p[i]! * what.key[j]! : 0);
      weight[k] = Math.min(bound, Math.max(-bound, next));
    }
  }
}

/** Runs over a text as the engine does: learns after every step. */
export function run(
  network: FastNetwork,
  text: readonly number[],
  { plastic = true } = {},
): Step[] {
  const weights = firstWeights(network);
  return shownIn(text, network.symbols).map((shown) => {
    const step = forward(network, weights, shown);
    if (plastic) writeStep(network, weights, step);
    return step;
  });
}

function writeStep(network: FastNetwork, weights: Weights, step: Step, edit?: Edit, at = 0): void {
  step.inputs.forEach((key, layer) => {
    const made = { error: step.error, key };
    write(network, layer, weights, edit ? edit(made, at, layer) : made);
  });
}

/** The weights after the first `count` steps of a run, with its writes as they were, or edited. */
export function weightsAfter(
  network: FastNetwork,
  steps: readonly Step[],
  count: number,
  edit?: Edit,
): Weights {
  const weights = firstWeights(network);
  steps.slice(0, count).forEach((step, at) => writeStep(network, weights, step, edit, at));
  return weights;
}

/** Step `at` of a run again, with the writes before it edited. */
export function replayed(
  network: FastNetwork,
  steps: readonly Step[],
  at: number,
  edit?: Edit,
): Step {
  return forward(network, weightsAfter(network, steps, at, edit), steps[at]!);
}
