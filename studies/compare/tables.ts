/** The tables of the report. */
import { formatCount, formatNumber, formatShare } from "../../report/format.ts";
import type { Table } from "../../report/html.ts";
import { capitalised, formatMetric, withUnit, wordsOf } from "../../report/metric_words.ts";
import { type Interval, mean } from "../../core/numerics/statistics.ts";
import type { RowAlignment } from "./results/alignments.ts";
import type { Difference } from "./results/differences.ts";
import type { JudgedRow } from "./results/judge_row.ts";
import { memoryText, scoreText } from "./verdicts.ts";

const none = "–";

const numberOr = (value: number | undefined): string =>
  value === undefined || Number.isNaN(value) ? none : formatNumber(Number(value.toPrecision(3)));

/** The value that all rows share; undefined if they differ, or have none. */
export function common<T>(values: readonly T[]): T | undefined {
  return values.every((value) => value === values[0]) ? values[0] : undefined;
}

/** Such as "Recall accuracy (chance 0.50)", with a level if it is the same for all rows. */
const heading = (title: string, level: string, value: number | undefined): string =>
  value === undefined ? title : `${title}, ${level} ${formatNumber(Number(value.toPrecision(3)))}`;

/** Every row: score, loss, what diverged, when the criterion was reached, norms, speed and memory. */
export function rowTable(rows: readonly JudgedRow[], threshold: number): Table {
  const [{ result }] = rows as readonly [JudgedRow];
  const [chance, ceiling, floor] = [
    common(rows.map(({ result }) => result.chance)),
    common(rows.map(({ ceiling }) => ceiling)),
    common(rows.map(({ result }) => result.bestLoss)),
  ];
  const score = heading(capitalised(wordsOf(result.score)), "chance", chance);
  return {
    columns: [
      "Row",
      "Seeds",
      withUnit(score, result.facts.score),
      heading(withUnit("Loss", result.facts.loss), "floor", floor),
      "Diverged",
      `Reached ${formatShare(threshold)}`,
      "Sequences until then",
      "Seconds until then",
      "‖W‖ high",
      "‖W‖ low",
      "‖ΔW‖ high",
      "‖ΔW‖ low",
      "Updates/s",
      heading("Memory", "ceiling", ceiling),
    ],
    rows: rows.map((judged) => {
      const { result: { row, seeds }, loss, diverged, reached, norms, speed } = judged;
      const isRun = seeds.length > 0;
      const moment = (value: number, format: (value: number) => string) =>
        !isRun ? none : Number.isFinite(value) ? format(value) : "–";
      return [
        row.title,
        String(seeds.length),
        scoreText(judged),
        isRun ? withInterval(loss.mean, loss.interval) : none,
        isRun ? `${diverged} of ${seeds.length}` : none,
        isRun ? `${reached.count} of ${reached.of}` : none,
        moment(reached.sequences, formatCount),
        moment(reached.seconds, (seconds) => formatNumber(Number(seconds.toPrecision(2)))),
        numberOr(norms.weightHigh),
        numberOr(norms.weightLow),
        numberOr(norms.updateHigh),
        numberOr(norms.updateLow),
        Number.isNaN(speed) ? none : formatCount(speed),
        memoryText(judged) || none,
      ];
    }),
  };
}

const withInterval = (value: number, interval: Interval | undefined): string => {
  const format = (value: number) => formatNumber(Number(value.toPrecision(3)));
  if (Number.isNaN(value)) return none;
  return format(value) + (interval ? ` (${format(interval.low)} to ${format(interval.high)})` : "");
};

/** The score of every row minus that of the baseline. */
export function differenceTable(differences: readonly Difference[]): Table | undefined {
  const [first] = differences;
  if (!first) return undefined;
  const { score, facts } = first.result;
  const signed = (value: number) =>
    `${value > 0 ? "+" : value < 0 ? "−" : ""}${
      formatMetric({ kind: facts.score.kind }, Math.abs(value))
    }`;
  return {
    columns: [
      "Row",
      `${withUnit(wordsOf(score), facts.score)}: difference`,
      "95% interval",
      "Pairs of seeds",
      "p",
      "p, corrected",
      "Told apart",
    ],
    rows: differences.map(({ result, mean, interval, pairs, p, corrected }) => [
      result.row.title,
      signed(mean),
      interval ? `${signed(interval.low)} to ${signed(interval.high)}` : none,
      String(pairs),
      formatProbability(p),
      formatProbability(corrected),
      corrected < 0.05 ? (mean > 0 ? "higher" : "lower") : "no",
    ]),
  };
}

export const formatProbability = (p: number): string =>
  p < 1e-4 ? "< 0.0001" : String(Number(p.toPrecision(2)));

/** Mean cosine of each layer, before and after training, over the seeds; its angle in degrees. */
export function alignmentTable(alignments: readonly RowAlignment[]): Table | undefined {
  if (alignments.length === 0) return undefined;
  const text = (values: readonly number[]) => {
    const finite = values.filter(Number.isFinite);
    if (finite.length === 0) return none;
    const cosine = Math.min(1, Math.max(-1, mean(finite)));
    return `${cosine.toFixed(2)} (${Math.round(Math.acos(cosine) * 180 / Math.PI)}°)`;
  };
  return {
    columns: ["Row", "Layer", "Cosine before training", "Cosine after training", "Seeds"],
    rows: alignments.flatMap(({ result, layers }) =>
      layers.map(({ layer, before, after }) => [
        result.row.title,
        layer,
        text(before),
        text(after),
        String(after.filter(Number.isFinite).length),
      ])
    ),
  };
}

/** What every row was trained with, beside what all share. */
export function settingsTable(rows: readonly JudgedRow[]): Table {
  const settingsOf = ({ result: { row } }: JudgedRow) => [
    ...row.settings,
    ...row.iterations === undefined ? [] : [`training.iterations=${row.iterations}`],
  ];
  const shared = new Set(
    settingsOf(rows[0]!).filter((setting) =>
      rows.every((row) => settingsOf(row).includes(setting))
    ),
  );
  return {
    columns: ["Row", "Settings"],
    rows: [
      ["all rows", [...shared].join(", ") || none],
      ...rows.map((row) => [
        row.result.row.title,
        settingsOf(row).filter((setting) => !shared.has(setting)).join(", ") || none,
      ]),
    ],
  };
}
