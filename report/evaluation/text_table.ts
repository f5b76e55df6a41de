/** An evaluation as lines of text, for standard output. */
import { bestText } from "../../store/judged_checkpoint.ts";
import { formatCount, formatNumber } from "../format.ts";
import { fastWeightTable } from "./fast_weight_table.ts";
import { metricRows } from "./metric_rows.ts";
import {
  type Evaluation,
  type MovieJudgement,
  type Proportion,
  replicaColumn,
  type SequenceEvaluation,
} from "../../analysis/evaluate/evaluation.ts";

/** Lines without a line break: a table of movies, or of metrics. */
export const textTable = (evaluation: Evaluation): string[] => [
  ...tablesOf(evaluation),
  ...evaluation.lineage ?? [],
];

function tablesOf(evaluation: Evaluation): string[] {
  if (evaluation.kind === "sequences") return sequenceLines(evaluation);
  const { movies, curve } = evaluation;
  const lines = movieLines("fresh movies", movies);
  return curve.length === 0
    ? lines
    : [...lines, "", ...movieLines("generalisation curve, fresh movies", curve)];
}

function movieLines(title: string, movies: readonly MovieJudgement[]): string[] {
  const { several, common } = networkFacts(movies);
  const columns: Fact[] = [
    ["R", ({ interval }) => String(interval)],
    ...several,
    ["accuracy", ({ proportions }) => describe(proportions["accuracy"])],
    ["FP %", ({ proportions }) => percent(proportions["false_positive_rate"])],
    ["FN %", ({ proportions }) => percent(proportions["false_negative_rate"])],
    ["holds", ({ holds }) => holds ? "yes" : "no"],
  ];
  return [
    `${title} of ${movies[0]?.scenes ?? 0} scenes${common}:`,
    ...align([
      columns.map(([name]) => name),
      ...movies.map((movie) => columns.map(([, of]) => of(movie))),
    ]),
  ];
}

type Fact = readonly [name: string, of: (movie: MovieJudgement) => string];

/** Which network was judged: facts that differ between movies are columns, the others a title. */
export function networkFacts(
  movies: readonly MovieJudgement[],
): { several: readonly Fact[]; common: string } {
  const level: Fact = [
    "level",
    ({ level, passed }) => passed ? String(level) : `newest (${level})`,
  ];
  const facts: Fact[] = [
    replicaColumn(movies),
    // Where every network is judged at its level, R names it.
    ...movies.every(({ level, interval, passed }) => passed && level === interval) ? [] : [level],
    ["updates", ({ updates }) => formatCount(updates)],
  ];
  const several = facts.filter(([, of]) => new Set(movies.map(of)).size > 1);
  const common = movies.slice(0, 1).flatMap((first) =>
    facts.filter((fact) => !several.includes(fact)).map(([name, of]) => `, ${name} ${of(first)}`)
  );
  return { several, common: common.join("") };
}

function sequenceLines(evaluation: SequenceEvaluation): string[] {
  const { networks, score, chance, sequences, all_held_out, best_loss } = evaluation;
  const limits = [
    ...chance === null ? [] : [`chance of ${score} ${chance.toFixed(4)}`],
    ...best_loss === null ? [] : [`best possible loss ${formatNumber(best_loss)}`],
  ];
  const many = networks.length > 1;
  const [column, nameOf] = replicaColumn(networks);
  const rows = metricRows(evaluation, { words: (name) => name, format: String });
  return [
    `${sequences} ${all_held_out ? "held-out sequences, all that there are" : "fresh sequences"}, ${
      judgedNetworks(evaluation)
    }${limits.length > 0 ? ` (${limits.join(", ")})` : ""}`,
    ...align([
      [...many ? [column] : [], "metric", "value [95 %]", "count"],
      ...rows.map(({ network, title, value, count }) => [
        ...many ? [nameOf(network)] : [],
        title,
        value,
        count,
      ]),
    ]),
    ...fastWeightLines(evaluation),
  ];
}

/** Such as "network after 300 updates". */
const judgedNetworks = ({ updates, best }: SequenceEvaluation): string =>
  best ? bestText(best) : `network after ${updates} updates`;

function fastWeightLines(evaluation: SequenceEvaluation): string[] {
  const table = fastWeightTable(evaluation, (name) => name);
  return table
    ? ["", "fast weights, on the same sequences:", ...align([table.columns, ...table.rows])]
    : [];
}

const describe = (proportion: Proportion | undefined): string =>
  proportion ? interval(proportion, (share) => share.toFixed(4)) : "none";

const percent = (proportion: Proportion | undefined): string =>
  proportion ? interval(proportion, (share) => (100 * share).toFixed(2)) : "none";

/** Such as `0.9912 [0.9892, 0.9929]`. */
export function interval(
  { share, low, high }: Proportion,
  format: (share: number) => string,
): string {
  return share === null ? "none" : `${format(share)} [${format(low)}, ${format(high)}]`;
}

function align(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows.map((row) => row.map((cell, column) => cell.padEnd(widths[column]!)).join("  "))
    .map((line) => line.trimEnd());
}
