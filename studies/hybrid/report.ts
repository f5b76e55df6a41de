/** Draws the report of the experiment from the folders of its runs. */
import type { Figure } from "../../report/figures/chart.ts";
import { formatCount } from "../../report/format.ts";
import { drawTable, esc } from "../../report/html.ts";
import { drawPage } from "../../report/page/draw_page.ts";
import { drawFigures } from "../../report/page/sections.ts";
import { buildPayload } from "../../report/payload.ts";
import type { ExperimentReport } from "../experiment.ts";
import type { HybridConfiguration, Method } from "./configurations.ts";
import { levelFigure } from "./level_chart.ts";
import { isPublished, methodNotes } from "./method_note.ts";
import {
  compareKinds,
  type Comparison,
  headline,
  type NetworkResult,
  readNetworkResult,
} from "./results.ts";
import { resultsFile } from "./results_file.ts";
import { comparisonTable, networkTable, passedTable } from "./tables.ts";

/**
 * The report of the runs in a folder. The same files give the same report.
 *
 * @param options.method the method of all configurations.
 */
export async function hybridReport(
  out: string,
  { configurations, method }: {
    configurations: readonly HybridConfiguration[];
    method: Method;
  },
): Promise<ExperimentReport> {
  const problems: string[] = [];
  const problem = (line: string) => void problems.push(line);
  const networks = configurations.map((configuration) =>
    readNetworkResult(out, { configuration, problem })
  );
  const comparisons = compareKinds(networks);
  const sentence = headline(networks);
  return {
    headline: sentence,
    html: await drawReport(networks, { comparisons, sentence, problems, method }),
    results: resultsFile(networks, { comparisons, method }),
    problems,
  };
}

function drawReport(
  networks: readonly NetworkResult[],
  { comparisons, sentence, problems, method }: {
    comparisons: readonly Comparison[];
    sentence: string;
    problems: readonly string[];
    method: Method;
  },
): Promise<string> {
  const figures = (["large", "small"] as const).flatMap((size) =>
    levelFigure(size, networks) ?? []
  );
  return drawPage({
    kicker: "Hebb experiment",
    title: "Hybrid memory networks on continual scenes",
    verdict: `${sentence}: the R that the published run had passed after 100,000 updates` +
      (isPublished(method) ? "." : ", begun and trained otherwise than here."),
    lead: drawTiles(networks),
    sections: `${drawCharts(figures)}
<h2>Networks</h2>
<p class="lead">R is what was passed within 100,000 updates. Verdict: whether the median of the seeds is
at least the reference; open where a run has not done its updates yet.</p>
${drawTable(networkTable(networks), { isNumeric: true })}
${drawOptional("Updates and seconds until each R was passed", passedTable(networks))}
${drawOptional("Multiplicative (M) against additive (A) plasticity", comparisonTable(comparisons))}
<h2>Notes</h2>
<ul class="notes">
${[...methodNotes(method), ...notes(problems)].map((note) => `<li>${esc(note)}</li>`).join("\n")}
</ul>`,
    payload: buildPayload({
      axes: { titles: {}, values: {} },
      charts: figures.map(({ chart }) => chart),
    }),
  });
}

const drawCharts = (figures: readonly Figure[]): string =>
  figures.length === 0
    ? "<h2>R passed</h2>\n<p>Nothing has been trained yet.</p>"
    // A figure takes the whole width: it has nine curves.
    : `<h2>R passed</h2>\n${
      figures.map((figure) => `<div class="charts">\n${drawFigures([figure])}\n</div>`).join(
        "<br>\n",
      )
    }`;

const drawOptional = (title: string, table: ReturnType<typeof passedTable>): string =>
  table ? `<h2>${esc(title)}</h2>\n${drawTable(table, { isNumeric: true })}` : "";

function drawTiles(networks: readonly NetworkResult[]): string {
  const seeds = networks.flatMap(({ runs }) => runs.seeds);
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
  const reached = networks.filter(({ verdict }) => verdict === "reached").length;
  const tiles = [
    ["Reach the reference", `${reached} of ${networks.length}`],
    ["Networks trained", formatCount(seeds.length)],
    ["Movies", formatCount(sum(seeds.map(({ sequences }) => sequences)))],
    ["Hours of training", (sum(networks.map(({ runs }) => runs.seconds)) / 3600).toFixed(1)],
  ];
  const items = tiles.map(([name, value]) =>
    `<div><dt>${esc(name)}</dt><dd>${esc(value)}</dd></div>`
  );
  return `<dl class="tiles">\n${items.join("\n")}\n</dl>`;
}

const notes = (problems: readonly string[]): string[] => [
  "R counts as passed after 5 fresh movies in a row with an accuracy of at least 0.99; one movie an " +
  "update, weights and optimizer carry over from R to R.",
  "Reference: read from published figures, one run a network; ≤ marks a bound.",
  "Hours and seconds are training time; hours are summed over the runs. Seeds side by side in one run " +
  "share its time, and runs beside each other share the machine.",
  "Interval: percentile bootstrap of the difference of medians, 10,000 resamples of the seeds; of a " +
  "few seeds it is rough.",
  ...problems,
];
