/** Measures of a point: means over its seeds, and shares of the tries of all its networks. */
import { type Interval, mean, meanInterval } from "../../core/numerics/statistics.ts";
import type {
  CueTest,
  NetworkExamination,
  Proportion,
} from "../../analysis/examine/examination.ts";
import { pooled, type PooledProportion } from "../../analysis/examine/pooled.ts";
import type { NetworkResult, Outcome, PointResult } from "./results.ts";

/** A mean over the seeds. */
export interface Measure {
  readonly mean: number;
  /** 95 % interval of the mean (Student's t); undefined for one seed. */
  readonly interval: Interval | undefined;
  /** By seed. */
  readonly values: readonly number[];
}

type Point = Pick<PointResult, "networks">;

/** The mean of a value of the networks; undefined if none has a finite value. */
export function measureOf(
  { networks }: Point,
  value: (network: NetworkResult) => number | undefined,
): Measure | undefined {
  const values = networks.map(value).filter((number) => number !== undefined)
    .filter(Number.isFinite);
  return values.length === 0
    ? undefined
    : { mean: mean(values), interval: meanInterval(values), values };
}

/** The mean of a value of the examinations; undefined if none has a finite value. */
export const examined = (
  point: Point,
  value: (examination: NetworkExamination) => number | undefined,
): Measure | undefined => measureOf(point, ({ examination }) => examination && value(examination));

/** Networks of a point with an outcome. */
export const count = ({ networks }: Point, outcome: Outcome): number =>
  networks.filter((network) => network.outcome === outcome).length;

export const hasDiverged = (point: Point): boolean => count(point, "diverged") > 0;

export const signedRetention = (point: Point) =>
  examined(point, ({ memories }) => mean(memories.map(({ retention }) => retention)));
export const absoluteRetention = (point: Point) =>
  examined(point, ({ memories }) => mean(memories.map((memory) => memory.absolute_retention)));
export const absoluteReaction = (point: Point) =>
  examined(point, ({ memories }) => mean(memories.map((memory) => memory.absolute_reaction)));
export const worstRetention = (point: Point) =>
  examined(point, ({ memories }) => Math.min(...memories.map(({ retention }) => retention)));

/** The learned matrix, or that of a rule in its place. */
export type Matrix = "learned" | "hebb" | "pseudo_inverse";
export const matrixNames: Readonly<Record<Matrix, string>> = {
  learned: "learned",
  hebb: "Hebb rule",
  pseudo_inverse: "pseudo-inverse",
};

const examinations = ({ networks }: Point) =>
  networks.flatMap(({ examination }) => examination ? [examination] : []);

/** The tests of a matrix; undefined if the patterns have no such matrix. */
const ofMatrix = (examination: NetworkExamination, matrix: Matrix) =>
  matrix === "learned" ? examination : examination[matrix] ?? undefined;

/** Patterns that are exact fixed points, of all networks together. */
export function fixedShare(point: Point, matrix: Matrix = "learned"): PooledProportion | undefined {
  return pooledShare(
    examinations(point).flatMap((examination) => ofMatrix(examination, matrix)?.fixed ?? []),
  );
}

/** Exact recall from first states with that share of bits flipped. */
export function recallShare(
  point: Point,
  { flips, matrix = "learned" }: { flips: number; matrix?: Matrix },
): PooledProportion | undefined {
  return pooledShare(
    examinations(point).flatMap((examination) =>
      ofMatrix(examination, matrix)?.basins.filter((basin) => basin.flips === flips)
        .map(({ exact }) => exact) ?? []
    ),
  );
}

/** Shares of flipped bits that were tried. */
export const flipsOf = (point: Point): readonly number[] =>
  examinations(point)[0]?.basins.map(({ flips }) => flips) ?? [];

type Test = Pick<CueTest, "kind" | "level">;

/** The presentations that were tested, from the first network that has any. */
export const cueTests = (points: readonly Point[]): Test[] =>
  (points.flatMap(examinations).find(({ cues }) => cues.length > 0)?.cues ?? [])
    .map(({ kind, level }) => ({ kind, level }));

/** The mean of a value of a presentation; undefined if no network was tested with it. */
export const ofCue = (
  point: Point,
  test: Test,
  value: (cue: CueTest) => number,
): Measure | undefined =>
  examined(point, ({ cues }) => {
    const cue = cues.find(({ kind, level }) => kind === test.kind && level === test.level);
    return cue && value(cue);
  });

/** Exact recall after a damaged presentation. */
export const cueShare = (
  point: Point,
  test: Test,
): PooledProportion | undefined =>
  pooledShare(
    examinations(point).flatMap(({ cues }) =>
      cues.filter(({ kind, level }) => kind === test.kind && level === test.level)
        .map(({ exact }) => exact)
    ),
  );

const pooledShare = (proportions: readonly Proportion[]): PooledProportion | undefined =>
  proportions.length === 0 ? undefined : pooled(proportions);

/** Shares of random first states by what they end in, as means over the networks. */
export const startShares = {
  memory: (point: Point) =>
    examined(
      point,
      ({ stable }) => (stable.memory.starts + stable.inverse.starts) / stable.starts,
    ),
  spurious: (point: Point) =>
    examined(point, ({ stable }) => stable.spurious.starts / stable.starts),
  unsettled: (point: Point) => examined(point, ({ stable }) => 1 - stable.settled / stable.starts),
} as const;

/** Number of different spurious states; a state and its inverse are two. */
export const spuriousStates = (point: Point) =>
  examined(point, ({ stable }) => stable.spurious.states);

/** Mean h² over all steps of test sequences. */
export const activity = (point: Point) => measureOf(point, ({ metric }) => metric("test/activity"));
