/** The tables of the report. */
import { type Interval, mean } from "../../core/numerics/statistics.ts";
import { formatCount, formatNumber, formatShare } from "../../report/format.ts";
import type { Table } from "../../report/html.ts";
import { capitalised, formatMetric, withUnit, wordsOf } from "../../report/metric_words.ts";
import type { RowAlignment } from "./results/alignments.ts";
import type { ComparisonResults } from "./results/comparison_results.ts";
import { type Difference, isToldApart } from "./results/differences.ts";
import type { JudgedRow } from "./results/judge_row.ts";
import { memoryWord, scoreText } from "./verdicts.ts";

const none = "–";

const threeDigits = (value: number): string => formatNumber(Number(value.toPrecision(3)));

const numberOr = (value: number | undefined): string =>
  value === undefined || !Number.isFinite(value) ? none : threeDigits(value);

/** The value that all rows share; undefined if they differ, or have none. */
export function common<T>(values: readonly T[]): T | undefined {
  return values.every((value) => value === values[0]) ? values[0] : undefined;
}

/** The ceiling that all rows share which were run. */
export const commonCeiling = (rows: readonly JudgedRow[]): number | undefined =>
  common(rows.filter(({ outcome }) => outcome !== "not run").map(({ ceiling }) => ceiling));

/** What guesses, if all rows have it beside one metric; undefined: they differ, or have none. */
export function commonGuess(
  rows: readonly JudgedRow[],
  of: "score" | "loss",
): { readonly name: string; readonly value: number } | undefined {
  const levels = rows.map(({ guess, result }) => ({
    name: guess?.name,
    value: guess?.values[of === "score" ? result.score : "loss"],
  }));
  const [{ name, value }] = levels as [typeof levels[number]];
  const areEqual = levels.every((level) => level.name === name && level.value === value);
  return areEqual && name !== undefined && value !== undefined ? { name, value } : undefined;
}

/** A heading, with a level if it is the same for all rows. */
const heading = (title: string, level: string, value: number | undefined): string =>
  value === undefined ? title : `${title}, ${level} ${threeDigits(value)}`;

/** A heading, with what guesses if all rows have it beside them. */
function guessHeading(title: string, rows: readonly JudgedRow[], of: "score" | "loss"): string {
  const guess = commonGuess(rows, of);
  return guess ? heading(title, guess.name, guess.value) : title;
}

/** Every row: score, loss, what diverged, when the criterion was reached, norms, speed and memory. */
export function rowTable(rows: readonly JudgedRow[], threshold: number): Table {
  const [{ result }] = rows as readonly [JudgedRow];
  const chance = common(rows.map(({ result }) => result.chance));
  const floor = common(rows.map(({ result }) => result.bestLoss));
  const score = heading(capitalised(wordsOf(result.score)), "chance", chance);
  const loss = heading(withUnit("Loss", result.facts.loss), "floor", floor);
  return {
    columns: [
      "Row",
      withUnit(guessHeading(score, rows, "score"), result.facts.score),
      guessHeading(loss, rows, "loss"),
      "Diverged",
      `Reached ${formatShare(threshold)}`,
      "And at the end",
      "Sequences until then",
      "Seconds",
      "‖W‖ high",
      "‖W‖ low",
      "‖ΔW‖ high",
      "‖ΔW‖ low",
      "Updates/s",
      heading("Memory", "ceiling", commonCeiling(rows)),
    ],
    rows: rows.map(rowCells),
  };
}

function rowCells(judged: JudgedRow): string[] {
  const { result: { row, seeds }, loss, diverged, reached, good, norms, speed } = judged;
  const norm = [norms.weightHigh, norms.weightLow, norms.updateHigh, norms.updateLow];
  const outcome = [
    scoreText(judged),
    withHalf(loss.mean, loss.interval),
    ...[diverged, reached.count, good].map((count) => `${count}/${seeds.length}`),
    Number.isFinite(reached.sequences) ? formatCount(reached.sequences) : none,
    Number.isFinite(reached.seconds) ? Number(reached.seconds.toPrecision(2)).toString() : none,
  ];
  return [
    row.title,
    ...seeds.length === 0 ? outcome.map(() => none) : outcome,
    ...norm.map(numberOr),
    Number.isFinite(speed) ? formatCount(speed) : none,
    memoryWord(judged) ?? none,
  ];
}

/** A mean with half of its interval, which lies evenly around it. */
function withHalf(value: number, interval: Interval | undefined): string {
  if (Number.isNaN(value)) return none;
  return threeDigits(value) +
    (interval
      ? `\u00a0±\u00a0${formatNumber(Number(((interval.high - interval.low) / 2).toPrecision(1)))}`
      : "");
}

/** The score and the loss of every row minus those of the baseline; undefined without pairs. */
export function differenceTable(
  { score, loss }: ComparisonResults["differences"],
): Table | undefined {
  const [first] = score;
  if (!first) return undefined;
  const { result } = first;
  const lossOf = new Map(loss.map((difference) => [difference.result, difference]));
  const share = (value: number) => formatMetric({ kind: result.facts.score.kind }, value);
  return {
    columns: [
      "Row",
      "Pairs",
      withUnit(capitalised(wordsOf(result.score)), result.facts.score),
      ...["95% interval", "p", "Corrected", "Told apart"],
      withUnit("Loss", result.facts.loss),
      ...["95% interval", "p", "Corrected", "Told apart"],
    ],
    rows: score.map((difference) => [
      difference.result.row.title,
      String(difference.pairs),
      ...differenceCells(difference, share),
      ...differenceCells(lossOf.get(difference.result), threeDigits),
    ]),
  };
}

function differenceCells(
  difference: Difference | undefined,
  format: (value: number) => string,
): string[] {
  if (!difference) return Array.from({ length: 5 }, () => none);
  const { mean, interval, p, corrected } = difference;
  const signed = (value: number) =>
    `${value > 0 ? "+" : value < 0 ? "−" : ""}${format(Math.abs(value))}`;
  return [
    signed(mean),
    interval ? `${signed(interval.low)} to ${signed(interval.high)}` : none,
    formatProbability(p),
    formatProbability(corrected),
    isToldApart(difference) ? (mean > 0 ? "higher" : "lower") : "no",
  ];
}

const formatProbability = (p: number): string =>
  p < 1e-4 ? "< 0.0001" : String(Number(p.toPrecision(2)));

/** The name of a layer, the same for both models. */
export const layerName = (layer: string): string => layer.replace("linear_layers/", "linear");

/** Mean cosine over seeds of each layer, before and after training, and its angle after; undefined without rows. */
export function alignmentTable(alignments: readonly RowAlignment[]): Table | undefined {
  if (alignments.length === 0) return undefined;
  const names = [
    ...new Set(alignments.flatMap(({ layers }) => layers.map(({ layer }) => layerName(layer)))),
  ];
  return {
    columns: ["Row", ...names.map((name) => `${name}: before → after (angle)`)],
    rows: alignments.map(({ result, layers }) => [
      result.row.title,
      ...names.map((name) => {
        const layer = layers.find((layer) => layerName(layer.layer) === name);
        return layer ? cosineText(layer.before, layer.after) : none;
      }),
    ]),
  };
}

function cosineText(before: readonly number[], after: readonly number[]): string {
  const [first, last] = [before, after].map((values) => mean(values.filter(Number.isFinite)));
  const text = (cosine: number) => Number.isNaN(cosine) ? none : cosine.toFixed(2);
  const angle = Math.acos(Math.min(1, Math.max(-1, last!))) * 180 / Math.PI;
  return `${text(first!)} → ${text(last!)}${Number.isNaN(last!) ? "" : ` (${Math.round(angle)}°)`}`;
}

/** What every row was trained with, beside what all share. */
export function settingsTable(rows: readonly JudgedRow[]): Table {
  const settingsOf = ({ result: { row } }: JudgedRow) => [
    ...row.settings,
    ...row.iterations === undefined ? [] : [`training.iterations=${row.iterations}`],
  ];
  const shared = settingsOf(rows[0]!).filter((setting) =>
    rows.every((row) => settingsOf(row).includes(setting))
  );
  return {
    columns: ["Row", "Settings"],
    rows: [
      ["all rows", shared.join(", ") || none],
      ...rows.map((row) => [
        row.result.row.title,
        settingsOf(row).filter((setting) => !shared.includes(setting)).join(", ") || none,
      ]),
    ],
  };
}
