/** Numbers of a point: means over its seeds, and shares of the tries of all its networks. */
import { type Interval, mean, meanInterval } from "../../core/numerics/statistics.ts";
import type {
  CueTest,
  NetworkExamination,
  Proportion,
} from "../../analysis/examine/examination.ts";
import { pooled, type PooledProportion } from "../../analysis/examine/pooled.ts";
import type { NetworkResult, Outcome, PointResult } from "./results.ts";

/** Over the seeds. */
export interface Measure {
  readonly mean: number;
  /** 95 %; undefined of one seed. */
  readonly interval: Interval | undefined;
  readonly values: readonly number[];
}

type Point = Pick<PointResult, "networks">;

/** Undefined where no network has the value. */
export function measureOf(
  { networks }: Point,
  value: (network: NetworkResult) => number | undefined,
): Measure | undefined {
  const values = networks.map(value).filter((one) => one !== undefined && Number.isFinite(one));
  return values.length === 0 ? undefined : {
    mean: mean(values as number[]),
    interval: meanInterval(values as number[]),
    values,
  } as Measure;
}

/** The same of what was examined. */
export const examined = (
  point: Point,
  value: (examination: NetworkExamination) => number | undefined,
): Measure | undefined => measureOf(point, ({ examination }) => examination && value(examination));

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

/** What stands in place of the learned matrix, or that itself. */
export type Matrix = "learned" | "hebb" | "pseudo_inverse";
export const matrixNames: Readonly<Record<Matrix, string>> = {
  learned: "learned",
  hebb: "Hebb rule",
  pseudo_inverse: "pseudo-inverse",
};

const examinations = ({ networks }: Point) =>
  networks.flatMap(({ examination }) => examination ? [examination] : []);

/** What a matrix was found to do; undefined where the patterns have none such. */
const ofMatrix = (examination: NetworkExamination, matrix: Matrix) =>
  matrix === "learned" ? examination : examination[matrix] ?? undefined;

/** Patterns that are exact fixed points, of all networks together. */
export function fixedShare(point: Point, matrix: Matrix = "learned"): PooledProportion | undefined {
  return together(examinations(point).flatMap((one) => ofMatrix(one, matrix)?.fixed ?? []));
}

/** Exact recall from first states with that share of bits flipped. */
export function recallShare(
  point: Point,
  { flips, matrix = "learned" }: { flips: number; matrix?: Matrix },
): PooledProportion | undefined {
  return together(
    examinations(point).flatMap((one) =>
      ofMatrix(one, matrix)?.basins.filter((basin) => basin.flips === flips)
        .map(({ exact }) => exact) ?? []
    ),
  );
}

/** Shares of flipped bits that were tried. */
export const flipsOf = (point: Point): readonly number[] =>
  examinations(point)[0]?.basins.map(({ flips }) => flips) ?? [];

type Test = Pick<CueTest, "kind" | "level">;

/** Presentations that were tried, of the first network that has any. */
export const cueTests = (points: readonly Point[]): Test[] =>
  (points.flatMap(examinations).find(({ cues }) => cues.length > 0)?.cues ?? [])
    .map(({ kind, level }) => ({ kind, level }));

/** A number of a presentation, where the networks were tried with it. */
export const ofCue = (
  point: Point,
  test: Test,
  value: (cue: CueTest) => number,
): Measure | undefined =>
  examined(point, ({ cues }) => {
    const found = cues.find(({ kind, level }) => kind === test.kind && level === test.level);
    return found && value(found);
  });

/** Exact recall of a presentation that was damaged. */
export const cueShare = (
  point: Point,
  test: Test,
): PooledProportion | undefined =>
  together(
    examinations(point).flatMap(({ cues }) =>
      cues.filter(({ kind, level }) => kind === test.kind && level === test.level)
        .map(({ exact }) => exact)
    ),
  );

const together = (all: readonly Proportion[]): PooledProportion | undefined =>
  all.length === 0 ? undefined : pooled(all);

/** Random first states by what they end in: shares, means over the networks. */
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

/** Different spurious states that were found; a state and its inverse are two. */
export const spuriousStates = (point: Point) =>
  examined(point, ({ stable }) => stable.spurious.states);

/** Mean h² of presentations and after, on test sequences. */
export const activity = (point: Point) => measureOf(point, ({ metric }) => metric("test/activity"));
