/** The curves of one run, read while it trains. */
import { join } from "node:path";
import { type Clock, clockNames } from "../report/run_metrics.ts";
import { createThinCurve, type CurvePoint, type ThinCurve } from "../report/thin_curve.ts";
import { followMetrics } from "../store/files/follow_metrics.ts";
import { readJsonFile } from "../store/files/json_file.ts";
import type { MetricsRow } from "../store/files/metrics.ts";
import { metricNames } from "../store/index/run_fields.ts";
import { type LineGroup, lineGroups, lineValues } from "./curve_lines.ts";

/** Most points of a line: a screen shows no more. */
const MOST_POINTS = 600;

export interface CurveLine {
  /** The point of a sweep; "" for all networks. */
  readonly label: string;
  /** Null where no network has a finite value. */
  readonly mean: readonly (number | null)[];
  /** The lowest and the highest network; absent where there is one. */
  readonly low?: readonly (number | null)[];
  readonly high?: readonly (number | null)[];
}

/** A metric on one kind of sequences. */
export interface MetricCurve {
  /** `train`, `eval` or `test`; "" for a metric that is measured on none. */
  readonly split: string;
  readonly clocks: Readonly<Record<Clock, readonly (number | null)[]>>;
  readonly lines: readonly CurveLine[];
}

export interface RunCurves {
  /** All metrics of the run, without splits. */
  readonly names: readonly string[];
  /** Whether rows of a long log were left out. */
  readonly isSampled: boolean;
  /** Logged values that two drawn ones stand for; 1: all are drawn. */
  readonly stretch: number;
  readonly curves: readonly MetricCurve[];
}

export interface FollowedCurves {
  /**
   * Curves of a metric, by its name without a split, with what was logged until now.
   *
   * @throws RunFolderError, DamagedFileError for files that cannot be used.
   */
  of(metric: string): RunCurves;
}

/** Begins to follow the curves of the run in a folder. */
export function followCurves(folder: string): FollowedCurves {
  const log = followMetrics(join(folder, "metrics.jsonl"));
  let groups: readonly LineGroup[] = [];
  let curves = new Map<string, ThinCurve>();
  let count = 0;
  let isSampled = false;

  function read(): void {
    const fresh = log.newRows();
    if (fresh.isAnew) {
      groups = lineGroups(readJsonFile(join(folder, "config.json")));
      curves = new Map();
      count = 0;
      isSampled = false;
    }
    isSampled ||= fresh.isSampled;
    for (const row of fresh.rows) addRow(row);
  }

  function addRow({ values, ...clocks }: MetricsRow): void {
    const at = { row: count++, clocks: clockNames.map((name) => clocks[name]) };
    for (const [name, numbers] of Object.entries(values)) {
      let curve = curves.get(name);
      if (!curve) curves.set(name, curve = createThinCurve({ longest: MOST_POINTS }));
      curve.add(lineValues(numbers, groups), at);
    }
  }

  return {
    of(metric) {
      read();
      const found = metricNames(metric).flatMap((name) => {
        const curve = curves.get(name);
        return curve ? [{ name, ...curve.result() }] : [];
      });
      return {
        names: [...new Set([...curves.keys()].map(nameOf))],
        isSampled,
        stretch: Math.max(1, ...found.map(({ stretch }) => stretch)),
        curves: found.map(({ name, points }) => curveOf(name, { points, groups })),
      };
    },
  };
}

const split = /^(?:(train|eval|test)\/)?(.*)$/s;
const nameOf = (metric: string): string => split.exec(metric)![2]!;
const splitOf = (metric: string): string => split.exec(metric)![1] ?? "";

function curveOf(
  name: string,
  { points, groups }: { points: readonly CurvePoint[]; groups: readonly LineGroup[] },
): MetricCurve {
  const [first = { values: [] }] = points;
  const ownGroups = groups.length * 3 === first.values.length ? groups : [{ label: "" }];
  const columnOf = (index: number) => points.map(({ values }) => digits(values[index] ?? NaN));
  return {
    split: splitOf(name),
    clocks: Object.fromEntries(
      clockNames.map((clock, index) => [clock, points.map(({ clocks }) => clocks[index] ?? null)]),
    ) as unknown as MetricCurve["clocks"],
    lines: ownGroups.map(({ label }, index) => {
      const isOne = points.every(({ values }) =>
        !(values[3 * index + 1]! < values[3 * index + 2]!)
      );
      return {
        label,
        mean: columnOf(3 * index),
        ...isOne ? {} : { low: columnOf(3 * index + 1), high: columnOf(3 * index + 2) },
      };
    }),
  };
}

/** Six digits, which is more than a screen shows; JSON has no NaN. */
const digits = (value: number): number | null =>
  Number.isFinite(value) ? Number(value.toPrecision(6)) : null;
