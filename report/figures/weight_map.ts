/** Heat map of a matrix: 0 has the middle colour; clipping keeps small weights visible. */
import { packFloats } from "../../store/base64_floats.ts";
import type { RunMatrix } from "../run_files.ts";
import type { Chart, ChartTrace, PlotlyAttributes } from "./chart.ts";

/** A matrix of a run, in every replica that was saved. */
export interface WeightMap {
  readonly name: string;
  readonly title: string;
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

export function drawWeightMap(id: string, { layers }: WeightMap): Chart {
  return { id, rows: [], traces: layers.map(drawLayer), layout: matrixLayout(layers) };
}

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
      ...(squareCells(layers) ? { scaleanchor: "x", constrain: "domain" } : {}),
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
  return {
    ...replica === undefined ? {} : { when: { replica } },
    plotly: { ...matrixTrace(limit), z: packMatrix(values, { rows, columns }) },
  };
}

/** Square cells read best, but they would make a long thin matrix invisible. */
function squareCells(layers: readonly MatrixSize[]): boolean {
  return layers.every(({ rows, columns }) => rows <= 4 * columns && columns <= 4 * rows);
}

/** Values [rows, columns] in the binary form of Plotly: exact, and shorter than digits. */
export function packMatrix(values: Float32Array, { rows, columns }: MatrixSize): PlotlyAttributes {
  return { bdata: packFloats(values), dtype: "f4", shape: `${rows},${columns}` };
}
