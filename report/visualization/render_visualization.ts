/** The page of `visualize`; the same views give the same bytes. */
import { distinctIds } from "../figures/distinct_ids.ts";
import { hasTraces, tracesFigure } from "./output_traces.ts";
import type { Choice, Figure } from "../figures/chart.ts";
import { formatCount, formatNumber } from "../format.ts";
import { drawTable, esc } from "../html.ts";
import { drawSelect, drawSlider, shownWhen } from "../page/controls.ts";
import { drawPage } from "../page/draw_page.ts";
import { drawFigures } from "../page/sections.ts";
import { buildPayload, type Control } from "../payload.ts";
import {
  activityFigures,
  type ChartTarget,
  outputFigure,
  quantisationNote,
  seriesFigures,
  weightFigures,
} from "./figures.ts";
import type { NetworkView } from "./network_view.ts";
import type { Probe } from "../../analysis/probe/probe_network.ts";
import { stepNumbersFigure } from "./step_numbers_figure.ts";
import { describeStep } from "./scene_marks.ts";
import { plasticTable } from "./tables.ts";

export interface Visualization {
  /** Name of the run's folder. */
  readonly run: string;
  /** Task and model, as the config names them. */
  readonly task: string;
  readonly model: string;
  readonly device: string;
  /** A view for each level, the lowest first. */
  readonly views: readonly NetworkView[];
}

/** The figures of one network. */
interface Part {
  readonly view: NetworkView;
  readonly target: ChartTarget;
  readonly choice: Choice;
  readonly activity: readonly Figure[];
  readonly series: readonly Figure[];
  readonly weights: readonly Figure[];
  readonly rates: readonly Figure[];
}

const control = "network";

/** Whether the output is a state after the step, number by number, and so among the activities already. */
function isDrawnAsState({ probe: { output, states } }: NetworkView): boolean {
  return output.shape.length > 0 &&
    states.some(({ values }) =>
      values.length === output.values.length &&
      values.every((value, index) => Object.is(value, output.values[index]))
    );
}

/** One HTML file that needs no network. */
export async function renderVisualization(visualization: Visualization): Promise<string> {
  const { run, views } = visualization;
  const apart = distinctIds();
  const parts = views.map((view, index): Part => {
    const target = { id: `network-${index}`, slider: `frame-${index}` };
    return {
      view,
      target,
      choice: { [control]: index },
      activity: apart([
        ...hasTraces(view.probe)
          ? [tracesFigure(view, target)]
          : isDrawnAsState(view)
          ? []
          : [outputFigure(view, target)],
        ...stepNumbersFigure(view, target),
        ...activityFigures(view, target),
      ]),
      series: apart(seriesFigures(view, target)),
      weights: apart(weightFigures(view.weights, target)),
      rates: apart(weightFigures(view.rates, target)),
    };
  });
  const last = parts.length - 1;
  const controls: Record<string, Control> = { [control]: { initial: last } };
  for (const { view, target } of parts) controls[target.slider] = sliderControl(view);
  const figures = parts.flatMap((part) => [
    ...part.activity,
    ...part.series,
    ...part.weights,
    ...part.rates,
  ]);
  return await drawPage({
    kicker: "Hebb visualization, on a sequence never trained on",
    title: run,
    verdict: verdictOf(visualization),
    sections: `${controlBar(parts)}
${parts.map(drawPart).join("\n")}
<h2>Notes</h2>
<ul class="notes">
${notesOf(visualization).map((note) => `<li>${esc(note)}</li>`).join("\n")}
</ul>`,
    payload: buildPayload({
      axes: { titles: {}, values: {} },
      controls,
      charts: figures.map(({ chart }) => chart),
    }),
  });
}

/** "R = 13", or "update 2,000" if the task has no R. */
export const networkLabel = ({ interval, network }: Probe): string =>
  interval === undefined ? `update ${formatCount(network.iteration)}` : `R = ${interval}`;

function sliderControl(view: NetworkView): Control {
  const { frames, probe, probabilities, judged } = view;
  const texts = frames.map((step) => {
    const prediction = judged.find((candidate) => candidate.step === step);
    const output = probabilities.rows === 1
      ? `, output ${formatNumber(Number(probabilities.values[step]!.toPrecision(3)))}`
      : "";
    const answer = prediction
      ? ` (target ${prediction.target}, answered ${prediction.isRight ? "right" : "wrong"})`
      : "";
    return describeStep(probe, step) + output + answer;
  });
  return { initial: frames.length - 1, texts };
}

function controlBar(parts: readonly Part[]): string {
  const select = drawSelect(control, {
    label: "Network",
    options: parts.map(({ view }, index) => ({ value: index, text: networkLabel(view.probe) })),
    initial: parts.length - 1,
  });
  const sliders = parts.flatMap(({ view, target, choice, series }) =>
    series.length === 0 ? [] : [
      `<div ${shownWhen(choice)}>${
        drawSlider(target.slider, {
          label: view.probe.scenes ? "frame" : "step",
          count: view.frames.length,
          initial: view.frames.length - 1,
        })
      }</div>`,
    ]
  );
  const controls = [select, ...sliders].filter((html) => html !== "");
  return controls.length === 0 ? "" : `<div class="bar sticky">${controls.join("\n")}</div>`;
}

function drawPart({ view, choice, activity, series, weights, rates }: Part): string {
  const table = plasticTable(view.probe);
  const { leftOut } = view;
  const parts = [
    `<p class="facts"><strong>${esc(networkLabel(view.probe))}.</strong> ${esc(factsOf(view))}</p>`,
    section("Output and hidden activity", activity, "charts lone"),
    section(
      "Plastic matrices and effective weights",
      series,
      "charts maps small",
      seriesNote(view),
    ),
    section("Weights", weights, "charts maps"),
    section("Rates η of the plastic matrices", rates, "charts maps"),
    table ? `<h2>Plastic layers</h2>\n${drawTable(table)}` : "",
    leftOut.length > 0 ? `<p class="lead">Too large to draw: ${esc(leftOut.join(", "))}.</p>` : "",
  ];
  return `<section ${shownWhen(choice)}>\n${parts.filter((part) => part !== "").join("\n")}
</section>`;
}

function section(
  title: string,
  figures: readonly Figure[],
  kind: string,
  note = "",
): string {
  if (figures.length === 0) return "";
  return `<h2>${esc(title)}</h2>${note && `\n<p class="lead">${esc(note)}</p>`}
<div class="${kind}">
${drawFigures(figures)}
</div>`;
}

function seriesNote({ stride, frames }: NetworkView): string {
  const drawn = stride === 1
    ? "Every frame is drawn."
    : `To keep this file small, ${frames.length} frames are drawn, ${stride} apart.`;
  return `The slider on top moves all of them; the colours mean the same in every frame. ${drawn}`;
}

function factsOf({ probe, judged }: NetworkView): string {
  const { network, scenes, start, steps, task, interval } = probe;
  const updates = `${formatCount(network.iteration)} updates`;
  const from = network.passed
    ? `The network of ${network.replica.label} when it passed this level, after ${updates}.`
    : `The network of ${network.replica.label} in its newest checkpoint, after ${updates}.`;
  const right = judged.filter(({ isRight }) => isRight).length;
  const score = judged.length > 0 ? `, ${right} of ${judged.length} right` : "";
  if (!scenes) {
    const part = steps < task.steps ? ` of ${task.steps}` : "";
    return `${from} Steps 1 to ${steps}${part} of a held-out sequence are drawn${score}.`;
  }
  const repeats = scenes.filter(({ isRepeat }) => isRepeat).length;
  const first = scenes[0]!.number + 1, last = scenes.at(-1)!.number + 1;
  const before = start > 0
    ? ` The network has seen the movie from scene 1; these are the first ${scenes.length} scenes ` +
      `with enough repeats.`
    : "";
  return `${from} Scenes ${first} to ${last} of a held-out movie at R = ${interval} are drawn: ` +
    `${repeats} of ${scenes.length} repeat the scene ${interval} before${score}.${before}`;
}

function notesOf({ task, model, device, views }: Visualization): string[] {
  const fast = views.some(({ probe }) =>
    Object.values(probe.model.parameters).some((parameter) => parameter.fast)
  );
  return [
    ...views.some(({ series }) => series.length > 0) ? [quantisationNote] : [],
    ...fast
      ? [
        "Fast weights are the mean over the sequences of the last batch. They change by learning " +
        "alone, which is off here.",
      ]
      : [],
    "Colours are clipped at mean ± 2 standard deviations, centred at 0. Units and symbols are " +
    "counted from 0, frames, scenes and steps from 1.",
    `Task ${task}, model ${model}, run on ${device}.`,
  ];
}

function verdictOf({ views, task, model }: Visualization): string {
  const judged = views.flatMap((view) => view.judged);
  const right = judged.filter(({ isRight }) => isRight).length;
  const which = views.length === 1
    ? networkLabel(views[0]!.probe)
    : views.map(({ probe }) => networkLabel(probe)).join(", ");
  const plastic = views.some(({ series }) => series.length > 0)
    ? ", and how its plastic weights change while it runs"
    : "";
  return `How the network of model ${model} works on task ${
    task.replaceAll("_", " ")
  } (${which}): ` +
    `its weights and its activity${plastic}.` +
    (judged.length > 0
      ? ` It answers ${right} of ${judged.length} judged predictions right in what is drawn here.`
      : "");
}
