/** Parts of the report's page that are plain HTML. */
import type { RunAxes } from "../axes.ts";
import type { Figure } from "../figures/chart.ts";
import { finiteMean } from "../figures/curve.ts";
import { lastMetrics } from "../figures/last_metrics.ts";
import { sequencesTitle } from "../figures/tables.ts";
import { headline } from "../figures/headline.ts";
import { formatCount, formatNumber, formatSeconds } from "../format.ts";
import { esc } from "../html.ts";
import { capitalised, formatMetric, wordsOf } from "../metric_words.ts";
import { stateOf } from "../outcome.ts";
import type { RunFiles } from "../run_files.ts";

/** Figures, with the elements that the page's script draws into. */
export function drawFigures(figures: readonly Figure[]): string {
  return figures.map(({ chart, title, caption }) =>
    `<figure>
<figcaption><h3>${esc(title)}</h3><p>${esc(caption)}</p></figcaption>
<div class="chart" id="${esc(chart.id)}"><p>Drawing …</p></div>
</figure>`
  ).join("\n");
}

/** The few numbers that a reader looks for first. A sweep has no one score: its points differ. */
export function drawTiles(files: RunFiles): string {
  const { sequences, seconds } = files.status;
  const passed = lastMetrics(files).get("curriculum/passed");
  const first = files.figures.levels?.first ?? -Infinity;
  const measures = files.sweep ? [] : headline(files);
  const tiles: [string, string | undefined][] = [
    ["Points of the sweep", files.sweep && String(files.sweep.points.length)],
    ["Level passed", files.sweep ? undefined : passed && levelText(passed, first)],
    ...measures.map(({ name, where, facts, values }): [string, string] => [
      `${capitalised(wordsOf(name))} ${where}`,
      formatMetric(facts, finiteMean(values)),
    ]),
    [sequencesTitle(files), sequences === undefined ? undefined : formatCount(sequences)],
    ["Time", seconds === undefined ? undefined : formatSeconds(seconds)],
    ["State", stateOf(files.status)],
  ];
  const drawn = tiles.flatMap(([name, value]) =>
    value === undefined ? [] : [`<div><dt>${esc(name)}</dt><dd>${esc(value)}</dd></div>`]
  );
  return drawn.length === 0 ? "" : `<dl class="tiles">\n${drawn.join("\n")}\n</dl>`;
}

function levelText(passed: readonly number[], first: number): string {
  const mean = finiteMean(passed);
  return mean < first ? "none" : formatNumber(mean);
}

/** Buttons that choose the x axis; empty if there is one axis only. */
export function axisChoice({ titles }: RunAxes): string {
  const axes = Object.entries(titles);
  if (axes.length < 2) return "";
  const inputs = axes.map(([axis, title], index) =>
    `<label><input type="radio" name="axis" value="${esc(axis)}" autocomplete="off" disabled${
      index === 0 ? " checked" : ""
    }> ${esc(title)}</label>`
  );
  return `<fieldset class="choice"><span>x axis:</span>${inputs.join("")}</fieldset>`;
}
