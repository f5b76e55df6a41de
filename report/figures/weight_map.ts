/** Heat map of a matrix: 0 has the middle colour; clipping keeps small weights visible. */
import { packFloats } from "../../store/base64_floats.ts";
import type { RunMatrix } from "../run_files.ts";
import { type Chart, type ChartTrace, colours, type PlotlyAttributes } from "./chart.ts";

/** A matrix of a run, in every replica that was saved. */
export interface WeightMap {
  readonly name: string;
  readonly title: string;
  /** What the model says that it is. */
  readonly summary?: string;
  readonly layers: readonly WeightLayer[];
}

export interface MatrixSize {
  readonly rows: number;
  readonly columns: number;
}

/** The matrix of one replica, [rows, columns] = [post, pre]. */
export interface WeightLayer extends MatrixSize {
  readonly replica?: number;
  readonly values: Float32Array;
  /** Colours span [-limit, limit]. */
  readonly limit: number;
}

/** Groups matrices of the same name, in the order they first appear. */
export function weightMaps(matrices: readonly RunMatrix[]): WeightMap[] {
  const groups = Map.groupBy(matrices, ({ name }) => name);
  return [...groups].map(([name, layers]) => ({
    name,
    title: layers[0]?.title ?? name,
    ...layers[0]?.summary === undefined ? {} : { summary: layers[0].summary },
    layers: layers.map(({ replica, rows, columns, values }) => ({
      replica,
      rows,
      columns,
      values,
      limit: colourLimit(values),
    })),
  }));
}

/**
 * Half-width of the colour scale, |mean| + 2 standard deviations of the finite values; 0 keeps the
 * middle colour. It is 1 if that is 0 or no value is finite.
 */
export function colourLimit(values: Float32Array): number {
  let count = 0, sum = 0, squares = 0;
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    count++;
    sum += value;
  }
  const mean = sum / count;
  for (const value of values) if (Number.isFinite(value)) squares += (value - mean) ** 2;
  const limit = Math.abs(mean) + 2 * Math.sqrt(squares / count);
  return limit > 0 ? limit : 1;
}

/** Whether a "matrix" is one number. */
export const isSingle = ({ layers }: WeightMap): boolean =>
  layers.every(({ rows, columns }) => rows === 1 && columns === 1);

/** A heat map; of one row or column, such as a bias, a bar for each number. */
export function drawWeightMap(id: string, { layers }: WeightMap): Chart {
  const isVector = layers.every(({ rows, columns }) => rows === 1 || columns === 1);
  return {
    id,
    rows: [],
    traces: layers.map(isVector ? drawVector : drawLayer),
    layout: isVector ? vectorLayout(layers) : matrixLayout(layers),
  };
}

const vectorLayout = (layers: readonly MatrixSize[]): PlotlyAttributes => ({
  xaxis: {
    title: { text: layers.every(({ columns }) => columns === 1) ? "post" : "pre" },
    showgrid: false,
  },
  yaxis: { title: { text: "value" } },
  bargap: 0.15,
});

const drawVector = ({ replica, values }: WeightLayer): ChartTrace => ({
  ...replica === undefined ? {} : { when: { replica } },
  plotly: {
    type: "bar",
    y: Array.from(values, (value) => Number.isFinite(value) ? Number(value.toPrecision(6)) : null),
    marker: { color: colours.train },
    hovertemplate: "unit %{x}<br>value %{y:.4~g}<extra></extra>",
  },
});

/** The two values of a mask, the lower one first; undefined if there are more, or only one. */
export function twoValues(values: Float32Array): readonly [number, number] | undefined {
  const distinct = new Set<number>();
  for (const value of values) {
    distinct.add(value);
    if (distinct.size > 2) return undefined;
  }
  const [low, high] = [...distinct].sort((a, b) => a - b);
  return high !== undefined && Number.isFinite(low) && Number.isFinite(high)
    ? [low!, high]
    : undefined;
}

/** A heat map of two colours, without its values; the bar beside it names both. */
function maskTrace([low, high]: readonly [number, number]): PlotlyAttributes {
  const bar = matrixTrace(1)["colorbar"] as PlotlyAttributes;
  const quarter = (high - low) / 4;
  return {
    ...matrixTrace(1),
    zmin: low,
    zmax: high,
    colorscale: maskColours.flatMap((colour, half) => [
      [half / 2, colour],
      [(half + 1) / 2, colour],
    ]),
    colorbar: {
      ...bar,
      title: { text: "" },
      tickvals: [low + quarter, high - quarter],
      ticktext: [low, high].map((value) => String(Number(value.toPrecision(3)))),
    },
  };
}

/** The lower value recedes, on a light and on a dark page. */
const maskColours = ["rgba(138, 143, 152, 0.18)", colours.train] as const;

/** Axes of matrices that are drawn into the same chart. */
export function matrixLayout(layers: readonly MatrixSize[]): PlotlyAttributes {
  return {
    // Units are counted from 0. Post unit 0 stands on top, as in a printed matrix. With few units
    // Plotly would put ticks between them.
    xaxis: {
      title: { text: "pre" },
      showgrid: false,
      zeroline: false,
      constrain: "domain",
      ...(layers.every(({ columns }) => columns < 6) ? { dtick: 1 } : {}),
    },
    yaxis: {
      title: { text: "post" },
      showgrid: false,
      zeroline: false,
      autorange: "reversed",
      ...(layers.every(({ rows }) => rows < 6) ? { dtick: 1 } : {}),
      scaleanchor: "x",
      scaleratio: cellRatio(layers),
      constrain: "domain",
    },
  };
}

/** A heat map without its values; colours span [-limit, limit]. */
export function matrixTrace(limit: number): PlotlyAttributes {
  return {
    type: "heatmap",
    zmin: -limit,
    zmax: limit,
    colorbar: {
      title: { text: "clipped at mean ± 2 sd", side: "bottom", font: { size: 11 } },
      orientation: "h",
      y: -0.16,
      yanchor: "top",
      thickness: 10,
      outlinewidth: 0,
      tickformat: ".2~g",
    },
    hovertemplate: "post %{y}, pre %{x}<br>value %{z:.4~g}<extra></extra>",
  };
}

function drawLayer({ replica, rows, columns, values, limit }: WeightLayer): ChartTrace {
  const two = twoValues(values);
  const trace = two ? maskTrace(two) : matrixTrace(limit);
  return {
    ...replica === undefined ? {} : { when: { replica } },
    plotly: { ...trace, z: packMatrix(values, { rows, columns }) },
  };
}

/** Sides of a drawn matrix differ by no more than this. */
const LONGEST = 4;

/** Height over width of a cell. Square cells read best, but they would make a long thin matrix invisible. */
function cellRatio(layers: readonly MatrixSize[]): number {
  const { rows, columns } = layers[0] ?? { rows: 1, columns: 1 };
  const drawn = Math.min(Math.max(rows / columns, 1 / LONGEST), LONGEST);
  return drawn * columns / rows;
}

/** Values [rows, columns] in the binary form of Plotly: exact, and shorter than digits. */
export function packMatrix(values: Float32Array, { rows, columns }: MatrixSize): PlotlyAttributes {
  return { bdata: packFloats(values), dtype: "f4", shape: `${rows},${columns}` };
}
