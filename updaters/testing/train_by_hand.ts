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
    layer.weights.forEach((w, b) => {
      const gradient = own[b];
      const step = share * factors[b]!;
      changeWeight(w, gradient?.weight, { layer, settings, step });
    });
    if (!isFast) shareMean(layer.weights);
    const biases = own.map((gradient, b) => gradient?.bias.map((slope) => slope * factors[b]!));
    if (biases.some((bias) => bias === undefined)) return;
    meanOf(biases as Row[]).forEach((slope, i) => layer.bias[i]! -= settings.learning_rate * slope);
    if (isFast) normalizeAndBound(layer, settings);
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

/** Forgets, and adds the change. */
function changeWeight(
  w: Matrix,
  gradient: Matrix | undefined,
  { layer: { mask, forgetting, role }, settings, step }: {
    layer: Plastic;
    settings: Settings;
    step: number;
  },
): void {
  const { learning_rate, grad_clip, plast_clip: alpha = 1, updater } = settings;
  const isInner = role === "hidden" || role === "recurrent";
  const rate = settings.plasticity_twice ? alpha ** 2 : alpha;
  w.forEach((row, i) =>
    row.forEach((value, j) => {
      const isPlastic = mask[i]![j] === 1;
      let change = gradient ? -step * gradient[i]![j]! : 0;
      if (isInner && isPlastic) {
        change *= rate;
        if (grad_clip > 0 && updater !== "bptt") change = clamp(change, grad_clip);
      }
      const decay = isPlastic ? 0 : settings.slow_weight_decay;
      const keep = (1 - forgetting[i]![j]!) * (1 - decay);
      const isFirst = settings.forgetting === "before" && settings.model === "ethereal";
      row[j] = isFirst ? keep * value + learning_rate * change : value + learning_rate * change;
      // With bounds between, the second part of `after` waits for `normalizeAndBound`.
      if (!isFirst && (settings.model === "rnn" || !gradient)) row[j]! *= keep;
    })
  );
}

const clamp = (x: number, bound: number) => Math.max(-bound, Math.min(bound, x));

/** What follows the change of a layer that is trained. */
function normalizeAndBound({ weights, bias, mask, forgetting }: Plastic, settings: Settings): void {
  const { clip_weights, fast_weight_clamp = 0, updater } = settings;
  const norm = (values: Row) => Math.sqrt(values.reduce((sum, x) => sum + x * x, 0)) + 1e-6;
  const isBounded = updater !== "bptt";
  const ofBatch = norm(weights.flat(2));
  const ofBias = norm(bias);
  if (settings.normalize && isBounded) bias.forEach((value, i) => bias[i] = value / ofBias);
  for (const w of weights) {
    const size = settings.normalize_over === "sequence" ? norm(w.flat()) : ofBatch;
    w.forEach((row, i) =>
      row.forEach((_, j) => {
        const isPlastic = mask[i]![j] === 1;
        if (settings.normalize && isBounded) row[j]! /= size;
        if (clip_weights > 0 && isBounded) row[j] = clamp(row[j]!, clip_weights);
        if (fast_weight_clamp > 0 && isPlastic) row[j] = clamp(row[j]!, fast_weight_clamp);
        if (settings.forgetting === "before") return;
        const decay = isPlastic ? 0 : settings.slow_weight_decay;
        row[j]! *= (1 - forgetting[i]![j]!) * (1 - decay);
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
