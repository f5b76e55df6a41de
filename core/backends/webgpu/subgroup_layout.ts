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
import { createGrid, type Grid, insideTest, ownedPosition } from "./grid.ts";
import { countedRegister, type Registers, registerText } from "./register_arrays.ts";

/** An element that a lane owns, and what has to hold for it to be inside of the shape. */
export interface OwnedElement {
  readonly position: Position;
  readonly test: string | undefined;
}

/** A loop over the rows of a matrix that a lane owns. */
export interface RowLoop {
  /** The row, and the number of the turn. */
  readonly row: IndexSymbol;
  readonly turn: string;
  readonly turns: number;
  /** Statements that begin a turn. */
  readonly statements: readonly string[];
  /** What has to hold for the row to be inside; undefined if all are. */
  readonly test: string | undefined;
}

/** The registers of a subgroup. */
export interface SubgroupLayout {
  /** Lanes of the subgroup, and of the workgroup. */
  readonly lanes: number;
  /** The loop over the rows of a matrix; undefined where the text has all of them. */
  rowLoop(shape: Shape): RowLoop | undefined;
  /** Whether a loop goes over the rows of a matrix. */
  isLooped(shape: Shape): boolean;
  /** The registers of a place of this shape. */
  registersOf(name: string, shape: Shape): Registers;
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
  /** The number of the register; as text where a loop counts it. */
  readonly register: number | string;
  readonly isOwn: boolean;
}

/** Numbers: every lane has them. */
export const isNumber = (shape: Shape): boolean => sizeOf(shape) === 1;
const isMatrix = (shape: Shape): boolean => shape.filter((extent) => extent > 1).length === 2;
/** The axis of a vector, which may be a matrix of one row or column. */
const longAxis = (shape: Shape): number => shape.findIndex((extent) => extent > 1);

/** Lanes along both axes; together they are all lanes. A lane visits few elements and reads few of rows and columns. */
function lanesOver(shape: Shape, lanes: number): Grid["lanes"] {
  if (isMatrix(shape)) {
    const [rows, columns] = shape as [number, number];
    const candidates = Array.from({ length: Math.log2(lanes) + 1 }, (_, power) => {
      const [down, across] = [lanes / 2 ** power, 2 ** power];
      const [ownRows, ownColumns] = [Math.ceil(rows / down), Math.ceil(columns / across)];
      return {
        lanes: [down, across] as const,
        cost: 2 * ownRows * ownColumns + ownRows + ownColumns,
      };
    });
    return candidates.toSorted((a, b) => a.cost - b.cost)[0]!.lanes;
  }
  return shape.length === 2 && longAxis(shape) === 0 ? [lanes, 1] : [1, lanes];
}

/** The loop over the rows of a grid. */
function loopOver({ shape, rows, lanes: [down] }: Grid, name: string): RowLoop {
  const row: IndexSymbol = { kind: "loop", name: `${name}i` };
  const [turn, any] = [`${name}q`, `${row.name}_any`];
  const isCovered = rows.length * down === shape[0];
  return {
    row,
    turn,
    turns: rows.length,
    statements: [
      `let ${any} = ${rows[0]!.name}_first + ${turn} * ${down}u;`,
      `let ${row.name} = min(${any}, ${shape[0]! - 1}u);`,
      ...isCovered ? [] : [`let ${row.name}_in = ${any} < ${shape[0]}u;`],
    ],
    test: isCovered ? undefined : `${row.name}_in`,
  };
}

/**
 * Begins a layout for so many lanes, a power of two; it makes grids as they are asked for.
 *
 * @param isLooped whether loops go over the rows of matrices: a shorter text, and slower.
 */
export function layOutSubgroup(lanes: number, { isLooped }: { isLooped: boolean }): SubgroupLayout {
  const grids = new Map<string, Grid>();
  const loops = new Map<Grid, RowLoop>();
  const symbolsOnAxis = new Map<IndexSymbol, OnAxis>();

  function gridOf(shape: Shape): Grid {
    const key = describeShape(shape);
    const earlier = grids.get(key);
    if (earlier) return earlier;
    const name = `g${grids.size}`;
    const grid = createGrid(name, shape, lanesOver(shape, lanes));
    grids.set(key, grid);
    if (isLooped && isMatrix(shape)) {
      const loop = loopOver(grid, name);
      loops.set(grid, loop);
      const register = `${loop.turn} * ${grid.lanes[0]}u / ${lanes}u`;
      symbolsOnAxis.set(loop.row, { register, isOwn: grid.lanes[0] === lanes });
    }
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

  function isOwnElement(shape: Shape, { element: [row, column] }: Position): boolean {
    const grid = gridOf(shape);
    const is = (index: Index | undefined, owned: readonly IndexSymbol[]) =>
      index !== undefined && !("clamped" in index) && index.offset === 0 &&
      index.symbol !== undefined && owned.includes(index.symbol);
    const loop = loops.get(grid);
    return is(row, loop ? [loop.row] : grid.rows) && is(column, grid.columns);
  }

  function registersOf(name: string, shape: Shape): Registers {
    if (isNumber(shape)) return { name, count: 1, isWhole: false };
    const { rows, columns } = gridOf(shape);
    const count = rows.length * columns.length;
    return { name, count, isWhole: isLooped };
  }

  function vectorElement(registers: Registers, index: Index): string {
    const known = onAxis(index);
    const textOf = (register: number | string) =>
      typeof register === "number"
        ? registerText(registers, register)
        : countedRegister(registers, 0, register);
    if (known?.isOwn) return textOf(known.register);
    const number = indexText(index);
    const ofLane = (register: number | string) =>
      `subgroupShuffle(${textOf(register)}, ${number} % ${lanes}u)`;
    if (known) return ofLane(known.register);
    return Array.from({ length: registers.count }, (_, register) => ofLane(register))
      .reduce((text, next, register) =>
        `select(${text}, ${next}, ${number} / ${lanes}u == ${register}u)`
      );
  }

  return {
    lanes,
    registersOf,
    gridOf,
    rowLoop: (shape) => loops.get(gridOf(shape)),
    isLooped: (shape) => isLooped && isMatrix(shape),
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
      if (isMatrix(shape)) return isOwnElement(shape, position);
      return onAxis(position.element[longAxis(shape)]!)?.isOwn ?? false;
    },
    isReadable: (shape, position) => !isMatrix(shape) || isOwnElement(shape, position),
    elementText(name, shape, { element }) {
      const registers = registersOf(name, shape);
      if (isNumber(shape)) return registerText(registers, 0);
      if (!isMatrix(shape)) return vectorElement(registers, element[longAxis(shape)]!);
      const grid = gridOf(shape);
      const { rows, columns } = grid;
      const [row, column] = element.map((index) => symbolOf(index)!);
      const inRow = columns.indexOf(column!);
      const loop = loops.get(grid);
      return loop
        ? countedRegister(registers, 0, `${loop.turn} * ${columns.length}u + ${inRow}u`)
        : registerText(registers, rows.indexOf(row!) * columns.length + inRow);
    },
  };
}
