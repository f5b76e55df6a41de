/**
 * The metrics beside loss, score, noisy ones (`noisy_curve.ts`) and rows of them (`metric_series.ts`). Those of the same kind, unit and direction share a figure, so that a
 * metric of anybody's own loss is drawn on an axis that fits it.
 */
import { rangeOf } from "../../core/losses/loss_metric.ts";
import { capitalised, factsOf, scoreOf, withUnit, wordsOf } from "../metric_words.ts";
import { plain } from "../plain_text.ts";
import type { RunFiles } from "../run_files.ts";
import { palette } from "./chart.ts";
import { readCurve } from "./curve.ts";
import type { Level, Line } from "./draw_curves.ts";
import { metricSeries } from "./metric_series.ts";
import type { CurvePanel } from "./panel.ts";

/** Names in a title; more are counted. */
const MOST_NAMES = 4;

/** A panel for each group, in the order of the metrics file. */
export function metricPanels(files: RunFiles): CurvePanel[] {
  const series = metricSeries(files.figures.metrics).flatMap(({ names }) => names);
  const drawn = new Set(["loss", scoreOf(files), ...series]);
  const names = [...files.metrics.curves.keys()].flatMap((key) => {
    const name = /^(?:train|eval)\/([^/]+)$/.exec(key)?.[1];
    return name === undefined || drawn.has(name) || factsOf(files, name).isNoisy ? [] : [name];
  });
  const groups = Map.groupBy(new Set(names), (name) => {
    const facts = factsOf(files, name);
    const { kind, unit, better } = facts;
    // What nobody declares may have any size: it stands alone. In a sweep colours are its points.
    return kind === undefined || files.sweep
      ? name
      : JSON.stringify([kind, unit, better, rangeOf(facts)]);
  });
  return [...groups.values()].map((group, index) => panelOf(files, group, index));
}

function panelOf(files: RunFiles, names: readonly string[], index: number): CurvePanel {
  const facts = factsOf(files, names[0]!);
  const words = names.map(wordsOf);
  const listed = words.slice(0, MOST_NAMES).join(", ");
  const more = words.length > MOST_NAMES ? ` and ${words.length - MOST_NAMES} more` : "";
  const summaries = names.flatMap((name, at) => {
    const { summary } = factsOf(files, name);
    if (summary === undefined) return [];
    return [names.length > 1 ? `${capitalised(words[at]!)}: ${lowerCase(summary)}` : summary];
  });
  const group = facts.kind === "share" ? "share" : "value";
  return {
    id: `metrics-${index}`,
    title: capitalised(listed + more),
    caption: summaries.join(" "),
    lines: names.flatMap((name, at) => linesOf(files, name, palette[at % palette.length]!)),
    options: {
      yTitle: withUnit(names.length > 1 ? group : words[0]!, facts),
      facts,
      levels: names.length > 1 ? [] : guessingLevels(files, names[0]!),
    },
  };
}

/** The level of a network that guesses, if the task knows it. */
export function guessingLevels({ figures: { bounds } }: RunFiles, name: string): Level[] {
  const value = bounds.guessing?.[name];
  return value === undefined ? [] : [{ label: plain(bounds.guessed_by ?? "guessing"), value }];
}

const lowerCase = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);

/** Training and held-out sequences have one colour; the latter are dotted. */
function linesOf({ metrics, sweep }: RunFiles, name: string, colour: string): Line[] {
  const label = wordsOf(name);
  const [train, heldOut] = ["train", "eval"].map((split) =>
    readCurve(metrics, `${split}/${name}`, sweep)
  );
  return [
    ...train ? [{ label, colour, curve: train, dash: "solid" as const }] : [],
    ...heldOut
      ? [{ label: `${label}, held out`, colour, curve: heldOut, dash: "dot" as const }]
      : [],
  ];
}
