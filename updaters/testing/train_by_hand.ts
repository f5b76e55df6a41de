/** Training of the networks of `network_by_hand.ts`, with every variant of the update. */
import {
  differenceGradients,
  feedbackGradients,
  type HandGradient,
  type HandLayer,
  type HandSettings,
  lossOf,
  type Matrix,
  type Row,
  stepByHand,
} from "./network_by_hand.ts";

/** Settings of the update, complete but for those that an updater lacks. */
export interface UpdateSettings {
  readonly learning_rate: number;
  readonly grad_clip: number;
  readonly clip_weights: number;
  readonly fast_weight_clamp?: number;
  readonly normalize: boolean;
  readonly normalize_over?: "batch" | "sequence";
  readonly forgetting: "before" | "after";
  readonly slow_weight_decay: number;
  readonly wipe_every: number;
  readonly grad_norm_clip?: number;
  readonly divide_by_batch: boolean;
  readonly plasticity_twice?: boolean;
  readonly plast_clip?: number;
}

type Settings = HandSettings & UpdateSettings;

/** What each layer holds: W of every sequence, b, and constants. */
interface Plastic extends HandLayer {
  readonly mask: Matrix;
  readonly forgetting: Matrix;
}

/** Symbols and targets of a batch, [T][B]. */
export interface HandBatch {
  readonly symbol: readonly (readonly number[])[];
  readonly target: readonly (readonly number[])[];
}

/** Trains on batches. @returns every weight and bias by slot, [B, post, pre] and [post], flat. */
export function trainByHand(
  settings: Settings,
  start: ReadonlyMap<string, ArrayLike<number>>,
  batches: readonly HandBatch[],
): Map<string, number[]> {
  const layers = layersFrom(settings, start, batches[0]!.symbol[0]!.length);
  batches.forEach((batch, index) => {
    if (settings.model === "ethereal") wipe(layers, settings, index);
    if (settings.updater === "bptt") trainThroughTime(layers, settings, batch);
    else trainSteps(layers, settings, batch);
  });
  return new Map(layers.flatMap(({ name, weights, bias }) => [
    [`${name}/weight`, (settings.model === "rnn" ? weights[0]! : weights.flat()).flat()],
    [`${name}/bias`, [...bias]],
  ]));
}

function layersFrom(
  { model, num_layers }: Settings,
  start: ReadonlyMap<string, ArrayLike<number>>,
  sequences: number,
): Plastic[] {
  const stem = model === "rnn" ? "linear_layers/" : "linear";
  const names = [
    ...Array.from({ length: num_layers }, (_, index) => [`${stem}${index}`, "hidden"] as const),
    ["i2h", "recurrent"] as const,
    ["i2o", "output"] as const,
    ...model === "ethereal" ? [["self_grad", "selfGradient"] as const] : [],
  ];
  return names.map(([name, role]) => {
    const bias = Array.from(start.get(`${name}/bias`)!);
    const rows = (slot: string, first = 0): Matrix => {
      const values = start.get(`${name}/${slot}`)!;
      const copies = slot === "weight" && model === "ethereal" ? sequences : 1;
      const pre = values.length / bias.length / copies;
      return bias.map((_, i) =>
        Array.from({ length: pre }, (_, j) => values[(first * bias.length + i) * pre + j]!)
      );
    };
    const copy = (b: number) => rows("weight", model === "ethereal" ? b : 0);
    const weights = Array.from({ length: sequences }, (_, b) => copy(b));
    const none = weights[0]!.map((row) => row.map(() => 0));
    const feedback = start.get(`${name}/feedback`);
    return {
      ...{ name, role, bias, weights },
      mask: model === "ethereal" ? rows("mask") : none,
      forgetting: model === "ethereal" ? rows("forgetting") : none,
      feedback: feedback && Array.from(
        { length: feedback.length / bias.length },
        (_, c) => Array.from(bias, (_, j) => feedback[c * bias.length + j]!),
      ),
    };
  });
}

/** W becomes its mean over the sequences; on the mask 0, before every so many batches, else it stays. */
function wipe(layers: readonly Plastic[], { wipe_every }: Settings, batch: number): void {
  const isWiped = wipe_every === 0 ? batch === 0 : batch % wipe_every === 0;
  for (const { weights, mask } of layers) {
    const mean = meanOf(weights.map((w) => w.flat()));
    for (const w of weights) {
      w.forEach((row, i) =>
        row.forEach((value, j) => {
          row[j] = mask[i]![j] ? isWiped ? 0 : value : mean[i * row.length + j]!;
        })
      );
    }
  }
}

const meanOf = (rows: readonly Row[]): Row =>
  rows[0]!.map((_, i) => rows.reduce((sum, row) => sum + row[i]!, 0) / rows.length);

function trainSteps(layers: readonly Plastic[], settings: Settings, batch: HandBatch): void {
  let states = batch.symbol[0]!.map(() => Array.from({ length: settings.hidden_size }, () => 0));
  batch.symbol.forEach((symbols, t) => {
    const steps = symbols.map((symbol, b) =>
      stepByHand(layers, settings, { b, symbol, h: states[b]! })
    );
    const gradients = steps.map((step, b) => {
      const target = batch.target[t]![b]!;
      if (settings.updater === "dfa") {
        return feedbackGradients(layers, settings, { step, target });
      }
      const at = { b, symbol: symbols[b]!, h: states[b]! };
      return differenceGradients(layers, b, () => lossOf(stepByHand(layers, settings, at), target));
    });
    update(layers, settings, gradients);
    states = steps.map(({ next }) => next);
  });
}

function trainThroughTime(layers: readonly Plastic[], settings: Settings, batch: HandBatch): void {
  const gradients = batch.symbol[0]!.map((_, b) =>
    differenceGradients(layers, b, () => {
      let h = Array.from({ length: settings.hidden_size }, () => 0);
      return batch.symbol.reduce((sum, symbols, t) => {
        const step = stepByHand(layers, settings, { b, symbol: symbols[b]!, h });
        h = step.next;
        return sum + lossOf(step, batch.target[t]![b]!);
      }, 0);
    })
  );
  update(layers, settings, gradients);
}

type Gradients = readonly (readonly (HandGradient | undefined)[])[];

/** Updates every layer from the gradients of each sequence's own loss, [B][layers]. */
function update(layers: readonly Plastic[], settings: Settings, gradients: Gradients): void {
  const isFast = settings.model === "ethereal";
  const share = isFast && settings.divide_by_batch ? 1 / gradients.length : 1;
  const factors = gradients.map((own) => sequenceFactor(layers, own, { settings, share }));
  layers.forEach((layer, index) => {
    const own = gradients.map((sequence) => sequence[index]);
    const isTrained = own.every((gradient) => gradient !== undefined);
    if (isFast && (settings.forgetting === "before" || !isTrained)) forget(layer, settings);
    if (!isTrained) return;
    own.forEach((gradient, b) => {
      addChange(layer, settings, { b, gradient: gradient!.weight, factor: share * factors[b]! });
    });
    const biases = own.map((gradient, b) => gradient!.bias.map((slope) => slope * factors[b]!));
    meanOf(biases).forEach((slope, i) => layer.bias[i]! -= settings.learning_rate * slope);
    if (isFast && settings.updater !== "bptt") normalizeAndBound(layer, settings);
    if (!isFast) shareMean(layer.weights);
    if (!isFast || settings.forgetting === "after") forget(layer, settings);
  });
}

/** min(1, c / (norm + 1e-6)) of a sequence. */
function sequenceFactor(
  layers: readonly Plastic[],
  own: readonly (HandGradient | undefined)[],
  { settings: { grad_norm_clip: bound = 0 }, share }: { settings: Settings; share: number },
): number {
  if (bound === 0) return 1;
  const squares = own.flatMap((gradient, index) =>
    !gradient || layers[index]!.role === "selfGradient"
      ? []
      : [...gradient.weight.flat(), ...gradient.bias].map((slope) => (share * slope) ** 2)
  );
  return Math.min(1, bound / (Math.sqrt(squares.reduce((a, b) => a + b, 0)) + 1e-6));
}

/** Every weight keeps its share; slow networks have no mask, and forget nothing but by decay. */
function forget({ weights, mask, forgetting }: Plastic, { slow_weight_decay }: Settings): void {
  for (const w of weights) {
    w.forEach((row, i) =>
      row.forEach((_, j) => {
        row[j]! *= (1 - forgetting[i]![j]!) * (mask[i]![j] ? 1 : 1 - slow_weight_decay);
      })
    );
  }
}

/** Adds the change of one sequence. */
function addChange(
  { weights, mask, role }: Plastic,
  settings: Settings,
  { b, gradient, factor }: { b: number; gradient: Matrix; factor: number },
): void {
  const { learning_rate, grad_clip, plast_clip: alpha = 1, updater } = settings;
  const rate = settings.plasticity_twice ? alpha ** 2 : alpha;
  const isInner = role === "hidden" || role === "recurrent";
  weights[b]!.forEach((row, i) =>
    row.forEach((_, j) => {
      let change = -factor * gradient[i]![j]!;
      if (isInner && mask[i]![j]) {
        change *= rate;
        if (grad_clip > 0 && updater !== "bptt") change = clamp(change, grad_clip);
      }
      row[j]! += learning_rate * change;
    })
  );
}

const clamp = (x: number, bound: number) => Math.max(-bound, Math.min(bound, x));

/** What follows the change of a fast layer, under rules of each step. */
function normalizeAndBound({ weights, bias, mask }: Plastic, settings: Settings): void {
  const { normalize, normalize_over, clip_weights, fast_weight_clamp = 0 } = settings;
  const norm = (values: Row) => Math.sqrt(values.reduce((sum, x) => sum + x * x, 0)) + 1e-6;
  const [ofBatch, ofBias] = [norm(weights.flat(2)), norm(bias)];
  if (normalize) bias.forEach((value, i) => bias[i] = value / ofBias);
  for (const w of weights) {
    const size = normalize_over === "sequence" ? norm(w.flat()) : ofBatch;
    w.forEach((row, i) =>
      row.forEach((_, j) => {
        if (normalize) row[j]! /= size;
        if (clip_weights > 0) row[j] = clamp(row[j]!, clip_weights);
        if (fast_weight_clamp > 0 && mask[i]![j]) row[j] = clamp(row[j]!, fast_weight_clamp);
      })
    );
  }
}

/** Slow weights are one for all sequences: their gradient is the mean. */
function shareMean(weights: readonly Matrix[]): void {
  const mean = meanOf(weights.map((w) => w.flat()));
  for (const w of weights) {
    w.forEach((row, i) => row.forEach((_, j) => row[j] = mean[i * row.length + j]!));
  }
}
