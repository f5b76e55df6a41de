/** Curves of stored runs over each other. */
import type { MetricFacts } from "../../core/losses/loss_metric.ts";
import { boundedInterval, withoutSplit } from "../../report/runs/metric_interval.ts";
import { mean } from "../../core/numerics/statistics.ts";
import { type Figure, palette } from "../../report/figures/chart.ts";
import { capitalised, withUnit, wordsOf } from "../../report/metric_words.ts";
import { drawLines, type Line } from "../figures/line_chart.ts";
import type { ComparedRow, LogRow } from "./compared_row.ts";

const dashes = ["solid", "dash", "dot"] as const;
/** Lines of a figure that can be told apart. */
const MOST_LINES = palette.length * dashes.length;

const splitWords: Readonly<Record<string, string>> = {
  train: "training",
  eval: "held-out sequences",
  test: "test sequences",
};

/** A figure for each metric that a log holds, with a line a row. */
export function curveFigures(rows: readonly ComparedRow[], names: readonly string[]): Figure[] {
  const drawn = rows.slice(0, MOST_LINES);
  return names.flatMap((name, number) => {
    const lines = drawn.map((row, place) => lineOf(row, name, place))
      .filter(({ x }) => x.length > 0);
    return lines.length === 0 ? [] : [drawCurves(name, number, { rows, drawn, lines })];
  });
}

function drawCurves(
  name: string,
  number: number,
  { rows, drawn, lines }: {
    rows: readonly ComparedRow[];
    drawn: readonly ComparedRow[];
    lines: readonly Line[];
  },
): Figure {
  const [, split, measure] = /^(?:(\w+)\/)?(.*)$/s.exec(name)!;
  const where = split === undefined ? "" : splitWords[split] ?? split;
  const isThinned = drawn.some(({ isWhole }) => !isWhole);
  const lowest = lines.flatMap(({ y, low = y }) => low).filter(Number.isFinite);
  return drawLines({
    id: `curve-${number + 1}`,
    title: `${capitalised(wordsOf(measure!))}${where === "" ? "" : `, ${where}`}`,
    caption:
      "Mean over the networks of a run, with its 95% interval as a band (Student's t); networks without " +
      "a finite value are left out." +
      (isThinned ? " Of long logs some rows are drawn, at even distances." : "") +
      (drawn.length < rows.length
        ? ` The first ${drawn.length} of ${rows.length} runs and points.`
        : ""),
    xTitle: "sequences",
    yTitle: withUnit(wordsOf(measure!), drawn[0]!.facts[measure!] ?? {}),
    isShare: drawn.every(({ facts }) => facts[measure!]?.kind === "share"),
    isLogY: measure === "loss" && lowest.every((value) => value > 0),
    hasBands: true,
    lines,
  });
}

function lineOf(row: ComparedRow, name: string, place: number): Line {
  const points = row.log.filter(({ values }) => Object.hasOwn(values, name))
    .map((logged) => pointOf(logged, name, row.facts[withoutSplit(name)]));
  const ends = points.some(({ interval }) => interval)
    ? {
      low: points.map(({ y, interval }) => interval?.low ?? y),
      high: points.map(({ y, interval }) => interval?.high ?? y),
    }
    : {};
  return {
    name: row.label,
    x: points.map(({ x }) => x),
    y: points.map(({ y }) => y),
    ...ends,
    colour: place % palette.length,
    dash: dashes[Math.floor(place / palette.length)] ?? "solid",
  };
}

function pointOf({ sequences, values }: LogRow, name: string, facts: MetricFacts | undefined) {
  const finite = values[name]!.filter(Number.isFinite);
  return { x: sequences, y: mean(finite), interval: boundedInterval(finite, facts) };
}
