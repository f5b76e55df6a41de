/**
 * Measures of a trained plastic network that completes patterns. It becomes a kind of Hopfield network:
 * its neurons excite each other through their traces alone, and inhibit themselves.
 */
import { formatNumber } from "../format.ts";
import type { Table } from "../html.ts";
import type { RunFiles, RunMatrix } from "../run_files.ts";

export interface PlasticStructure {
  /** Share of positive α between different pattern neurons. */
  readonly positive: number;
  /** Share of pattern neurons with a negative weight to themselves. */
  readonly selfInhibiting: number;
  /** Mean |w| between different pattern neurons. */
  readonly fixed: number;
  /** Mean |α| between different pattern neurons. */
  readonly plastic: number;
  /** fixed / plastic; NaN if nothing is plastic. */
  readonly ratio: number;
}

/**
 * Measures the connections between pattern neurons.
 *
 * @param w, alpha [N, N] row-major
 * @param neurons N
 * @param options.patternNeurons the first of them that hold a pattern; at least 2
 * @throws RangeError if the sizes do not fit together
 */
export function plasticStructure(
  { w, alpha, neurons }: {
    w: ArrayLike<number>;
    alpha: ArrayLike<number>;
    neurons: number;
  },
  { patternNeurons }: { patternNeurons: number },
): PlasticStructure {
  const size = neurons * neurons;
  if (w.length !== size || alpha.length !== size) {
    throw new RangeError(
      `plasticStructure: expected ${size} values, got ${w.length} of w and ${alpha.length} of alpha`,
    );
  }
  if (!(patternNeurons >= 2 && patternNeurons <= neurons)) {
    throw new RangeError(
      `plasticStructure: expected 2 to ${neurons} pattern neurons, got ${patternNeurons}`,
    );
  }
  let [positive, selfInhibiting, fixed, plastic] = [0, 0, 0, 0];
  for (let post = 0; post < patternNeurons; post++) {
    for (let pre = 0; pre < patternNeurons; pre++) {
      const index = post * neurons + pre;
      if (post === pre) {
        selfInhibiting += Number(w[index]! < 0);
        continue;
      }
      positive += Number(alpha[index]! > 0);
      fixed += Math.abs(w[index]!);
      plastic += Math.abs(alpha[index]!);
    }
  }
  const pairs = patternNeurons * (patternNeurons - 1);
  return {
    positive: positive / pairs,
    selfInhibiting: selfInhibiting / patternNeurons,
    fixed: fixed / pairs,
    plastic: plastic / pairs,
    ratio: plastic > 0 ? fixed / plastic : NaN,
  };
}

/** The structure of each saved replica; empty for a run whose task has no patterns. */
export function structures({ config, figures }: RunFiles): PlasticStructure[] {
  const { pattern_size } = (config["task"] ?? {}) as Record<string, unknown>;
  if (typeof pattern_size !== "number") return [];
  const isSquare = ({ rows, columns }: RunMatrix) => rows === columns && rows >= pattern_size;
  const named = (name: string) =>
    figures.matrices.filter((matrix) => matrix.name === name && isSquare(matrix));
  return named("w").flatMap((w) => {
    const alpha = named("alpha").find(({ replica, rows }) =>
      replica === w.replica && rows === w.rows
    );
    if (!alpha) return [];
    return [
      plasticStructure({ w: w.values, alpha: alpha.values, neurons: w.rows }, {
        patternNeurons: pattern_size,
      }),
    ];
  });
}

const measures: readonly [label: string, key: keyof PlasticStructure][] = [
  ["Positive α between pattern neurons, share", "positive"],
  ["Pattern neurons with a negative w to themselves, share", "selfInhibiting"],
  ["Mean |w| between pattern neurons", "fixed"],
  ["Mean |α| between pattern neurons", "plastic"],
  ["Mean |w| over mean |α|", "ratio"],
];

/** A column for each replica, in the order of the file. */
export function structureTable(measured: readonly PlasticStructure[]): Table {
  const names = measured.length > 1
    ? measured.map((_, replica) => `Replica ${replica}`)
    : ["Value"];
  return {
    columns: ["Structure", ...names],
    rows: measures.map(([label, key]) => [
      label,
      ...measured.map((structure) =>
        Number.isFinite(structure[key]) ? formatNumber(structure[key]) : "–"
      ),
    ]),
  };
}
