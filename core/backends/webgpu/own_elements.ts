/** The elements that a lane has for itself: some rows and columns of a matrix, or all of its sequence. */
import type { Shape } from "../../axes.ts";
import {
  constantIndex,
  type Index,
  lanePosition,
  type Position,
  symbolOf,
  symbols,
} from "../../schedule/index.ts";
import type { Place } from "../../schedule/pass.ts";
import { holderOf } from "./elements.ts";
import { type Grid, gridValues, insideTest, isOwned, lanesOf, ownedPosition } from "./grid.ts";

/** Which elements are a lane's own. */
export interface Ownership {
  /** Whether a lane that touches this position of a place touches an element of its own. */
  owns(place: Place, position: Position): boolean;
  /** The elements of a lane, of a place that has this shape. */
  elementsOf(shape: Shape): OwnElements;
}

/** The elements of a lane. */
export interface OwnElements {
  /** Where they are, and what has to hold for each to be inside of the shape. */
  readonly positions: readonly { readonly position: Position; readonly test: string | undefined }[];
  /** Lanes that own elements, and the symbols of their positions. */
  readonly lanes: number;
  readonly valuesOf: (lane: number) => ReadonlyMap<string, number>;
  /** Whether the elements of a lane are neighbours in memory: those of neighbouring lanes are not. */
  readonly areNeighbours: boolean;
}

/** A lane owns elements of the matrix of a grid. */
export function ofGrid(grid: Grid): Ownership {
  return {
    owns: (_, position) => isOwned(grid, position),
    elementsOf: () => ({
      positions: grid.rows.flatMap((row) =>
        grid.columns.map((column) => ({
          position: ownedPosition(grid, row, column),
          test: insideTest(grid, row, column),
        }))
      ),
      lanes: lanesOf(grid),
      valuesOf: (lane) => gridValues(grid, lane),
      areNeighbours: false,
    }),
  };
}

const isConstant = (index: Index): boolean => symbolOf(index) === undefined;

/** Each of so many lanes owns all elements of one sequence. */
export function ofSequence(sequences: number): Ownership {
  return {
    owns: (place, { element, sequence }) =>
      holderOf(place).hasBatchAxis && element.every(isConstant) && !("clamped" in sequence) &&
      sequence.symbol === symbols.sequence && sequence.offset === 0,
    elementsOf: (shape) => ({
      positions: elementsOf(shape).map((element) => ({
        position: { ...lanePosition(0), element },
        test: undefined,
      })),
      lanes: sequences,
      valuesOf: (lane) => new Map([[symbols.sequence.name, lane]]),
      areNeighbours: shape.length > 0,
    }),
  };
}

/** All elements of a shape, row by row, as constant indices. */
export function elementsOf(shape: readonly number[]): Index[][] {
  return shape.reduce<Index[][]>(
    (elements, extent) =>
      elements.flatMap((element) =>
        Array.from({ length: extent }, (_, index) => [...element, constantIndex(index)])
      ),
    [[]],
  );
}
