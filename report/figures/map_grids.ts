/** Which settings of a sweep span a map, and which networks lie in each of its cells. */
import { pointLabel } from "../../config/replicas.ts";
import { plain } from "../plain_text.ts";
import type { SweepNames, SweepPoint } from "../sweep_names.ts";

/** A swept setting with its values. */
export interface MapAxis {
  /** Such as "learning rate". */
  readonly name: string;
  /** Rising. */
  readonly values: readonly number[];
}

/** A map: a cell for each pair of values. */
export interface MapGrid {
  readonly x: MapAxis;
  readonly y: MapAxis;
  /** The values of further settings, such as "memories 10"; empty if there are none. */
  readonly slice: string;
  /** [y][x], the places of its networks on the axis P. */
  readonly cells: readonly (readonly (readonly number[])[])[];
}

/** Maps of one sweep; its table lists what is not drawn. */
export const MOST_MAPS = 8;

/**
 * The maps of a sweep: the first two settings with several numbers are its axes, and each combination of the
 * values of the others has a map. Empty without two such settings.
 */
export function mapGrids(sweep: SweepNames | undefined): MapGrid[] {
  if (!sweep) return [];
  const { points, settings } = sweep;
  const paths = Object.keys(settings);
  const [x, y] = paths.filter((path) => isAxis(points, path));
  if (x === undefined || y === undefined) return [];
  const rest = ({ values }: SweepPoint) => {
    const { [x]: _x, [y]: _y, ...others } = values;
    return plain(pointLabel(others));
  };
  const [columns, rows] = [valuesOf(points, x), valuesOf(points, y)];
  const slices = Map.groupBy(points, rest);
  // Points of a random search lie on no grid.
  if (columns.length * rows.length * slices.size > points.length) return [];
  return [...slices].map(([slice, group]) => ({
    x: { name: settings[x]!, values: columns },
    y: { name: settings[y]!, values: rows },
    slice,
    cells: rows.map((row) =>
      columns.map((column) =>
        group.filter(({ values }) => values[x] === column && values[y] === row)
          .flatMap(({ replicas }) => replicas)
      )
    ),
  }));
}

function isAxis(points: readonly SweepPoint[], path: string): boolean {
  const values = points.map(({ values }) => values[path]);
  return values.every((value) => Number.isFinite(value)) && new Set(values).size > 1;
}

const valuesOf = (points: readonly SweepPoint[], path: string): number[] =>
  [...new Set(points.map(({ values }) => values[path] as number))].sort((a, b) => a - b);
