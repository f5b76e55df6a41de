/** A trained Ethereal RNN without recurrence as plain float64 arrays: what a sequence starts from. */

/** Tensors of a checkpoint or an engine, by slot: [P, B?, ...shape]. */
export type Tensors = ReadonlyMap<
  string,
  { readonly shape: readonly number[]; readonly data: ArrayLike<number> }
>;

/** A layer; matrices are [post, pre], row by row. */
export interface FastLayer {
  readonly name: string;
  readonly post: number;
  readonly pre: number;
  /** Weights when a sequence begins: 0 on the mask. */
  readonly weight: Float64Array;
  readonly bias: Float64Array;
  /** 1: highly plastic. */
  readonly mask: Float64Array;
  /** What forgetting leaves of a weight. */
  readonly keep: Float64Array;
  /** Learning rate of a weight, plasticity included. */
  readonly rate: Float64Array;
  /** Carries the output error to the layer, [C, post]; the readout gets the error itself. */
  readonly feedback: Float64Array | undefined;
}

export interface FastNetwork {
  /** C. */
  readonly symbols: number;
  readonly learningRate: number;
  /** Bound on each weight after an update. */
  readonly bound: number;
  /** Whether z_0 also holds what a memory of neighbouring symbols recalls (`variant.ts`). */
  readonly memory: boolean;
  /** Inner layers, then the readout. */
  readonly layers: readonly FastLayer[];
}

/** `clip_weights` of all trainings that are looked into. */
export const BOUND = 1;

/** Network `replica` of a checkpoint of one sequence a batch: of `ethereal`, or of the variant. */
export function readFastNetwork(
  tensors: Tensors,
  { replica, memory = false }: { replica: number; memory?: boolean },
): FastNetwork {
  const valuesOf = (name: string): { values: Float64Array; shape: readonly number[] } => {
    const tensor = tensors.get(name);
    if (!tensor) throw new RangeError(`the checkpoint has no tensor "${name}"`);
    const { data, shape: [replicas, ...shape] } = tensor;
    const size = data.length / replicas!;
    const values = Float64Array.from({ length: size }, (_, i) => data[replica * size + i]!);
    return { values, shape };
  };
  const [learningRate, plasticity] = ["learning_rate", "plast_clip"].map((name) =>
    valuesOf(name).values[0]!
  ) as [number, number];
  const inner = [...tensors.keys()].filter((name) => /^linear\d+\/weight$/.test(name)).sort();
  const names = [...inner.map((name) => name.replace("/weight", "")), "i2o"];
  const layers = names.map((name): FastLayer => {
    const { values: weight, shape } = valuesOf(`${name}/weight`);
    const [post, pre] = shape.slice(-2) as [number, number];
    const mask = valuesOf(`${name}/mask`).values;
    const isReadout = name === "i2o";
    return {
      name,
      post,
      pre,
      weight: weight.map((w, i) => mask[i] ? 0 : w),
      bias: valuesOf(`${name}/bias`).values,
      mask,
      keep: tensors.has(`${name}/forgetting`)
        ? valuesOf(`${name}/forgetting`).values.map((rate) => 1 - rate)
        : mask.map((m) => 1 - m * valuesOf("forget_rate").values[0]!),
      rate: mask.map((m) => learningRate * (m && !isReadout ? plasticity : 1)),
      feedback: isReadout ? undefined : valuesOf(`${name}/feedback`).values,
    };
  });
  return { symbols: layers.at(-1)!.post, learningRate, bound: BOUND, memory, layers };
}
