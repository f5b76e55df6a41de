/** Parts of the report's page that are plain HTML. */
import type { RunAxes } from "../axes.ts";
import type { Figure } from "../figures/chart.ts";
import { finiteMean } from "../figures/curve.ts";
import { lastMetrics } from "../figures/last_metrics.ts";
import { scoreOf } from "../figures/score_curve.ts";
import { formatCount, formatNumber, formatSeconds, formatShare } from "../format.ts";
import { esc } from "../html.ts";
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

/** The few numbers that a reader looks for first. */
export function drawTiles(files: RunFiles): string {
  const { state, sequences, seconds } = files.status;
  const last = lastMetrics(files);
  const mean = (key: string) => {
    const values = last.get(key);
    return values === undefined ? undefined : finiteMean(values);
  };
  const score = scoreOf(files);
  const scored = mean(`test/${score}`) ?? mean(`eval/${score}`) ?? mean(`train/${score}`);
  const passed = mean("curriculum/passed");
  const loss = mean("eval/loss") ?? mean("train/loss");
  const tiles: [string, string | undefined][] = [
    ["Level passed", passed === undefined ? undefined : formatNumber(passed)],
    [score.replaceAll("_", " "), scored === undefined ? undefined : formatShare(scored)],
    ["Loss", loss === undefined ? undefined : formatNumber(loss)],
    ["Sequences", sequences === undefined ? undefined : formatCount(sequences)],
    ["Time", seconds === undefined ? undefined : formatSeconds(seconds)],
    ["State", state],
  ];
  const drawn = tiles.flatMap(([name, value]) =>
    value === undefined ? [] : [`<div><dt>${esc(name)}</dt><dd>${esc(value)}</dd></div>`]
  );
  return drawn.length === 0 ? "" : `<dl class="tiles">\n${drawn.join("\n")}\n</dl>`;
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
