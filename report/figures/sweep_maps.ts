/** Heat maps of a sweep over two settings: the share of networks that exploded, and the score. */
import { type MetricFacts, rangeOf } from "../../core/losses/loss_metric.ts";
import { intervalOverNetworks } from "../../core/numerics/over_networks.ts";
import { type Interval, wilsonInterval } from "../../core/numerics/statistics.ts";
import { formatNumber, formatShare } from "../format.ts";
import { capitalised, formatMetric, scoreOf, withUnit, wordsOf } from "../metric_words.ts";
import type { RunFiles } from "../run_files.ts";
import type { Chart, Figure, PlotlyAttributes } from "./chart.ts";
import { finiteMean } from "./curve.ts";
import { type Exploded, explodedNetworks, explodedWords } from "./exploded.ts";
import { judgedSequences, measureOf } from "./headline.ts";
import { isLogarithmic } from "./is_logarithmic.ts";
import { type MapAxis, type MapGrid, mapGrids, MOST_MAPS } from "./map_grids.ts";

/** A cell: the mean over its networks that have a value, an interval of it, and how many these are. */
export interface MapCell {
  /** NaN if no network has a value. */
  readonly value: number;
  /** 95 % over networks; undefined where they do not tell. */
  readonly interval?: Interval;
  /** Networks with a value. */
  readonly count: number;
  /** All networks of the cell. */
  readonly of: number;
}

/** A map of numbers. */
export interface SweepMap {
  readonly grid: MapGrid;
  /** [y][x] */
  readonly cells: readonly (readonly MapCell[])[];
  readonly facts: Partial<MetricFacts>;
}

/** The share of the networks of each cell that exploded, with Wilson's interval, since networks are independent. */
export const explodedMap = (grid: MapGrid, { values }: Exploded): SweepMap => ({
  grid,
  facts: { kind: "share" },
  cells: grid.cells.map((row) =>
    row.map((replicas) => {
      const exploded = replicas.filter((replica) => values[replica] === 1).length;
      const count = replicas.length;
      return {
        value: exploded / count,
        interval: wilsonInterval(exploded, count),
        count,
        of: count,
      };
    })
  ),
});

/**
 * The mean of a metric over the networks of each cell, with its interval over them.
 *
 * @param options.sequences that each value was measured on.
 */
export const metricMap = (
  grid: MapGrid,
  { values, facts, sequences }: {
    values: readonly number[];
    facts: Partial<MetricFacts>;
    sequences: number;
  },
): SweepMap => ({
  grid,
  facts,
  cells: grid.cells.map((row) =>
    row.map((replicas) => {
      const known = replicas.map((replica) => values[replica]!).filter(Number.isFinite);
      const interval = intervalOverNetworks(known, { isShare: facts.kind === "share", sequences });
      return {
        value: finiteMean(known),
        ...interval ? { interval } : {},
        count: known.length,
        of: replicas.length,
      };
    })
  ),
});

/** Two maps for each pair of settings; none unless two settings with numbers are swept. */
export function sweepMapFigures(files: RunFiles): Figure[] {
  const exploded = explodedNetworks(files);
  const score = measureOf(files, scoreOf(files));
  const sequences = score ? judgedSequences(files, score) : 1;
  const grids = mapGrids(files.sweep);
  const left = grids.length > MOST_MAPS
    ? ` Of ${grids.length} such maps the first ${MOST_MAPS} are drawn; the table has all points.`
    : "";
  return grids.slice(0, MOST_MAPS).flatMap((grid, index) => {
    const at = grid.slice === "" ? "" : `, ${grid.slice}`;
    const seeds = seedsText(grid) + left;
    return [
      ...exploded
        ? [{
          chart: drawSweepMap(`exploded-${index}`, explodedMap(grid, exploded), exploding),
          title: `Share of networks that exploded${at}`,
          caption: `Exploded: ${explodedWords(files, exploded)}. ${
            mapMean(grid, exploded)
          } ${seeds}`,
        }]
        : [],
      ...score
        ? [{
          chart: drawSweepMap(
            `score-map-${index}`,
            metricMap(grid, { ...score, sequences }),
            scoring,
          ),
          title: `${capitalised(withUnit(wordsOf(score.name), score.facts))}${at}`,
          caption: `Mean ${score.where} over the networks of a cell that have one. ${seeds}`,
        }]
        : [],
    ];
  });
}

function seedsText({ cells }: MapGrid): string {
  const counts = cells.flat().map(({ length }) => length);
  const [low, high] = [Math.min(...counts), Math.max(...counts)];
  const number = low === high ? `${low}` : `${low} to ${high}`;
  return `${number} network${
    high === 1 ? "" : "s"
  } a cell; point at one for its 95% interval over them.`;
}

function mapMean({ cells }: MapGrid, { values }: Exploded): string {
  const all = cells.flat(2);
  const count = all.filter((replica) => values[replica] === 1).length;
  return `Over the map ${(count / all.length).toFixed(3)}, ${count} of ${all.length}.`;
}

/** From little to much. */
type ColourScale = readonly (readonly [number, string])[];
const exploding: ColourScale = [[0, "#f6f2ee"], [0.5, "#e8935a"], [1, "#8c1d18"]];
const scoring: ColourScale = [[0, "#f1f3f6"], [0.5, "#5b9bd5"], [1, "#0f3d73"]];

/** Cells lie at the values of the settings, on logarithmic axes where these are spread by factors. */
export function drawSweepMap(
  id: string,
  { grid: { x, y }, cells, facts }: SweepMap,
  colorscale: ColourScale,
): Chart {
  const { low, high } = rangeOf(facts);
  const matrix = <T>(of: (cell: MapCell, row: number, column: number) => T): T[][] =>
    cells.map((row, index) => row.map((cell, column) => of(cell, index, column)));
  return {
    id,
    rows: [],
    traces: [{
      plotly: {
        type: "heatmap",
        x: edgesOf(x.values),
        y: edgesOf(y.values),
        z: matrix(({ value }) => Number.isFinite(value) ? Number(value.toPrecision(6)) : null),
        text: matrix(({ value }) => cellText(facts, value)),
        texttemplate: "%{text}",
        customdata: matrix((cell, row, column) =>
          `${x.name} ${settingText(x.values[column]!)}, ${y.name} ${
            settingText(y.values[row]!)
          }<br>${describe(cell, facts)}`
        ),
        hovertemplate: "%{customdata}<extra></extra>",
        hoverongaps: false,
        ...low === undefined || high === undefined ? {} : { zmin: low, zmax: high },
        colorscale,
        colorbar: { thickness: 10, outlinewidth: 0 },
      },
    }],
    layout: { xaxis: axisLayout(x), yaxis: axisLayout(y), hovermode: "closest" },
  };
}

/** As one types it, but short: 3e-5 instead of 0.00003. */
function settingText(value: number): string {
  const [plain, power] = [String(value), value.toExponential().replace("e+", "e")];
  return plain.length <= 5 || plain.length <= power.length ? plain : power;
}

const axisLayout = ({ name, values }: MapAxis): PlotlyAttributes => ({
  title: { text: name },
  ...isLogarithmic(values) ? { type: "log" } : {},
  tickvals: values,
  ticktext: values.map(settingText),
  showgrid: false,
  zeroline: false,
});

/** The bounds of the cells around rising values, one more than these: halfway, on a logarithmic axis by factors. */
export function edgesOf(values: readonly number[]): number[] {
  const isLog = isLogarithmic(values);
  const places = isLog ? values.map(Math.log) : values;
  const last = places.length - 1;
  const between = places.slice(1).map((place, index) => (place + places[index]!) / 2);
  const edges = [
    places[0]! - (between[0]! - places[0]!),
    ...between,
    places[last]! + (places[last]! - between[last - 1]!),
  ];
  return edges.map((edge) => Number((isLog ? Math.exp(edge) : edge).toPrecision(6)));
}

function cellText({ kind }: Partial<MetricFacts>, value: number): string {
  if (!Number.isFinite(value)) return "–";
  return kind === "share" ? String(Number(value.toFixed(2))) : String(Number(value.toPrecision(3)));
}

function describe({ value, interval, count, of }: MapCell, facts: Partial<MetricFacts>): string {
  if (count === 0) return `none of ${of} networks has a value`;
  const format = facts.kind === "share" ? formatShare : formatNumber;
  const range = interval
    ? ` (95% interval ${format(interval.low)} to ${format(interval.high)})`
    : "";
  return `${formatMetric(facts, value)}${range}, ${
    count === of ? of : `${count} of ${of}`
  } networks`;
}
