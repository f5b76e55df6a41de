/** Draws the report of a comparison from the folders of its runs. */
import { formatCount, formatSeconds, formatShare } from "../../report/format.ts";
import type { Figure } from "../../report/figures/chart.ts";
import { drawTable, esc, type Table } from "../../report/html.ts";
import { drawPage } from "../../report/page/draw_page.ts";
import { drawFigures } from "../../report/page/sections.ts";
import { buildPayload } from "../../report/payload.ts";
import type { ExperimentReport } from "../experiment.ts";
import type { Comparison } from "./comparison.ts";
import { alignmentFigure, curveFigures, scoreFigure } from "./figures.ts";
import { judgedOn } from "./judged_on.ts";
import { notesOn } from "./notes.ts";
import { measureAlignments } from "./results/alignments.ts";
import type { ComparisonResults } from "./results/comparison_results.ts";
import { differencesFrom } from "./results/differences.ts";
import { type JudgedRow, judgeRows } from "./results/judge_row.ts";
import { readRow } from "./results/read_row.ts";
import { resultsFile } from "./results_file.ts";
import { alignmentTable, differenceTable, rowTable, settingsTable } from "./tables.ts";
import { headlineOf, isAsPublished, publishedLine, verdictOf } from "./verdicts.ts";

/** The report of the runs in a folder. The same files give the same report. */
export async function comparisonReport(
  out: string,
  comparison: Comparison,
): Promise<ExperimentReport> {
  const problems: string[] = [];
  const problem = (line: string) => void problems.push(line);
  const results = comparison.rows.map((row) => readRow(out, { row, problem }));
  const baseline = results.find(({ row }) => row.name === comparison.baseline)!;
  const all: ComparisonResults = {
    rows: judgeRows(results, comparison.criterion),
    differences: {
      score: differencesFrom(baseline, results, "score"),
      loss: differencesFrom(baseline, results, "loss"),
    },
    alignments: await measureAlignments(results, { problem }),
  };
  return {
    headline: headlineOf(all.rows),
    html: await drawReport(comparison, all, problems),
    results: resultsFile(comparison, all),
    problems,
  };
}

/** The page that shows some results, as HTML. */
export function drawReport(
  comparison: Comparison,
  { rows, differences, alignments }: ComparisonResults,
  problems: readonly string[] = [],
): Promise<string> {
  const { criterion, title } = comparison;
  const scores = [scoreFigure(rows) ?? []].flat();
  const curves = curveFigures(rows, comparison.studies ?? []);
  const angles = [alignmentFigure(alignments, rows) ?? []].flat();
  const [{ result: { config } }] = rows as readonly [JudgedRow];
  const baseline = comparison.rows.find(({ name }) => name === comparison.baseline)!;
  return drawPage({
    kicker: "Hebb comparison",
    title,
    about: `Task ${config.task.name}; every row is one run with all seeds side by side.`,
    verdict: verdictOf({ rows, differences }, { baseline: baseline.title, criterion }),
    lead: drawTiles(rows),
    sections: [
      drawSection("Scores", "", scores),
      `<h2>Rows</h2>\n${drawTable(rowTable(rows, criterion), { isNumeric: true, isDense: true })}`,
      drawPublished(rows, criterion),
      drawOptional(
        `Differences from “${baseline.title}”`,
        `On ${
          judgedOn(rows).end
        }, pair by pair: equal seeds draw equal sequences. Told apart: p, corrected for the ` +
          "number of rows, is below 0.05.",
        differenceTable(differences),
        { isDense: true },
      ),
      drawSection("Along the training", "", curves),
      drawSection(
        "Directions of updates",
        "How far the updates of dfa point along the exact gradient of the step, which backprop follows.",
        angles,
      ),
      drawOptional("", "", alignmentTable(alignments), { isDense: true }),
      `<h2>Settings</h2>\n${drawTable(settingsTable(rows))}`,
      `<h2>Notes</h2>\n${drawList([...notesOn(rows, criterion), ...problems])}`,
    ].join("\n"),
    payload: buildPayload({
      axes: { titles: {}, values: {} },
      charts: [...scores, ...curves, ...angles].map(({ chart }) => chart),
    }),
  });
}

const drawList = (lines: readonly string[]): string =>
  `<ul class="notes">\n${lines.map((line) => `<li>${esc(line)}</li>`).join("\n")}\n</ul>`;

const drawSection = (title: string, text: string, figures: readonly Figure[]): string =>
  figures.length === 0
    ? ""
    : `<h2>${esc(title)}</h2>\n${text === "" ? "" : `<p class="lead">${esc(text)}</p>\n`}` +
      // A figure takes the whole width: its legend has long names.
      figures.map((figure) => `<div class="charts tall">\n${drawFigures([figure])}\n</div>`).join(
        "\n",
      );

const drawOptional = (
  title: string,
  text: string,
  table: Table | undefined,
  options: { isDense?: boolean } = {},
): string =>
  table === undefined
    ? ""
    : `${title === "" ? "" : `<h2>${esc(title)}</h2>\n`}${
      text === "" ? "" : `<p class="lead">${esc(text)}</p>\n`
    }${drawTable(table, { isNumeric: true, ...options })}`;

/** A line for each published row. */
function drawPublished(rows: readonly JudgedRow[], criterion: number): string {
  const published = rows.filter(({ result }) => result.row.published);
  if (published.length === 0) return "";
  const told = published.flatMap((row) => isAsPublished(row) ?? []);
  const agree = told.filter((agrees) => agrees).length;
  return `<h2>Beside what is published</h2>
<p class="lead">${
    esc(
      `${agree} of ${told.length} cells come out as published. What is published are words without numbers, of networks ` +
        "512 wide with three layers.",
    )
  }</p>
${drawList(published.map((row) => publishedLine(row, criterion)))}`;
}

function drawTiles(rows: readonly JudgedRow[]): string {
  const run = rows.filter(({ outcome }) => outcome !== "not run");
  const seeds = run.flatMap(({ result }) => result.seeds);
  const diverged = run.reduce((sum, row) => sum + row.diverged, 0);
  const seconds = run.flatMap(({ result }) => result.runs)
    .reduce((sum, { seconds }) => sum + seconds, 0);
  const tiles = [
    ["Rows run", `${run.length} of ${rows.length}`],
    ["Networks", formatCount(seeds.length)],
    [
      "Diverged",
      seeds.length === 0 ? "–" : `${diverged} (${formatShare(diverged / seeds.length)})`,
    ],
    ["Training time, summed", formatSeconds(seconds)],
  ];
  const items = tiles.map(([name, value]) =>
    `<div><dt>${esc(name)}</dt><dd>${esc(value)}</dd></div>`
  );
  return `<dl class="tiles">\n${items.join("\n")}\n</dl>`;
}
