/** The outcome of each point of a sweep, as a table and as a curve over the swept value. */
import { formatNumber } from "../format.ts";
import type { Table } from "../html.ts";
import type { RunFiles } from "../run_files.ts";
import { type Chart, colours } from "./chart.ts";
import { finiteMean } from "./curve.ts";
import { lastMetrics } from "./last_metrics.ts";
import { scoreOf } from "./score_curve.ts";

/** One metric that a sweep is judged by. */
export interface SweepMetric {
  readonly key: string;
  /** [points][seeds] */
  readonly values: readonly (readonly number[])[];
}

/** Score and loss, of fresh sequences if there are some; the level passed; the goal reached. */
export function sweepMetrics(files: RunFiles): SweepMetric[] {
  const { sweep } = files;
  if (!sweep) return [];
  const last = lastMetrics(files);
  const firstOf = (name: string) =>
    ["test", "eval", "train"].map((split) => `${split}/${name}`).find((key) => last.has(key));
  const keys = [
    firstOf(scoreOf(files)),
    firstOf("loss"),
    "curriculum/passed",
    "goal/reached",
    "goal/updates",
  ];
  return keys.flatMap((key) => {
    const logged = key === undefined ? undefined : last.get(key);
    // A goal that was never reached took no number of updates.
    const reached = key === "goal/updates" ? last.get("goal/reached") : undefined;
    const values = reached
      ? logged?.map((value, replica) => reached[replica] === 1 ? value : NaN)
      : logged;
    if (key === undefined || values?.length !== sweep.labels.length) return [];
    return [{
      key,
      values: sweep.points.map(({ replicas }) => replicas.map((replica) => values[replica]!)),
    }];
  });
}

/** A row for each point: the mean of its seeds, and their range if there are several. */
export function sweepTable({ sweep }: RunFiles, metrics: readonly SweepMetric[]): Table {
  return {
    columns: ["Sweep", ...metrics.map(({ key }) => key)],
    rows: (sweep?.points ?? []).map(({ label }, point) => [
      label,
      ...metrics.map(({ values }) => describe(values[point]!)),
    ]),
  };
}

function describe(values: readonly number[]): string {
  const finite = values.filter(Number.isFinite);
  if (finite.length === 0) return "–";
  const mean = formatNumber(Number(finiteMean(finite).toPrecision(6)));
  if (values.length === 1) return mean;
  const [low, high] = [Math.min(...finite), Math.max(...finite)].map(formatNumber);
  return `${mean} (${low} to ${high})`;
}

export interface SweepCurve {
  /** Such as "memories". */
  readonly name: string;
  /** [points] */
  readonly x: readonly number[];
  readonly metric: SweepMetric;
}

/** The first metric over the swept value; undefined unless one setting with numbers is swept. */
export function sweepCurve(
  { sweep }: RunFiles,
  [metric]: readonly SweepMetric[],
): SweepCurve | undefined {
  const [path, ...more] = Object.keys(sweep?.points[0]?.values ?? {});
  if (!sweep || !metric || path === undefined || more.length > 0) return undefined;
  const x = sweep.points.flatMap(({ values }) => {
    const value = values[path];
    return typeof value === "number" ? [value] : [];
  });
  if (x.length < sweep.points.length || x.length < 2) return undefined;
  // The label of a point is the name and the value.
  const name = sweep.points[0]!.label.replace(/ \S+$/, "");
  return { name, x, metric };
}

/** Points are replicas; the line is the mean of the seeds of a value. */
export function drawSweepCurve({ name, x, metric: { values } }: SweepCurve): Chart {
  const order = x.map((_, point) => point).sort((a, b) => x[a]! - x[b]!);
  const dots = order.flatMap((point) => values[point]!.map((y) => [x[point]!, shown(y)] as const));
  const isWide = Math.min(...x) > 0 && Math.max(...x) >= 100 * Math.min(...x);
  const hovertemplate = `${name} %{x}: %{y:.4~g}<extra></extra>`;
  return {
    id: "sweep",
    rows: [],
    traces: [
      {
        plotly: {
          type: "scatter",
          mode: "markers",
          name: "replicas",
          x: dots.map(([value]) => value),
          y: dots.map(([, y]) => y),
          marker: { color: colours.train, size: 6 },
          opacity: 0.5,
          hovertemplate,
        },
      },
      {
        plotly: {
          type: "scatter",
          mode: "lines",
          name: "mean",
          x: order.map((point) => x[point]!),
          y: order.map((point) => shown(finiteMean(values[point]!))),
          line: { color: colours.train, width: 2 },
          hovertemplate,
        },
      },
    ],
    layout: {
      xaxis: { title: { text: name }, ...isWide ? { type: "log" } : {} },
      yaxis: { title: { text: "last value" } },
      hovermode: "closest",
    },
  };
}

/** A value that is not finite is a gap. */
const shown = (value: number): number | null => Number.isFinite(value) ? value : null;
