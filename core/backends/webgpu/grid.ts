/**
 * Lanes of a workgroup as a grid over a matrix. A lane owns the elements of some rows and some columns, so
 * it reads a value of a row, or of a column, once for several elements. Neighbouring lanes own neighbouring
 * columns: what they read of a matrix lies together.
 */
import type { Shape } from "../../axes.ts";
import {
  type Index,
  type IndexSymbol,
  type Position,
  symbolIndex,
  symbolOf,
  symbols,
} from "../../schedule/index.ts";

/** A grid of lanes over the elements of a shape; a vector is a matrix of one row. */
export interface Grid {
  readonly shape: Shape;
  /** Lanes along the rows and along the columns; other lanes of the workgroup own nothing. */
  readonly lanes: readonly [rows: number, columns: number];
  /** Workgroups along the rows and along the columns; each has a part of the matrix, a tile. */
  readonly tiles: readonly [down: number, across: number];
  /** The rows and columns of a lane, by their symbols. Some may lie outside: these stand for the last inside. */
  readonly rows: readonly IndexSymbol[];
  readonly columns: readonly IndexSymbol[];
}

const sidesOf = (shape: Shape): readonly [number, number] =>
  shape.length === 2 ? shape : [1, shape[0] ?? 1];

/** Lanes of a grid. */
export const lanesOf = ({ lanes: [rows, columns] }: Grid): number => rows * columns;

/**
 * The lanes along rows and columns that take least, of at most `most`: in visits, in what is read once a row
 * or column, and in parts of sums.
 *
 * @param mostSectors lanes that touch more sectors, in multiples of the ideal, are taken only if all do.
 * @param sequences that lanes go over.
 * @param roundsWith in how many rounds, so that there is room for the parts of sums; lanes for which there is never room
 * (Infinity) are taken only if there is for none.
 */
export function chooseLanes(
  shape: Shape,
  { most, mostSectors, sequences = 1, roundsWith = () => 1 }: {
    most: number;
    mostSectors: number;
    sequences?: number;
    roundsWith?: (lanes: Grid["lanes"]) => number;
  },
): Grid["lanes"] {
  const [rows, columns] = sidesOf(shape);
  const candidates = Array.from({ length: Math.min(columns, most) }, (_, index) => {
    const across = index + 1;
    return halvings(Math.min(rows, Math.floor(most / across))).map((down) => {
      const [ownRows, ownColumns] = [Math.ceil(rows / down), Math.ceil(columns / across)];
      const lanes = [Math.ceil(rows / ownRows), across] as const;
      const ofSequence = 2 * ownRows * ownColumns + ownRows + ownColumns + down + across;
      const rounds = roundsWith(lanes);
      return { lanes, rounds, cost: sequences * ofSequence + ROUND * rounds };
    });
  }).flat();
  const fitting = someOr(candidates, ({ rounds }) => rounds < Infinity);
  const [best] = someOr(fitting, ({ lanes }) => sectorRatio(shape, lanes) <= mostSectors)
    .toSorted((a, b) => a.cost - b.cost || b.lanes[1] - a.lanes[1]);
  return best!.lanes;
}

/** What a round costs, whose two barriers all lanes wait at: as much as so many additions. */
const ROUND = 64;

/** A number, its half, and so on down to 1. */
function halvings(count: number): number[] {
  return count > 1 ? [count, ...halvings(Math.floor(count / 2))] : [count];
}

/** The items that pass a test; all if none does. */
function someOr<Item>(items: readonly Item[], test: (item: Item) => boolean): readonly Item[] {
  const some = items.filter(test);
  return some.length > 0 ? some : items;
}

/**
 * Sectors of 8 words that groups of 32 lanes touch of the first elements that they own, against the ideal. Rows that do
 * not fill sectors begin anywhere in one.
 */
export function sectorRatio(shape: Shape, [down, across]: Grid["lanes"]): number {
  const [, columns] = sidesOf(shape);
  const begins = columns % 8 === 0 ? [0] : [0, 1, 2, 3, 4, 5, 6, 7];
  let [touched, ideal] = [0, 0];
  for (let first = 0; first < down * across; first += 32) {
    const lanes = Math.min(32, down * across - first);
    for (const begin of begins) {
      const sectors = Array.from({ length: lanes }, (_, index) => {
        const [row, column] = [Math.floor((first + index) / across), (first + index) % across];
        return Math.floor((begin + row * columns + column) / 8);
      });
      touched += new Set(sectors).size;
      ideal += Math.ceil(lanes / 8);
    }
  }
  return touched / ideal;
}

/** Makes a grid of one workgroup; `name` begins the names of its symbols. */
export function createGrid(name: string, shape: Shape, lanes: Grid["lanes"]): Grid {
  const [rows, columns] = sidesOf(shape);
  const owned = [Math.ceil(rows / lanes[0]), Math.ceil(columns / lanes[1])] as const;
  return tiledGrid(name, shape, { lanes, owned });
}

/** Makes a grid of as many workgroups as it takes for lanes that own so many rows and columns each. */
export function tiledGrid(
  name: string,
  shape: Shape,
  { lanes, owned }: { lanes: Grid["lanes"]; owned: readonly [rows: number, columns: number] },
): Grid {
  const symbolsOf = (axis: 0 | 1, letter: string): IndexSymbol[] =>
    Array.from(
      { length: owned[axis] },
      (_, index) => ({ kind: "element", name: `${name}${letter}${index}` }),
    );
  const [down, across] = sidesOf(shape).map((side, axis) =>
    Math.ceil(side / (lanes[axis]! * owned[axis]!))
  ) as [number, number];
  return {
    shape,
    lanes,
    tiles: [down, across],
    rows: symbolsOf(0, "i"),
    columns: symbolsOf(1, "j"),
  };
}

/** The element of a row and a column of a lane, in a sequence: by default the one that its workgroup has. */
export function ownedPosition(
  { shape }: Grid,
  row: IndexSymbol,
  column: IndexSymbol,
  sequence: Index = symbolIndex(symbols.sequence),
): Position {
  const element = [row, column].slice(2 - shape.length).map((symbol) => symbolIndex(symbol));
  return { element, sequence, time: symbolIndex(symbols.time) };
}

/** Whether a position is an element that its lane owns, of a value with the shape of the grid, in its own sequence. */
export function isOwned(
  { shape, rows, columns }: Grid,
  { element, sequence, time }: Position,
): boolean {
  const [row, column] = element;
  const is = (index: typeof row, owned: readonly IndexSymbol[]) =>
    index !== undefined && !("clamped" in index) && index.offset === 0 &&
    index.symbol !== undefined && owned.includes(index.symbol);
  const isLooped = [sequence, time].some((index) => symbolOf(index)?.kind === "loop");
  return shape.length === 2 && element.length === 2 && !isLooped &&
    is(row, rows) && is(column, columns);
}

/** Whether a row (axis 0) or column (axis 1) of a lane may lie outside of the shape. */
function mayLieOutside(grid: Grid, axis: 0 | 1, index: number): boolean {
  const inLastTile = (grid.tiles[axis] - 1) * tileSide(grid, axis);
  return inLastTile + (index + 1) * grid.lanes[axis] > sidesOf(grid.shape)[axis];
}

/** What has to hold for an element to be inside; undefined if it always is. */
export function insideTest(grid: Grid, row: IndexSymbol, column: IndexSymbol): string | undefined {
  const tests = [
    ...mayLieOutside(grid, 0, grid.rows.indexOf(row)) ? [`${row.name}_in`] : [],
    ...mayLieOutside(grid, 1, grid.columns.indexOf(column)) ? [`${column.name}_in`] : [],
  ];
  return tests.length > 0 ? tests.join(" && ") : undefined;
}

/** The name of the first row (axis 0) or column (axis 1) of a tile; undefined if there is one tile along the axis. */
export const originOf = ({ tiles, rows, columns }: Grid, axis: 0 | 1): string | undefined =>
  tiles[axis] > 1 ? `${[rows, columns][axis]![0]!.name}_origin` : undefined;

/** Rows (axis 0) or columns (axis 1) of a tile; the last tile may have fewer. */
export const tileSide = ({ lanes, rows, columns }: Grid, axis: 0 | 1): number =>
  [rows, columns][axis]!.length * lanes[axis];

/** Statements that define the symbols of a grid from the numbers of the lane and, if there are several, the tile. */
export function gridSymbols(grid: Grid): string[] {
  const { shape, lanes, tiles } = grid;
  const sides = sidesOf(shape);
  return ([0, 1] as const).flatMap((axis) => {
    const owned = [grid.rows, grid.columns][axis]!;
    const operator = axis === 0 ? "/" : "%";
    const origin = originOf(grid, axis);
    const terms = [
      ...origin ? [origin] : [],
      ...lanes[axis] > 1 ? [`lane ${operator} ${lanes[1]}u`] : [],
    ];
    const first = `${owned[0]!.name}_first`;
    const statements = owned.flatMap(({ name }, index) => {
      const text = index === 0 ? first : `${first} + ${index * lanes[axis]}u`;
      if (!mayLieOutside(grid, axis, index)) return [`let ${name} = ${text};`];
      return [
        `let ${name} = min(${text}, ${sides[axis] - 1}u);`,
        `let ${name}_in = ${text} < ${sides[axis]}u;`,
      ];
    });
    return [
      ...origin
        ? [`let ${origin} = tile ${operator} ${tiles[1]}u * ${tileSide(grid, axis)}u;`]
        : [],
      `let ${first} = ${terms.join(" + ") || "0u"};`,
      ...statements,
    ];
  });
}

/** The values that these statements give the symbols, by name. */
export function gridValues(grid: Grid, lane: number, tile = 0): Map<string, number> {
  const { lanes, tiles, shape, rows, columns } = grid;
  const sides = sidesOf(shape);
  const [down, across] = [Math.floor(tile / tiles[1]), tile % tiles[1]];
  const first = [
    down * rows.length * lanes[0] + Math.floor(lane / lanes[1]),
    across * columns.length * lanes[1] + lane % lanes[1],
  ];
  return new Map(
    ([[0, rows], [1, columns]] as const).flatMap(([axis, owned]) =>
      owned.map(({ name }, index) =>
        [name, Math.min(first[axis]! + index * lanes[axis], sides[axis] - 1)] as const
      )
    ),
  );
}
