/**
 * Where the lanes of one subgroup keep vectors and matrices: all in registers. A lane owns elements of each, by a grid;
 * what it reads of a vector and does not own, it takes from the register of another lane. So a workgroup that
 * is one subgroup needs no workgroup memory, and no lane waits.
 */
import { describeShape, type Shape, sizeOf } from "../../axes.ts";
import {
  constantIndex,
  type Index,
  type IndexSymbol,
  lanePosition,
  type Position,
  symbolOf,
} from "../../schedule/index.ts";
import { indexText } from "./address.ts";
import { chooseLanes, createGrid, type Grid, insideTest, isOwned, ownedPosition } from "./grid.ts";
import { registerText } from "./register_arrays.ts";

/** An element that a lane owns, and what has to hold for it to be inside of the shape. */
export interface OwnedElement {
  readonly position: Position;
  readonly test: string | undefined;
}

/** The registers of a subgroup. */
export interface SubgroupLayout {
  /** Lanes of the subgroup, and of the workgroup. */
  readonly lanes: number;
  /** The grid over a shape of several elements. */
  gridOf(shape: Shape): Grid;
  /** All grids that were asked for. */
  grids(): Grid[];
  /** The elements of a shape that a lane owns, in the order of its registers. */
  ownedBy(shape: Shape): readonly OwnedElement[];
  /** Whether the lane that names an element owns it. */
  isOwn(shape: Shape, position: Position): boolean;
  /** Whether a lane can read an element: of a matrix only its own. */
  isReadable(shape: Shape, position: Position): boolean;
  /** An element of a place whose registers have this name; of another lane as an expression, which all lanes evaluate. */
  elementText(name: string, shape: Shape, position: Position): string;
}

/** Where the elements of an axis are that a symbol or a constant names. */
interface OnAxis {
  /** The number of the register. */
  readonly register: number;
  readonly isOwn: boolean;
}

/** Numbers: every lane has them. */
export const isNumber = (shape: Shape): boolean => sizeOf(shape) === 1;
const isMatrix = (shape: Shape): boolean => shape.filter((extent) => extent > 1).length === 2;
/** The axis of a vector, which may be a matrix of one row or column. */
const longAxis = (shape: Shape): number => shape.findIndex((extent) => extent > 1);

/** Lanes along both axes: all of them, and along a vector in any case. */
function lanesOver(shape: Shape, lanes: number): Grid["lanes"] {
  if (isMatrix(shape)) {
    return chooseLanes(shape, { most: lanes, mostSectors: Infinity, isExact: true });
  }
  return shape.length === 2 && longAxis(shape) === 0 ? [lanes, 1] : [1, lanes];
}

/** Begins a layout for so many lanes, a power of two; it makes grids as they are asked for. */
export function layOutSubgroup(lanes: number): SubgroupLayout {
  const grids = new Map<string, Grid>();
  const symbolsOnAxis = new Map<IndexSymbol, OnAxis>();

  function gridOf(shape: Shape): Grid {
    const key = describeShape(shape);
    const earlier = grids.get(key);
    if (earlier) return earlier;
    const grid = createGrid(`g${grids.size}`, shape, lanesOver(shape, lanes));
    grids.set(key, grid);
    for (const [axis, owned] of [grid.rows, grid.columns].entries()) {
      const along = grid.lanes[axis]!;
      owned.forEach((symbol, index) => {
        const register = Math.floor(index * along / lanes);
        symbolsOnAxis.set(symbol, { register, isOwn: along === lanes });
      });
    }
    return grid;
  }

  function onAxis(index: Index): OnAxis | undefined {
    if ("clamped" in index) return undefined;
    if (index.symbol) return index.offset === 0 ? symbolsOnAxis.get(index.symbol) : undefined;
    return { register: Math.floor(index.offset / lanes), isOwn: false };
  }

  function vectorElement(name: string, length: number, index: Index): string {
    const count = Math.ceil(length / lanes);
    const known = onAxis(index);
    if (known?.isOwn) return registerText(name, count, known.register);
    const number = indexText(index);
    const ofLane = (register: number) =>
      `subgroupShuffle(${registerText(name, count, register)}, ${number} % ${lanes}u)`;
    if (known) return ofLane(known.register);
    return Array.from({ length: count }, (_, register) => ofLane(register))
      .reduce((text, next, register) =>
        `select(${text}, ${next}, ${number} / ${lanes}u == ${register}u)`
      );
  }

  return {
    lanes,
    gridOf,
    grids: () => [...grids.values()],
    ownedBy(shape) {
      // All lanes have a number; the first one writes it to memory.
      if (isNumber(shape)) {
        const element = shape.map(() => constantIndex(0));
        return [{ position: { ...lanePosition(0), element }, test: "lane == 0u" }];
      }
      const grid = gridOf(shape);
      return grid.rows.flatMap((row) =>
        grid.columns.map((column) => ({
          position: ownedPosition(grid, row, column),
          test: insideTest(grid, row, column),
        }))
      );
    },
    isOwn(shape, position) {
      if (isNumber(shape)) return true;
      if (isMatrix(shape)) return isOwned(gridOf(shape), position);
      return onAxis(position.element[longAxis(shape)]!)?.isOwn ?? false;
    },
    isReadable: (shape, position) => !isMatrix(shape) || isOwned(gridOf(shape), position),
    elementText(name, shape, { element }) {
      if (isNumber(shape)) return registerText(name, 1, 0);
      if (!isMatrix(shape)) {
        const axis = longAxis(shape);
        return vectorElement(name, shape[axis]!, element[axis]!);
      }
      const { rows, columns } = gridOf(shape);
      const [row, column] = element.map((index) => symbolOf(index)!);
      const register = rows.indexOf(row!) * columns.length + columns.indexOf(column!);
      return registerText(name, rows.length * columns.length, register);
    },
  };
}
