/** The report of one training run, as one HTML file that needs no network. */
import { runAxes } from "./axes.ts";
import type { Figure } from "./figures/chart.ts";
import { curveFigures, mapFigures } from "./figures/mod.ts";
import { seriesFigures } from "./figures/metric_series.ts";
import { structures, structureTable } from "./figures/structure.ts";
import { MOST_THIN } from "./figures/draw_curves.ts";
import { sweepMapFigures } from "./figures/sweep_maps.ts";
import {
  drawSweepCurve,
  sweepCurve,
  type SweepMetric,
  sweepMetrics,
  sweepTable,
} from "./figures/sweep_table.ts";
import { metricsTable, recordTable, summaryTable } from "./figures/tables.ts";
import { verdict } from "./figures/verdict.ts";
import { drawTable, esc } from "./html.ts";
import { capitalised } from "./metric_words.ts";
import { drawPage } from "./page/draw_page.ts";
import { drawSelect } from "./page/controls.ts";
import { axisChoice, drawFigures, drawTiles } from "./page/sections.ts";
import { drawOwnFigures } from "./own_figures.ts";
import { buildPayload } from "./payload.ts";
import { replicaCount, replicaNames } from "./replica_names.ts";
import { samplesSection } from "./samples_section.ts";
import type { RunFiles } from "./run_files.ts";

/**
 * Renders the report of a run as HTML. The same files give the same bytes: it reads no clock.
 *
 * @example
 * const html = await renderReport(readRunFiles("runs/mine"));
 */
export async function renderReport(files: RunFiles): Promise<string> {
  const curves = curveFigures(files);
  const series = seriesFigures(files);
  const maps = mapFigures(files);
  const axes = runAxes(files);
  const replicas = savedReplicas(files);
  const sweptMetrics = sweepMetrics(files);
  const swept = sweepFigures(files, sweptMetrics);
  const own = drawOwnFigures(files.ownFigures);
  const charts = [...swept, ...curves, ...series, ...own, ...maps].map(({ chart }) => chart);
  return await drawPage({
    kicker: "Hebb training run",
    title: files.status.run ?? "Unnamed run",
    about: aboutLine(files),
    verdict: verdict(files),
    lead: drawTiles(files),
    sections: `${sweepSection(files, sweptMetrics, swept)}${
      curvesSection([...curves, ...series], axisChoice(axes), replicasLead(files))
    }
${samplesSection(files.samples)}${ownSection(own)}${
      mapsSection(maps, replicaChoice(replicas, files))
    }
<h2>Results</h2>
<div class="tables">
${drawTable(summaryTable(files))}
${drawTable(metricsTable(files), { isNumeric: true })}
${structureSection(files)}</div>
${notesSection(files)}
${recordSection("Resolved configuration", files.config)}
${recordSection("Environment", files.environment)}`,
    payload: buildPayload({ axes, controls: { replica: { initial: replicas[0] ?? 0 } }, charts }),
  });
}

/** What the network was to do, and what it is. */
function aboutLine({ figures: { task }, config }: RunFiles): string {
  const nameOf = (section: string) => {
    const { name } = (config[section] ?? {}) as Record<string, unknown>;
    return typeof name === "string" ? name : undefined;
  };
  // A task without a summary has its name there.
  const says = task && task.summary !== task.name ? `: ${task.summary}` : "";
  const taskName = task?.name ?? nameOf("task");
  const parts = [
    taskName && `Task ${taskName}${says}`,
    nameOf("model") && `Model ${nameOf("model")}`,
    nameOf("updater") && `Learning rule ${nameOf("updater")}`,
  ];
  return parts.filter((part) => part !== undefined).join(". ");
}

function curvesSection(figures: readonly Figure[], choice: string, lead: string): string {
  if (figures.length === 0) return "<h2>Learning</h2>\n<p>No metrics were logged.</p>";
  return `<div class="bar"><h2>Learning</h2>${choice}</div>${lead}
<div class="charts">
${drawFigures(figures)}
</div>`;
}

function replicasLead(files: RunFiles): string {
  const replicas = replicaCount(files);
  if (replicas === 1) return "";
  const text = files.sweep
    ? "One colour a point of the sweep." +
      (replicas === files.sweep.points.length
        ? ""
        : replicas > MOST_THIN
        ? " A line is the mean of a point's seeds, over those that are finite."
        : " Thin lines: single replicas. Thick: the mean of a point's seeds, over those that are finite.")
    : `Thin lines: ${replicas} replicas. Thick: their mean, over those that are finite.`;
  return `<p class="lead">${text}</p>`;
}

/** The outcome of each point of a sweep. */
function sweepSection(
  files: RunFiles,
  metrics: readonly SweepMetric[],
  figures: readonly Figure[],
): string {
  if (metrics.length === 0) return "";
  const hasSeeds = files.sweep?.points.some(({ replicas }) => replicas.length > 1);
  return `<h2>Sweep</h2>
${figures.length === 0 ? "" : `<div class="charts">\n${drawFigures(figures)}\n</div>\n`}${
    hasSeeds ? `<p class="lead">Means over seeds (the lowest to the highest of them).</p>\n` : ""
  }${drawTable(sweepTable(files, metrics), { isNumeric: true })}
`;
}

function sweepFigures(files: RunFiles, metrics: readonly SweepMetric[]): Figure[] {
  const curve = sweepCurve(files, metrics);
  if (!curve) return sweepMapFigures(files);
  return [{
    chart: drawSweepCurve(curve),
    title: `${capitalised(curve.axis.title)} over ${curve.name}`,
    caption:
      `${curve.metric.title}, at the end. Points: single replicas. Line: the mean of a value's seeds.`,
  }];
}

/** Figures that the script of the run gave. */
function ownSection(figures: readonly Figure[]): string {
  if (figures.length === 0) return "";
  return `<h2>Figures of its script</h2>
<div class="charts">
${drawFigures(figures)}
</div>
`;
}

function mapsSection(figures: readonly Figure[], choice: string): string {
  if (figures.length === 0) return "";
  return `<div class="bar"><h2>Weights</h2>${choice}</div>
<p class="lead">Post: the units that receive, one a row. Pre: the units or inputs that send, one a column.</p>
<div class="charts maps">
${drawFigures(figures)}
</div>`;
}

/** Measures of what the weights of a plastic network have become. */
function structureSection(files: RunFiles): string {
  const measured = structures(files);
  return measured.length === 0
    ? ""
    : `${drawTable(structureTable(measured), { isNumeric: true })}\n`;
}

/** What the task says of its settings, as the command said it, and what was not measured or drawn. */
function notesSection({ figures: { task, notes } }: RunFiles): string {
  const texts = [...(task?.notes ?? []).map((note) => `task.${note}`), ...notes];
  if (texts.length === 0) return "";
  const items = texts.map((note) => `<li>${esc(note)}</li>`).join("\n");
  return `<h2>Notes</h2>
<ul class="notes">
${items}
</ul>`;
}

function recordSection(title: string, record: Readonly<Record<string, unknown>>): string {
  if (Object.keys(record).length === 0) return "";
  return `<h2>${esc(title)}</h2>
<div class="paths">${drawTable(recordTable(record, "Name"))}</div>`;
}

/** The list that chooses the replica whose weights are shown. */
function replicaChoice(replicas: readonly number[], files: RunFiles): string {
  const names = replicaNames(files);
  return drawSelect("replica", {
    label: "network",
    options: replicas.map((replica) => ({
      value: replica,
      text: names[replica] ?? `replica ${replica}`,
    })),
  });
}

/** Numbers of the replicas whose matrices were saved, in order. */
function savedReplicas({ figures }: RunFiles): number[] {
  const replicas = figures.matrices.flatMap(({ replica }) =>
    replica === undefined ? [] : [replica]
  );
  return [...new Set(replicas)].sort((a, b) => a - b);
}
