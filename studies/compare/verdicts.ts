/** What is said of rows: in a word each, and beside what is published. */
import { formatCount, formatNumber, formatShare } from "../../report/format.ts";
import { formatMetric } from "../../report/metric_words.ts";
import { type Difference, isToldApart, pairsNeeded } from "./results/differences.ts";
import type { JudgedRow, Outcome } from "./results/judge_row.ts";
import type { ComparisonResults } from "./results/comparison_results.ts";
import type { Published } from "./row.ts";

/** Outcomes that a published word stands for. */
const meanings: Readonly<Record<Published["outcome"], readonly Outcome[]>> = {
  Good: ["good"],
  Mixed: ["mixed", "partial"],
  Poor: ["partial", "no memory"],
  Fail: ["no memory"],
};

/** Whether what was measured is what was published; undefined: not run, or nothing is published. */
export function isAsPublished({ result: { row }, outcome }: JudgedRow): boolean | undefined {
  if (!row.published || outcome === "not run") return undefined;
  return meanings[row.published.outcome].includes(outcome);
}

/** What the score says of memory, in a word; undefined for a row that was not run, or without such a level. */
export function memoryWord(
  { outcome, isControl, isAboveCeiling, ceiling }: JudgedRow,
): "yes" | "some seeds" | "no" | "control" | "control fails" | undefined {
  if (outcome === "not run" || ceiling === undefined) return undefined;
  if (isControl) return isAboveCeiling ? "control fails" : "control";
  return isAboveCeiling ? "yes" : outcome === "mixed" ? "some seeds" : "no";
}

/** Such as "0.93 (0.87 to 0.97)". */
export function scoreText({ score, result: { facts } }: JudgedRow): string {
  const { mean, interval } = score;
  if (Number.isNaN(mean)) return "–";
  const format = (value: number) => formatMetric({ kind: facts.score.kind }, value);
  return format(mean) + (interval ? ` (${format(interval.low)} to ${format(interval.high)})` : "");
}

/** A line on a published cell: what is published, and what was measured. */
export function publishedLine(judged: JudgedRow, threshold: number): string {
  const { result: { row, seeds }, outcome, good } = judged;
  const { published } = row;
  const note = published?.note === undefined ? "" : ` (${published.note})`;
  const agrees = isAsPublished(judged);
  const measured = outcome === "not run"
    ? "not run here"
    : `here ${outcome}: ${scoreText(judged)}, ${good} of ${seeds.length} seeds end at ` +
      `${formatShare(threshold)} or better${agrees ? "" : ". That is otherwise than published"}`;
  return `${row.title}: published “${published?.outcome}”${note}; ${measured}.`;
}

/** Such as "20 of 22 rows run: 9 good, 3 mixed, 8 no memory". */
export function headlineOf(rows: readonly JudgedRow[]): string {
  const run = rows.filter(({ outcome }) => outcome !== "not run");
  const counts = (["good", "mixed", "partial", "no memory"] as const).flatMap((outcome) => {
    const count = run.filter((row) => row.outcome === outcome).length;
    return count > 0 ? [`${count} ${outcome}`] : [];
  });
  return `${run.length} of ${rows.length} rows run${
    counts.length > 0 ? `: ${counts.join(", ")}` : ""
  }`;
}

/** The outcome in a few sentences. */
export function verdictOf(
  { rows, differences }: Pick<ComparisonResults, "rows" | "differences">,
  { baseline, criterion }: { baseline: string; criterion: number },
): string {
  const titles = (outcome: Outcome) =>
    rows.filter((row) => row.outcome === outcome).map(({ result }) => result.row.title);
  const good = titles("good");
  const controls = rows.filter((row) => row.isControl && row.outcome !== "not run");
  const leaks = controls.filter(({ isAboveCeiling }) => isAboveCeiling);
  return [
    `${headlineOf(rows)}.`,
    ...good.length === 0 ? [`No row ends at ${formatShare(criterion)} in nine of ten seeds.`] : [
      `Good, with nine of ten seeds or more at ${formatShare(criterion)} or better in the end: ` +
      `${good.join("; ")}.`,
    ],
    ...differenceSentences(differences, baseline),
    ...unlikeTraining(rows),
    ...controls.length === 0 ? [] : [
      leaks.length === 0
        ? `All ${controls.length} controls without memory stay at or below their ceiling.`
        : `Controls without memory that are above their ceiling: ${
          leaks.map(({ result }) => result.row.title).join("; ")
        }.`,
    ],
  ].join(" ");
}

/** Which rows differ from the baseline; or that there are too few seeds to tell. */
function differenceSentences(
  { score, loss }: ComparisonResults["differences"],
  baseline: string,
): string[] {
  if (score.length === 0) return [];
  const needed = pairsNeeded(score.length);
  const pairs = Math.max(...[...score, ...loss].map(({ pairs }) => pairs));
  if (pairs < needed) {
    return [
      `To tell ${
        score.length === 1 ? "a row" : `one of ${score.length} rows`
      } apart from “${baseline}” takes ` +
      `${needed} seeds or more, and these are ${pairs}.`,
    ];
  }
  if (score.length > 1) {
    return [
      `Of ${score.length} other rows ${countsApart(score)} score than “${baseline}”; ` +
      `${countsApart(loss)} loss.`,
    ];
  }
  const [[higher], [lower]] = [score, loss];
  return [
    `“${higher!.result.row.title}” against “${baseline}”: score ${differenceText(higher!)}` +
    `${lower ? `; loss ${differenceText(lower)}` : ""}.`,
  ];
}

/** Such as "3 have a higher and none a lower". */
function countsApart(differences: readonly Difference[]): string {
  const apart = differences.filter(isToldApart);
  const higher = apart.filter(({ mean }) => mean > 0).length;
  return `${higher || "none"} can be told to have a higher and ${
    apart.length - higher || "none"
  } a lower`;
}

/** Such as "higher by 0.02 (p 0.03)". */
function differenceText(difference: Difference): string {
  const { mean, corrected } = difference;
  const p = `(p ${formatNumber(Number(corrected.toPrecision(2)))})`;
  return isToldApart(difference)
    ? `${mean > 0 ? "higher" : "lower"} by ${
      formatNumber(Number(Math.abs(mean).toPrecision(2)))
    } ${p}`
    : `not told apart ${p}`;
}

/** Rows are compared as they were trained, which may be on more sequences than others. */
function unlikeTraining(rows: readonly JudgedRow[]): string[] {
  const sequences = rows.filter(({ outcome }) => outcome !== "not run").map(({ result }) => {
    const iterations = Math.max(...result.runs.map((run) => run.iterations));
    return { title: result.row.title, count: iterations * result.config.training.batch_size };
  }).sort((a, b) => a.count - b.count);
  const [fewest, most] = [sequences[0], sequences.at(-1)];
  if (!fewest || !most || fewest.count === most.count) return [];
  return [
    `Rows are trained on unlike numbers of sequences: from ${
      formatCount(fewest.count)
    } (“${fewest.title}”) to ${formatCount(most.count)} (“${most.title}”).`,
  ];
}
