/** The page of an evaluation; the same evaluation gives the same bytes. */
import type { Figure } from "../figures/chart.ts";
import { formatCount } from "../format.ts";
import { drawTable, esc, type Table } from "../html.ts";
import { capitalised } from "../metric_words.ts";
import { drawPage } from "../page/draw_page.ts";
import { drawFigures } from "../page/sections.ts";
import { buildPayload } from "../payload.ts";
import {
  type Evaluation,
  type LevelEvaluation,
  type MovieJudgement,
  networkName,
  type Proportion,
  replicaColumn,
  type SequenceEvaluation,
} from "../../analysis/evaluate/evaluation.ts";
import { levelFigures, words } from "./figures.ts";
import { sequenceFigures } from "./sequence_figures.ts";
import { formatNumberList } from "../../config/number_list.ts";
import { FAST_WEIGHT_NOTE, fastWeightTable } from "./fast_weight_table.ts";
import { metricRows } from "./metric_rows.ts";
import { sequenceVerdict } from "./sequence_verdict.ts";
import { interval, networkFacts } from "./text_table.ts";

/** One HTML file that needs no network. */
export async function drawEvaluation(evaluation: Evaluation): Promise<string> {
  const isLevels = evaluation.kind === "levels";
  const figures = isLevels ? levelFigures(evaluation) : sequenceFigures(evaluation);
  return await drawPage({
    kicker: "Hebb evaluation, on sequences never trained on",
    title: evaluation.run,
    verdict: [
      isLevels ? levelVerdict(evaluation) : sequenceVerdict(evaluation),
      ...evaluation.lineage ?? [],
    ].join(" "),
    lead: drawTiles(isLevels ? levelTiles(evaluation) : sequenceTiles(evaluation)),
    sections: isLevels
      ? levelSections(evaluation, figures)
      : section("Metrics", { figures, table: sequenceTable(evaluation) }) +
        fastWeightSection(evaluation),
    payload: buildPayload({
      axes: { titles: {}, values: {} },
      charts: figures.map(({ chart }) => chart),
    }),
  });
}

function levelSections({ movies, curve }: LevelEvaluation, figures: readonly Figure[]): string {
  const part = (title: string, judged: readonly MovieJudgement[], charts: readonly Figure[]) =>
    section(title + networkFacts(judged).common, { figures: charts, table: movieTable(judged) });
  const levels = part("Fresh movies", movies, figures.slice(0, 2));
  if (curve.length === 0) return levels;
  return `${levels}\n${part("Generalisation curve", curve, figures.slice(2))}`;
}

const section = (
  title: string,
  { figures, table }: { figures: readonly Figure[]; table: Table },
): string =>
  `<h2>${esc(title)}</h2>
<div class="charts">
${drawFigures(figures)}
</div>
<h2>Numbers</h2>
${drawTable(table, { isNumeric: true })}`;

function fastWeightSection(evaluation: SequenceEvaluation): string {
  const table = fastWeightTable(evaluation, words);
  if (!table) return "";
  return `
<h2>What the fast weights carry</h2>
<p class="lead">${esc(FAST_WEIGHT_NOTE)}</p>
${drawTable({ ...table, columns: table.columns.map(capitalised) }, { isNumeric: true })}`;
}

function levelVerdict({ movies, curve }: LevelEvaluation): string {
  const hold = movies.filter(({ holds }) => holds);
  const scenes = formatCount(movies[0]?.scenes ?? 0);
  const held = `On fresh movies of ${scenes} scenes, ${hold.length} of ${movies.length} hold ` +
    `(accuracy at least 0.985, false positives at most 1 %, false negatives at most 3 %)` +
    (hold.length > 0 ? `, the longest at R = ${Math.max(...hold.map(intervalOf))}.` : ".");
  const carried = [...Map.groupBy(curve, ({ label }) => label).values()].map((group) => {
    const { label } = group[0]!;
    const whose = movies.some((movie) => movie.label !== label) ? `, ${label},` : "";
    const where = group.filter(({ holds }) => holds).map(intervalOf);
    const what = where.length > 0 ? `holds at R = ${formatNumberList(where)}` : "holds at no R";
    return `The ${networkName(group[0]!)}${whose} ${what} of ` +
      `${formatNumberList(group.map(intervalOf))} on the generalisation curve.`;
  });
  return [held, ...carried].join(" ");
}

const intervalOf = ({ interval }: MovieJudgement): number => interval;

type Tiles = readonly (readonly [name: string, value: string])[];

function levelTiles({ movies, task, model }: LevelEvaluation): Tiles {
  // The network of the highest level, at the R nearest to that level.
  const distance = ({ interval, level }: MovieJudgement) => Math.abs(interval - level);
  const shown = movies.toSorted((a, b) => b.level - a.level || distance(a) - distance(b))[0];
  const share = (name: string, format: (share: number) => string) => {
    const value = shown?.proportions[name]?.share;
    return value === null || value === undefined ? "none" : format(value);
  };
  const percent = (value: number) => `${(100 * value).toFixed(2)} %`;
  const at = `at R = ${shown?.interval ?? 0}`;
  return [
    ["Movies", String(movies.length)],
    [`Accuracy ${at}`, share("accuracy", (value) => value.toFixed(4))],
    [`False positives ${at}`, share("false_positive_rate", percent)],
    [`False negatives ${at}`, share("false_negative_rate", percent)],
    ["Task", words(task)],
    ["Model", model],
  ];
}

const sequenceTiles = ({ sequences, task, model, updater }: SequenceEvaluation): Tiles => [
  ["Sequences", formatCount(sequences)],
  ["Task", words(task)],
  ["Model", model],
  ["Updater", updater],
];

const drawTiles = (tiles: Tiles): string =>
  `<dl class="tiles">\n${
    tiles.map(([name, value]) => `<div><dt>${esc(name)}</dt><dd>${esc(value)}</dd></div>`)
      .join("\n")
  }\n</dl>`;

function movieTable(movies: readonly MovieJudgement[]): Table {
  const rate = (proportion: Proportion | undefined, format: (share: number) => string) =>
    proportion
      ? [interval(proportion, format), `${proportion.count} / ${proportion.of}`]
      : ["none", ""];
  const percent = (share: number) => (100 * share).toFixed(2);
  const { several } = networkFacts(movies);
  return {
    columns: [
      "R",
      "Holds",
      ...several.map(([name]) => name[0]!.toUpperCase() + name.slice(1)),
      "Accuracy [95 %]",
      "right / scenes",
      "False positives, %",
      "wrong / new",
      "False negatives, %",
      "missed / repeats",
    ],
    rows: movies.map((movie) => [
      String(movie.interval),
      movie.holds ? "yes" : "no",
      ...several.map(([, of]) => of(movie)),
      ...rate(movie.proportions["accuracy"], (share) => share.toFixed(4)),
      ...rate(movie.proportions["false_positive_rate"], percent),
      ...rate(movie.proportions["false_negative_rate"], percent),
    ]),
  };
}

function sequenceTable(evaluation: SequenceEvaluation): Table {
  const [column, nameOf] = replicaColumn(evaluation.networks);
  return {
    columns: ["Metric", column === "seed" ? "Seed" : "Replica", "Value [95 %]", "Count"],
    rows: metricRows(evaluation, { words, format: formatCount })
      .map(({ network, title, value, count }) => [title, nameOf(network), value, count]),
  };
}
