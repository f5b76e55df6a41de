/** The numbers to draw of a network: a probe becomes matrices, activity and output. */
import { type Shape, sizeOf } from "../../core/axes.ts";
import { weightsOf } from "../../core/losses/loss.ts";
import { colourLimit } from "../figures/weight_map.ts";
import type { Probe, Series, Weights } from "../../analysis/probe/probe_network.ts";
import { titleOf } from "./titles.ts";

/** [rows, columns] is [post, pre] for weights, [units, steps] for activity. Colours span ±limit. */
export interface Matrix {
  readonly name: string;
  readonly title: string;
  readonly rows: number;
  readonly columns: number;
  readonly values: Float32Array;
  readonly limit: number;
}

/** A matrix at each drawn frame: values are [frames, rows, columns]. */
export type MatrixSeries = Matrix;

/** A prediction that the task judges. */
export interface Judged {
  /** Counted from the first drawn step. */
  readonly step: number;
  readonly target: number;
  readonly isRight: boolean;
}

export interface NetworkView {
  readonly probe: Probe;
  readonly weights: readonly Matrix[];
  readonly rates: readonly Matrix[];
  readonly activities: readonly Matrix[];
  /** Probability of "yes" [1, steps] or of each symbol [symbols, steps]; otherwise the raw output. */
  readonly probabilities: Matrix;
  readonly judged: readonly Judged[];
  /** Steps at which matrices over time are drawn, counted from the first drawn step. */
  readonly frames: readonly number[];
  /** Steps between two frames. */
  readonly stride: number;
  readonly series: readonly MatrixSeries[];
  /** Names of matrices that are too large to draw. */
  readonly leftOut: readonly string[];
}

/** Values of the largest matrix that is drawn: a larger one would make the page heavy. */
const MOST_VALUES = 1 << 18;

/** Most values of matrices over time in one page; each takes a byte. */
const MOST_CODES = 6 << 20;

/** Steps between two frames, so that the frames of all networks fit into one page. */
export function frameStride(probes: readonly Probe[], most = MOST_CODES): number {
  const codes = probes.reduce((sum, probe) => {
    const sizes = matrixSeriesOf(probe).filter(isDrawn).map(({ shape }) => sizeOf(shape));
    return sum + probe.steps * sizes.reduce((a, b) => a + b, 0);
  }, 0);
  return Math.max(1, Math.ceil(codes / most));
}

/** The numbers to draw of a probed network, with a frame every `stride` steps. */
export function viewOf(probe: Probe, { stride }: { stride: number }): NetworkView {
  const { parameters, states, observed, steps } = probe;
  const matrices = parameters.filter(isMatrix);
  const [rates, weights] = [true, false].map((isRate) =>
    matrices.filter(({ name, shape }) => /^eta(_|$)/.test(name) === isRate && isDrawn({ shape }))
      .map(weightMatrix)
  );
  const vectors = [...states, ...observed].filter(({ shape }) => shape.length === 1);
  const inputVectors = isClassification(probe) ? [] : vectorInputs(probe);
  // The last drawn step is always there; the others lie `stride` apart.
  const frames = Array.from({ length: steps }, (_, step) => step)
    .filter((step) => (steps - 1 - step) % stride === 0);
  const series = matrixSeriesOf(probe);
  return {
    probe,
    weights: weights!,
    rates: rates!,
    activities: [...inputVectors, ...vectors].map((matrix) => transposed(matrix, steps)),
    ...outputOf(probe),
    frames,
    stride,
    series: series.filter(isDrawn).map((matrix) => seriesAt(matrix, frames)),
    leftOut: [...matrices, ...series].filter((matrix) => !isDrawn(matrix)).map(({ name }) => name),
  };
}

const matrixSeriesOf = ({ states, observed }: Probe): Series[] =>
  [...states, ...observed].filter(({ shape }) => shape.length === 2)
    // Layer by layer.
    .sort((a, b) => layerOf(a) - layerOf(b));

const layerOf = ({ name }: Series): number => Number(/_(\d+)$/.exec(name)?.[1] ?? Infinity);

const isDrawn = ({ shape }: { shape: Shape }): boolean => sizeOf(shape) <= MOST_VALUES;

/** A bias has one column, too. A column of rates is a matrix with the same rate for every pre. */
const isMatrix = ({ name, shape }: Weights): boolean =>
  shape.length === 2 && sizeOf(shape) > 1 && (shape[1]! > 1 || /^eta_/.test(name));

function weightMatrix({ name, shape, values }: Weights): Matrix {
  const [rows, columns] = shape as [number, number];
  return named(name, { rows, columns, values: Float32Array.from(values) });
}

function seriesAt({ name, shape, values }: Series, frames: readonly number[]): MatrixSeries {
  const [rows, columns] = shape as [number, number];
  const size = rows * columns;
  const chosen = new Float32Array(frames.length * size);
  frames.forEach((step, frame) =>
    chosen.set(values.subarray(step * size, (step + 1) * size), frame * size)
  );
  return named(name, { rows, columns, values: chosen });
}

/** Activity [steps, units] as a matrix [units, steps]. */
function transposed({ name, shape, values }: Series, steps: number): Matrix {
  const units = shape[0]!;
  const overTime = new Float32Array(units * steps);
  for (let step = 0; step < steps; step++) {
    for (let unit = 0; unit < units; unit++) {
      overTime[unit * steps + step] = values[step * units + unit]!;
    }
  }
  const matrix = named(name, { rows: units, columns: steps, values: overTime });
  // Two standard deviations may lie beyond the values of saturated units.
  const largest = overTime.reduce(
    (most, value) => Math.abs(value) > most ? Math.abs(value) : most,
    0,
  );
  return { ...matrix, limit: Math.min(matrix.limit, largest || matrix.limit) };
}

const named = (
  name: string,
  { rows, columns, values }: { rows: number; columns: number; values: Float32Array },
): Matrix => ({ name, title: titleOf(name), rows, columns, values, limit: colourLimit(values) });

/** Whether the output is logits of symbols or of "yes", and not activity. */
/** Whether a step counts: none of the weights that the task gives is 0. */
export const isJudged = ({ inputs, task }: Probe, step: number): boolean =>
  weightsOf(task.loss).every((name) => (inputs[name]?.[step] ?? 1) > 0);

export const isClassification = ({ task }: Probe): boolean => task.loss.isClassification ?? false;

/** Inputs and targets of the task that are vectors of activity. */
const vectorInputs = ({ inputs, task, steps }: Probe): Series[] =>
  Object.entries(inputs).flatMap(([name, values]) =>
    values.length > steps && values.length % steps === 0 && name in task.inputs
      ? [{ name, shape: [values.length / steps] as const, values }]
      : []
  );

/** The output without a transformation; nothing is judged right or wrong. */
function rawOutput({ output, steps }: Probe): Pick<NetworkView, "probabilities" | "judged"> {
  const shape = [Math.max(1, output.shape[0] ?? 1)] as const;
  const matrix = transposed({ ...output, shape }, steps);
  return { probabilities: { ...matrix, title: "Output" }, judged: [] };
}

/** The probabilities of the logits, and whether each judged prediction is right. */
export function outputOf(
  probe: Probe,
): Pick<NetworkView, "probabilities" | "judged"> {
  if (!isClassification(probe)) return rawOutput(probe);
  const { output, inputs, steps } = probe;
  const symbols = output.shape[0] ?? 1;
  const isBinary = output.shape.length === 0;
  const values = new Float32Array(symbols * steps);
  const answers = Array.from({ length: steps }, (_, step) => {
    const logits = output.values.subarray(step * symbols, (step + 1) * symbols);
    if (isBinary) {
      const logit = logits[0]!;
      values[step] = 1 / (1 + Math.exp(-logit));
      // What is not a number answers nothing.
      return Number.isNaN(logit) ? -1 : Number(logit >= 0);
    }
    const largest = Math.max(...logits);
    // Equal infinities have no difference.
    const terms = Array.from(
      logits,
      (logit) => logit === largest ? 1 : Math.exp(logit - largest),
    );
    const sum = terms.reduce((a, b) => a + b, 0);
    terms.forEach((term, symbol) => values[symbol * steps + step] = term / sum);
    return logits.indexOf(largest);
  });
  const judged = answers.flatMap((answer, step): Judged[] => {
    const target = inputs["target"]?.[step];
    if (target === undefined || !isJudged(probe, step)) return [];
    return [{ step, target, isRight: answer === target }];
  });
  const probabilities = {
    name: "output",
    title: isBinary ? "Output probability" : "Output probabilities",
    rows: symbols,
    columns: steps,
    values,
    limit: 1,
  };
  return { probabilities, judged };
}
