/** Draws the numbers of a network view as charts of the page. */
import { type Chart, colours, type Figure } from "../figures/chart.ts";
import { drawWeightMap, matrixLayout, matrixTrace, packMatrix } from "../figures/weight_map.ts";
import { formatNumber } from "../format.ts";
import {
  isClassification,
  type Matrix,
  type MatrixSeries,
  type NetworkView,
} from "./network_view.ts";
import { LEVELS, packFrames } from "./pack_frames.ts";
import { frameNumbers, marksNote, sceneMarks } from "./scene_marks.ts";

/** The elements of the page that the charts of one network belong to. */
export interface ChartTarget {
  /** Begins the id of every chart. */
  readonly id: string;
  /** Name of the slider that chooses the frame. */
  readonly slider: string;
}

const unitAxis = {
  title: { text: "unit" },
  autorange: "reversed",
  showgrid: false,
  zeroline: false,
  automargin: false,
};
const margin = { l: 56, r: 84, t: 34, b: 44 };
/** Above the plot stand the numbers of scenes, and above these Plotly's buttons. */
const roomForScenes = 58;

export function weightFigures(matrices: readonly Matrix[], { id }: ChartTarget): Figure[] {
  return matrices.map((matrix) => ({
    chart: drawWeightMap(`${id}-${matrix.name.replace(/\W/g, "-")}`, {
      name: matrix.name,
      title: matrix.title,
      layers: [matrix],
    }),
    title: matrix.title,
    caption: `${matrix.name}, ${matrix.rows} × ${matrix.columns}. ${extremes(matrix)}`,
  }));
}

export function activityFigures(view: NetworkView, target: ChartTarget): Figure[] {
  const { activities, probe } = view;
  return activities.map((activity) => ({
    chart: unitsChart(timeChart(`${target.id}-${activity.name}`, { view, target }), {
      traces: [heatOverTime(activity, frameNumbers(probe))],
      rows: activity.rows,
    }),
    title: activity.title,
    caption: `${activity.rows} units over time. ${marksNote(probe)} ${extremes(activity)}`.trim(),
  }));
}

/** Units have numbers; Plotly would cut the axis of a few into halves. */
const unitsChart = (
  chart: Omit<Chart, "traces">,
  { traces, rows, title = "unit" }: { traces: Chart["traces"]; rows: number; title?: string },
): Chart => ({
  ...chart,
  traces,
  layout: {
    ...chart.layout,
    yaxis: { ...unitAxis, title: { text: title }, ...rows < 8 ? { dtick: 1 } : {} },
  },
});

/** The output over time, with the targets of the judged steps. */
export function outputFigure(view: NetworkView, target: ChartTarget): Figure {
  return view.probabilities.rows > 1 ? unitsFigure(view, target) : answerFigure(view, target);
}

/** An output of several units, as a heat map over time. */
function unitsFigure(view: NetworkView, target: ChartTarget): Figure {
  const { probabilities, probe } = view;
  const chart = timeChart(`${target.id}-output`, { view, target });
  const isLogits = isClassification(probe);
  return {
    chart: unitsChart(chart, {
      traces: [heatOverTime(probabilities, frameNumbers(probe)), ...targetMarkers(view)],
      rows: probabilities.rows,
      title: isLogits ? "symbol" : "unit",
    }),
    title: probabilities.title,
    caption: isLogits
      ? "Softmax of the logits. Circles: targets answered right, crosses: wrong. " +
        judgedNote(view)
      : "What the network puts out.",
  };
}

/** A logit, as a line: the probability of "yes", of scenes that a frame was shown before. */
function answerFigure(view: NetworkView, target: ChartTarget): Figure {
  const { probabilities: { title, values }, probe } = view;
  const chart = timeChart(`${target.id}-output`, { view, target });
  const line = {
    plotly: {
      type: "scatter",
      mode: "lines+markers",
      x: frameNumbers(probe),
      y: [...values].map((value) => Number.isFinite(value) ? Number(value.toPrecision(6)) : null),
      name: probe.scenes ? "probability of a repeat" : "probability",
      line: { color: colours.train, width: 2 },
      marker: { size: 4 },
      hovertemplate: "frame %{x}: %{y:.4~g}<extra></extra>",
    },
  };
  const threshold = {
    type: "line",
    xref: "paper",
    x0: 0,
    x1: 1,
    y0: 0.5,
    y1: 0.5,
    line: { color: colours.bound, width: 1, dash: "dot" },
  };
  return {
    chart: {
      ...chart,
      traces: [line, ...targetMarkers(view)],
      layout: {
        ...chart.layout,
        showlegend: true,
        legend: { orientation: "h", x: 0, xanchor: "left", y: -0.2, yanchor: "top" },
        yaxis: { range: [-0.06, 1.06], title: { text: "probability" }, automargin: false },
        shapes: [...sceneMarks(probe).shapes, threshold],
      },
    },
    title,
    caption: `The sigmoid of the logit; "${
      probe.scenes ? "shown before" : "yes"
    }" from 0.5 (dotted). ${judgedNote(view)}`,
  };
}

/** How many of the judged predictions are right; empty for an output that is not judged. */
function judgedNote({ judged, probe }: NetworkView): string {
  if (!isClassification(probe)) return "";
  const right = judged.filter(({ isRight }) => isRight).length;
  return `${right} of ${judged.length} judged predictions are right. ${marksNote(probe)}`;
}

/** Targets of the judged predictions: circles where the answer was right, crosses where wrong. */
function targetMarkers({ judged, probe }: NetworkView) {
  const x = frameNumbers(probe);
  return [true, false].map((isRight) => {
    const predictions = judged.filter((prediction) => prediction.isRight === isRight);
    return {
      plotly: {
        type: "scatter",
        mode: "markers",
        x: predictions.map(({ step }) => x[step]),
        y: predictions.map(({ target }) => target),
        name: isRight ? "target, answered right" : "target, answered wrong",
        marker: {
          symbol: isRight ? "circle-open" : "x",
          size: isRight ? 10 : 9,
          color: isRight ? colours.third : "#c9366f",
          line: { width: isRight ? 2 : 0 },
        },
        hovertemplate: "frame %{x}, target %{y}<extra></extra>",
      },
    };
  }).filter(({ plotly }) => plotly.x.length > 0);
}

/** Matrices over time; the slider chooses the frame. */
export function seriesFigures({ series, frames }: NetworkView, target: ChartTarget): Figure[] {
  return series.map((matrix) => ({
    chart: drawSeries(matrix, target),
    title: matrix.title,
    caption: `${momentOf(matrix.name)} ${extremes(matrix, `in all ${frames.length} frames`)}`
      .trim(),
  }));
}

function momentOf(name: string): string {
  if (name.startsWith("plastic_")) return "After the frame.";
  return name.startsWith("effective_") ? "What the frame is read with." : "";
}

function drawSeries(matrix: MatrixSeries, { id, slider }: ChartTarget): Chart {
  const { rows, columns, values, limit } = matrix;
  return {
    id: `${id}-${matrix.name}`,
    rows: [],
    traces: [{
      plotly: matrixTrace(limit),
      frames: packFrames(values, { control: slider, rows, columns, limit }),
    }],
    layout: matrixLayout([matrix]),
  };
}

/** A note on the rounding of matrices over time. */
export const quantisationNote =
  `Matrices over time are stored in ${
    2 * LEVELS + 1
  } steps of their colour range, which is the same ` +
  "for all frames; values beyond it show its end. All other numbers of this page are exact.";

export function timeChart(
  id: string,
  { view: { probe, frames, series }, target: { slider } }: {
    view: NetworkView;
    target: ChartTarget;
  },
): Omit<Chart, "traces"> {
  const x = frameNumbers(probe);
  return {
    id,
    rows: [],
    ...series.length === 0
      ? {}
      : { cursor: { control: slider, x: frames.map((step) => x[step]!) } },
    layout: {
      margin: probe.scenes ? { ...margin, t: roomForScenes } : margin,
      xaxis: {
        title: { text: probe.scenes ? "frame" : "step" },
        range: [x[0]! - 0.5, x.at(-1)! + 0.5],
        ...x.length < 20 ? { dtick: 1 } : {},
        showgrid: false,
        zeroline: false,
      },
      yaxis: unitAxis,
      ...sceneMarks(probe),
    },
  };
}

function heatOverTime({ rows, columns, values, limit }: Matrix, x: readonly number[]) {
  return {
    plotly: {
      type: "heatmap",
      x,
      z: packMatrix(values, { rows, columns }),
      zmin: -limit,
      zmax: limit,
      colorbar: { thickness: 10, outlinewidth: 0, tickformat: ".2~g", x: 1.01 },
      hovertemplate: "frame %{x}, unit %{y}<br>%{z:.4~g}<extra></extra>",
    },
  };
}

/** A sentence with the smallest and the largest value, which the colours may clip. */
function extremes({ values }: Matrix, where = ""): string {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  if (low > high) return "No value is finite.";
  return `Values from ${formatNumber(low)} to ${formatNumber(high)}${where && ` ${where}`}.`;
}
