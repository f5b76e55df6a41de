/** Metrics that differ in one number, as recall does at each lag: one figure of all, over that number. */
import type { MetricFacts } from "../../core/losses/loss_metric.ts";
import { capitalised } from "../metric_words.ts";
import { plain } from "../plain_text.ts";
import { replicaNames } from "../replica_names.ts";
import type { RunFiles } from "../run_files.ts";
import { axisRange } from "./axis_range.ts";
import { type ChartTrace, colours, type Figure, palette } from "./chart.ts";
import { finiteMean } from "./curve.ts";
import { measureOf } from "./headline.ts";

/** A row of metrics, in the order of the number that they differ in. */
export interface MetricSeries {
  /** Such as "Recall by lag". */
  readonly title: string;
  /** What the number is. */
  readonly axis: string;
  readonly names: readonly string[];
  /** Their numbers, such as "3" or "5 to 8". */
  readonly labels: readonly string[];
  readonly facts: Partial<MetricFacts>;
}

/** The rows of at least two metrics. @param metrics what a loss declares, by name. */
export function metricSeries(
  metrics: Readonly<Record<string, Partial<MetricFacts>>>,
): MetricSeries[] {
  const placed = Object.entries(metrics).flatMap(([name, facts]) =>
    facts.along ? [{ name, facts, place: facts.along }] : []
  );
  const groups = Map.groupBy(placed, ({ place: { series, axis } }) => `${series}\n${axis}`);
  return [...groups.values()].filter(({ length }) => length > 1).map((group) => {
    const { facts, place } = group[0]!;
    const sorted = group.toSorted((a, b) => a.place.low - b.place.low);
    return {
      title: capitalised(plain(place.series)),
      axis: plain(place.axis),
      names: sorted.map(({ name }) => name),
      labels: sorted.map(({ place: { low, high } }) =>
        low === high ? `${low}` : `${low} to ${high}`
      ),
      facts,
    };
  });
}

/** The layout of a figure over the number of a row. */
export const seriesLayout = ({ axis, facts }: MetricSeries): Figure["chart"]["layout"] => ({
  xaxis: { type: "category", title: { text: axis } },
  yaxis: { title: { text: facts.kind ?? "value" }, ...axisRange(facts) },
});

/** A figure for each row of metrics: the last values of the run. */
export const seriesFigures = (files: RunFiles): Figure[] =>
  metricSeries(files.figures.metrics).flatMap((series, index) => {
    const measures = series.names.map((name) => measureOf(files, name));
    const first = measures.find((measure) => measure !== undefined);
    if (!first) return [];
    const values = first.values.map((_, replica) =>
      measures.map((measure) => measure?.values[replica] ?? NaN)
    );
    const traces = linesOf(files, { labels: series.labels, values });
    return [{
      chart: {
        id: `series-${index}`,
        rows: [],
        traces,
        layout: { ...seriesLayout(series), showlegend: traces.length > 1 },
      },
      title: series.title,
      caption: `At the end, ${first.where}.` +
        (values.length > 1 ? " Thin lines: single replicas. Thick: their mean." : ""),
    }];
  });

/** A thick line for each point of a sweep, or for all replicas, and a thin one for each of several. */
function linesOf(
  files: RunFiles,
  { labels, values }: { labels: readonly string[]; values: readonly (readonly number[])[] },
): ChartTrace[] {
  const names = replicaNames(files);
  const all = values.map((_, replica) => replica);
  const { points } = files.sweep ?? { points: [{ label: "mean", replicas: all }] };
  return points.flatMap(({ label, replicas }, index) => {
    const colour = files.sweep ? palette[index % palette.length]! : colours.heldOut;
    const mean = labels.map((_, at) =>
      finiteMean(replicas.map((replica) => values[replica]![at]!))
    );
    const single = replicas.length > 1 ? replicas : [];
    return [
      ...single.map((replica) =>
        lineOf(values[replica]!, { labels, colour, name: names[replica] ?? "", isThin: true })
      ),
      lineOf(mean, { labels, colour, name: label, isThin: false }),
    ];
  });
}

const lineOf = (
  y: readonly number[],
  { labels, colour, name, isThin }: {
    labels: readonly string[];
    colour: string;
    name: string;
    isThin: boolean;
  },
): ChartTrace => ({
  plotly: {
    type: "scatter",
    mode: isThin ? "lines" : "lines+markers",
    name,
    x: labels,
    y: y.map((value) => Number.isFinite(value) ? value : null),
    line: { color: colour, width: isThin ? 1 : 2.5 },
    ...isThin ? { opacity: 0.4 } : {},
    showlegend: !isThin,
    hovertemplate: `${name}, %{x}: %{y:.4~g}<extra></extra>`,
  },
});
