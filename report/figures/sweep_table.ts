/** The outcome of each point of a sweep, as a table and as a curve over the swept value. */
import type { MetricFacts } from "../../core/losses/loss_metric.ts";
import { formatNumber } from "../format.ts";
import type { Table } from "../html.ts";
import { capitalised, factsOf, withUnit, wordsOf } from "../metric_words.ts";
import type { RunFiles } from "../run_files.ts";
import { type Chart, colours } from "./chart.ts";
import { axisRange } from "./axis_range.ts";
import { explodedNetworks } from "./exploded.ts";
import { finiteMean } from "./curve.ts";
import { isLogarithmic } from "./is_logarithmic.ts";
import { lastMetrics } from "./last_metrics.ts";
import { headline } from "./headline.ts";

/** One metric that a sweep is judged by. */
export interface SweepMetric {
  readonly key: string;
  /** Such as "Loss on fresh sequences". */
  readonly title: string;
  readonly facts: Partial<MetricFacts>;
  /** Whether each seed has 0 or 1, so that a range of seeds says nothing. */
  readonly isYesNo?: boolean;
  /** [points][seeds] */
  readonly values: readonly (readonly number[])[];
}

const EXPLODED = "exploded";

/** Score and loss, of fresh sequences if there are some; the level passed; the goal reached. */
export function sweepMetrics(files: RunFiles): SweepMetric[] {
  const { sweep } = files;
  if (!sweep) return [];
  const last = new Map(lastMetrics(files));
  const exploded = explodedNetworks(files);
  if (exploded) last.set(EXPLODED, exploded.values);
  const measures: Omit<SweepMetric, "values">[] = [
    ...headline(files).map(({ split, name, where, facts }) => ({
      key: `${split}/${name}`,
      title: `${capitalised(wordsOf(name))} ${where}`,
      facts,
    })),
    { key: EXPLODED, title: "Share of seeds that exploded", facts: {}, isYesNo: true },
    { key: "curriculum/passed", title: "Level passed", facts: {} },
    {
      key: "goal/reached",
      title: "Share of seeds that reached the goal",
      facts: {},
      isYesNo: true,
    },
    { key: "goal/updates", title: "Updates until the goal", facts: {} },
  ];
  return measures.flatMap((measure) => {
    const values = last.get(measure.key);
    if (values?.length !== sweep.labels.length) return [];
    return [{
      ...measure,
      values: sweep.points.map(({ replicas }) => replicas.map((replica) => values[replica]!)),
    }];
  });
}

/** A row for each point: the mean of its seeds, and their range if there are several. */
export function sweepTable({ sweep }: RunFiles, metrics: readonly SweepMetric[]): Table {
  return {
    columns: [
      isSeeded(sweep) ? "Sweep: mean (lowest to highest seed)" : "Sweep",
      ...metrics.map(({ title, facts }) => withUnit(title, facts)),
    ],
    rows: (sweep?.points ?? []).map(({ label }, point) => [
      label,
      ...metrics.map((metric) => describe(metric.values[point]!, metric)),
    ]),
  };
}

const isSeeded = (sweep: RunFiles["sweep"]): boolean =>
  sweep?.points.some(({ replicas }) => replicas.length > 1) ?? false;

function describe(values: readonly number[], { isYesNo }: Pick<SweepMetric, "isYesNo">): string {
  const finite = values.filter(Number.isFinite);
  if (finite.length === 0) return "–";
  const mean = formatNumber(Number(finiteMean(finite).toPrecision(6)));
  if (values.length === 1 || isYesNo) return mean;
  const [low, high] = [Math.min(...finite), Math.max(...finite)].map(formatNumber);
  return `${mean} (${low} to ${high})`;
}

export interface SweepCurve {
  /** Such as "memories". */
  readonly name: string;
  /** [points] */
  readonly x: readonly number[];
  readonly metric: SweepMetric;
  /** Such as "loss (nats)", and whether it is a share. */
  readonly axis: { readonly title: string; readonly facts: Partial<MetricFacts> };
}

/** The first metric over the swept value; undefined unless one setting with numbers is swept. */
export function sweepCurve(
  files: RunFiles,
  [metric]: readonly SweepMetric[],
): SweepCurve | undefined {
  const { sweep } = files;
  const [path, ...more] = Object.keys(sweep?.points[0]?.values ?? {});
  if (!sweep || !metric || path === undefined || more.length > 0) return undefined;
  const x = sweep.points.flatMap(({ values }) => {
    const value = values[path];
    return typeof value === "number" ? [value] : [];
  });
  if (x.length < sweep.points.length || x.length < 2) return undefined;
  // The label of a point is the name and the value.
  const name = sweep.points[0]!.label.replace(/ \S+$/, "");
  const measured = metric.key.replace(/^(test|eval|train)\//, "");
  const facts = factsOf(files, measured);
  return { name, x, metric, axis: { title: withUnit(wordsOf(measured), facts), facts } };
}

/** Points are replicas; the line is the mean of the seeds of a value. */
export function drawSweepCurve({ name, x, metric: { values }, axis }: SweepCurve): Chart {
  const order = x.map((_, point) => point).sort((a, b) => x[a]! - x[b]!);
  const dots = order.flatMap((point) => values[point]!.map((y) => [x[point]!, shown(y)] as const));
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
      xaxis: { title: { text: name }, ...isLogarithmic(x) ? logAxis(x) : {} },
      yaxis: {
        title: { text: axis.title },
        ...axisRange(axis.facts),
      },
      hovermode: "closest",
    },
  };
}

/** Ticks at the swept values: those are the ones that a reader looks for. */
const logAxis = (x: readonly number[]) => ({
  type: "log",
  ...x.length <= 12 ? { tickvals: x, ticktext: x.map(String) } : { tickformat: "~g" },
});

/** A value that is not finite is a gap. */
const shown = (value: number): number | null => Number.isFinite(value) ? value : null;
