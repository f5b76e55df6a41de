/** The page and the lines of a comparison of stored runs. */
import { formatCount } from "../../report/format.ts";
import { drawTable, esc, type Table } from "../../report/html.ts";
import { drawPage } from "../../report/page/draw_page.ts";
import { drawFigures } from "../../report/page/sections.ts";
import { buildPayload } from "../../report/payload.ts";
import { plainTable } from "../../report/runs/plain_table.ts";
import type { ComparedRow } from "./compared_row.ts";
import { curveFigures } from "./curves.ts";
import {
  differingSettings,
  mainMetrics,
  metricNamesOf,
  metricTable,
  settingsTable,
  summaryOf,
} from "./tables.ts";

/** What of a comparison is shown; default: scores and losses in lines and curves, all metrics in the page's table. */
export interface ComparisonOptions {
  readonly metrics?: readonly string[] | undefined;
}

/** The comparison as lines of text. */
export function comparisonLines(
  rows: readonly ComparedRow[],
  { metrics }: ComparisonOptions = {},
): string[] {
  const settings = settingsTable(rows);
  return [
    ...settings ? tableLines(settings) : ["no setting differs"],
    "",
    ...tableLines(metricTable(rows, metrics ?? mainMetrics(rows))),
    "mean ± half of its 95% interval over networks",
  ];
}

const tableLines = ({ columns, rows }: Table): string[] => plainTable([columns, ...rows]);

/** The comparison as data. */
export function comparisonJson(
  rows: readonly ComparedRow[],
  { metrics }: ComparisonOptions = {},
): object {
  const paths = differingSettings(rows);
  return rows.map((row) => ({
    label: row.label,
    folder: row.folder,
    seeds: row.seeds,
    settings: Object.fromEntries(paths.map((path) => [path, row.settings[path] ?? null])),
    metrics: Object.fromEntries(
      (metrics ?? metricNamesOf(rows)).map((name) => {
        const { count = 0, mean = NaN, interval } = summaryOf(row, name) ?? {};
        return [name, {
          networks: count,
          mean: Number.isFinite(mean) ? mean : null,
          interval_95: interval ?? null,
        }];
      }),
    ),
  }));
}

/** The names of few rows, or the number of many. */
const titleOf = (rows: readonly ComparedRow[]): string =>
  rows.length <= 4
    ? rows.map(({ label }) => label).join(" · ")
    : `Comparison of ${formatCount(rows.length)} runs and points`;

/** The comparison as one HTML page. */
export function drawComparison(
  rows: readonly ComparedRow[],
  { metrics }: ComparisonOptions = {},
): Promise<string> {
  const figures = curveFigures(rows, metrics ?? mainMetrics(rows));
  const settings = settingsTable(rows);
  const networks = rows.reduce((sum, { seeds }) => sum + seeds.length, 0);
  return drawPage({
    kicker: "Hebb runs",
    title: titleOf(rows),
    verdict: settings
      ? `${formatCount(networks)} networks; ${settings.rows.length} ${
        settings.rows.length === 1 ? "setting differs" : "settings differ"
      }.`
      : `${formatCount(networks)} networks; no setting differs.`,
    sections: [
      settings ? `<h2>Settings that differ</h2>\n${drawTable(settings, { isDense: true })}` : "",
      "<h2>Curves</h2>",
      ...figures.map((figure) => `<div class="charts tall">\n${drawFigures([figure])}\n</div>`),
      "<h2>Newest metrics</h2>",
      `<p class="lead">Mean ± half of its 95% interval over networks (Student's t). Intervals of two runs that do not ` +
      "overlap tell them apart; overlapping ones do not say that they are equal.</p>",
      drawTable(metricTable(rows, metrics ?? metricNamesOf(rows)), {
        isNumeric: true,
        isDense: true,
      }),
      `<h2>Folders</h2>\n<ul class="notes">\n${
        [...new Set(rows.map(({ folder }) => folder))].map((folder) => `<li>${esc(folder)}</li>`)
          .join("\n")
      }\n</ul>`,
    ].join("\n"),
    payload: buildPayload({
      axes: { titles: {}, values: {} },
      charts: figures.map(({ chart }) => chart),
    }),
  });
}
