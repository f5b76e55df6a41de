/** Draws the report of the experiment from the folders of its runs. */
import type { Figure } from "../../report/figures/chart.ts";
import { formatCount, formatSeconds } from "../../report/format.ts";
import { drawTable, esc, type Table } from "../../report/html.ts";
import { drawPage } from "../../report/page/draw_page.ts";
import { drawFigures } from "../../report/page/sections.ts";
import { buildPayload } from "../../report/payload.ts";
import type { ExperimentReport } from "../experiment.ts";
import type { AttractorConfiguration } from "./configurations.ts";
import { figuresOf, weightFigures } from "./figures/mod.ts";
import { findingOf } from "./findings.ts";
import { headlineOf, verdictOf } from "./verdict.ts";
import { type AttractorResults, type PointResult, readResults } from "./results.ts";
import { resultsFile } from "./results_file.ts";
import { studies, type StudyName } from "./studies.ts";
import {
  capacityTable,
  cueTable,
  publishedTable,
  rateTable,
  recallTable,
  ruleTable,
  trainingTable,
} from "./tables.ts";

/** The report of the runs in a folder. The same files give the same report. */
export async function attractorReport(
  out: string,
  configurations: readonly AttractorConfiguration[],
): Promise<ExperimentReport> {
  const problems: string[] = [];
  const problem = (line: string) => void problems.push(line);
  const results = readResults(out, { configurations, problem });
  return {
    headline: headlineOf(results),
    html: await drawReport(results, problems),
    results: resultsFile(results),
    problems,
  };
}

/** The part of the page on one study. */
interface Section {
  readonly name: StudyName;
  readonly title: string;
  readonly finding: string;
  readonly figures: readonly Figure[];
  readonly maps: readonly Figure[];
  readonly tables: readonly (Table | undefined)[];
}

const tables: Readonly<
  Record<StudyName, (points: readonly PointResult[]) => (Table | undefined)[]>
> = {
  "single-memory": (points) => [publishedTable(points), trainingTable(points)],
  "two-memories": (points) => [publishedTable(points), trainingTable(points), recallTable(points)],
  "activation-sweep": (points) => [publishedTable(points), trainingTable(points)],
  "structure-ablation": (points) => [trainingTable(points), recallTable(points)],
  "memory-sweep": (points) => [publishedTable(points), trainingTable(points), recallTable(points)],
  noise: (points) => [cueTable(points), recallTable(points)],
  "hebb-comparison": (points) => [ruleTable(points)],
  capacity: (points) => [capacityTable(points)],
  "noise-aware": (points) => [recallTable(points), cueTable(points)],
  "network-size": (points) => [capacityTable(points)],
  correlation: (points) => [trainingTable(points), recallTable(points)],
  sparsity: (points) => [trainingTable(points), recallTable(points)],
  "firing-rate": (points) => [rateTable(points), trainingTable(points)],
};

function sectionsOf({ points }: AttractorResults): Section[] {
  return studies.map(({ name, title }) => {
    const studyPoints = points.filter(({ configuration, networks }) =>
      networks.length > 0 && configuration.studies.includes(name)
    );
    return {
      name,
      title,
      finding: findingOf(name, studyPoints),
      figures: figuresOf(name, studyPoints),
      maps: name === "memory-sweep" ? weightFigures(studyPoints) : [],
      tables: studyPoints.length === 0 ? [] : tables[name](studyPoints),
    };
  });
}

/** The page that shows some results, as HTML. */
export async function drawReport(
  results: AttractorResults,
  problems: readonly string[] = [],
): Promise<string> {
  const sections = sectionsOf(results);
  const figures = sections.flatMap((section) => [...section.figures, ...section.maps]);
  return await drawPage({
    kicker: "Hebb experiment",
    title: "Memories learned as attractors",
    verdict: verdictOf(results),
    lead: drawTiles(results),
    sections: `${sections.map(drawSection).join("\n")}
<h2>Notes</h2>
<ul class="notes">
${[...notes, ...problems].map((note) => `<li>${esc(note)}</li>`).join("\n")}
</ul>`,
    payload: buildPayload({
      axes: { titles: {}, values: {} },
      charts: figures.map(({ chart }) => chart),
    }),
  });
}

const drawSection = ({ name, title, finding, figures, maps, tables }: Section): string =>
  `<h2 id="study-${name}">${esc(title)}</h2>
<p class="finding">${esc(finding)}</p>
${figures.length === 0 ? "" : `<div class="charts">\n${drawFigures(figures)}\n</div>`}
${maps.length === 0 ? "" : `<div class="charts maps">\n${drawFigures(maps)}\n</div>`}
${
    tables.flatMap((table) =>
      table && table.rows.length > 0 ? [drawTable(table, { isNumeric: true, isDense: true })] : []
    )
      .join("\n")
  }`;

function drawTiles({ points, seconds }: AttractorResults): string {
  const networks = points.flatMap((point) => point.networks);
  const trained = points.filter((point) => point.networks.length > 0);
  const examined = networks.filter(({ examination }) => examination !== undefined);
  const trainedNames = new Set(trained.map(({ configuration }) => configuration.name));
  const names = new Set(points.map(({ configuration }) => configuration.name));
  const tiles = [
    ["Configurations trained", `${trainedNames.size} of ${names.size}`],
    ["Networks", formatCount(networks.length)],
    ["Networks examined", formatCount(examined.length)],
    ["Training time", formatSeconds(seconds)],
  ];
  const items = tiles.map(([name, value]) =>
    `<div><dt>${esc(name)}</dt><dd>${esc(value)}</dd></div>`
  );
  return `<dl class="tiles">\n${items.join("\n")}\n</dl>`;
}

const notes = [
  "Forms. Early: the first published one (no symmetry, no fixed-point loss, L2 of 1e-4, all memories in " +
  "every update). Published: the final one (W symmetric with a free diagonal, absolute overlap, fixed-point " +
  "loss, L2 of 1e-6, one memory an update). Strict: published with zero diagonal and signed overlap. Margin, " +
  "our default: strict with a margin for every bit, a rate of 0.01, and all memories in every update.",
  "Numbers are means over the seeds with 95% intervals (Student's t). Intervals of shares of tries are taken " +
  "over the seeds too, since tries of one network share its weights. If all tries of all seeds succeed, or none, " +
  "each seed counts as one trial.",
  "Updates: mean, least and most of the seeds that converged. Bars around a name, as in |Retention|, mean the " +
  "absolute value.",
  "Seeds are trained side by side. A seed that diverges is trained no further; the others go on.",
  "Converged: 20 updates in a row in which every sequence trained on has a retention and reaction of at " +
  "least 0.99. With one memory an update, the memories take turns, as published.",
  "Retention: mean overlap m·h/N after the presentation; the absolute one counts the inverse of a memory " +
  "as the memory. Reaction: the largest overlap during it. Tests are signed whatever the training was.",
  "With a free diagonal, W = c I with a large c holds any state, and so does any W near it: such a network " +
  "keeps its memories, and everything else.",
  "Columns of flipped bits: exact recall from first states with exactly that share of bits flipped and no " +
  "input, which is every bit right after 50 steps; 5% and 10% of 64 bits are 3 and 6. Rules stand in place of " +
  "W without self-excitation, scaled to the mean input that W gives a bit.",
  "Starts are states of random bits: the share that ends in a memory or its inverse, in another stable state " +
  "(spurious), or in none within 50 steps (not settled). All neurons change at once, so a symmetric network " +
  "may alternate between two states. A spurious state and its inverse count as two.",
  "Published: one run, seed 42. The published noise is clamped to the range of the bits, so that even " +
  "σ = 0.5 turns 2.3% of the signs; the input stays on for a fifth of the sequence.",
  "Ablations with margin, damaged cues, correlation, sparsity and activity are trained on sequences of " +
  "200 steps (40 of presentation), a fifth of the published ones. Capacity and size are trained on two steps, " +
  "with the margin as the only loss.",
];
