/** The elements that a lane has for itself: some rows and columns of a matrix, or all of its sequence. */
import { sizeOf } from "../../axes.ts";
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
import {
  type Grid,
  gridValues,
  insideTest,
  isOwned,
  lanesOf,
  ownedPosition,
  sectorRatio,
} from "./grid.ts";
import { GROUP, SECTOR } from "./sectors.ts";
import { sequenceIndices } from "./sequence_rounds.ts";

/** Which elements are a lane's own. */
export interface Ownership {
  /** Whether each of the lanes that touch a position of a place touches elements of its own. */
  owns(place: Place, position: Position, lanes: number): boolean;
  /** The elements of a lane. */
  elementsOf(place: Place): OwnElements;
}

/** The elements of a lane. */
export interface OwnElements {
  /** Where they are, and what has to hold for each to be inside of the shape. */
  readonly positions: readonly { readonly position: Position; readonly test: string | undefined }[];
  /** Lanes that own elements, and the symbols of their positions. */
  readonly lanes: number;
  /** Statements that define symbols which the kernel has not defined. */
  readonly symbols: readonly string[];
  readonly valuesOf: (lane: number) => ReadonlyMap<string, number>;
  /** Sectors of memory that neighbouring lanes touch together, in multiples of the ideal. */
  readonly sectors: number;
}

const isConstant = (index: Index): boolean => symbolOf(index) === undefined;

/**
 * A lane owns elements of the matrix of a grid, in all sequences of its workgroup.
 *
 * @param sequences of a workgroup that has several; 1: its only one.
 */
export function ofGrid(grid: Grid, sequences: number): Ownership {
  const hasSeveral = (place: Place) => sequences > 1 && holderOf(place).hasBatchAxis;
  return {
    owns: (place, position) =>
      isOwned(grid, position) && (!hasSeveral(place) || isConstant(position.sequence)),
    elementsOf: (place) => ({
      positions: sequenceIndices(hasSeveral(place) ? sequences : 1).flatMap((sequence) =>
        grid.rows.flatMap((row) =>
          grid.columns.map((column) => ({
            position: ownedPosition(grid, row, column, sequence),
            test: insideTest(grid, row, column),
          }))
        )
      ),
      lanes: lanesOf(grid),
      symbols: [],
      valuesOf: (lane) => gridValues(grid, lane),
      sectors: sectorRatio(grid.shape, grid.lanes),
    }),
  };
}

/** Each of so many lanes owns all elements of one sequence. */
export function ofSequence(sequences: number): Ownership {
  return {
    owns: (place, { element, sequence }) =>
      holderOf(place).hasBatchAxis && element.every(isConstant) && !("clamped" in sequence) &&
      sequence.symbol === symbols.sequence && sequence.offset === 0,
    elementsOf(place) {
      const { shape } = holderOf(place);
      return {
        positions: elementsOf(shape).map((element) => ({
          position: { ...lanePosition(0), element },
          test: undefined,
        })),
        lanes: sequences,
        symbols: [`let ${symbols.sequence.name} = lane;`],
        valuesOf: (lane) => new Map([[symbols.sequence.name, lane]]),
        sectors: Math.min(sizeOf(shape), SECTOR),
      };
    },
  };
}

/** The first lane owns numbers that it alone touches, one of each place. */
export const ofFirstLane: Ownership = {
  owns: (_, { element, sequence, time }, lanes) =>
    lanes === 1 && element.length === 0 && !isConstant(sequence) &&
    [sequence, time].every((index) => symbolOf(index)?.kind !== "loop"),
  elementsOf: () => ({
    positions: [{ position: lanePosition(0), test: undefined }],
    lanes: 1,
    symbols: [],
    valuesOf: () => new Map(),
    // The other lanes gain nothing.
    sectors: 1 / GROUP,
  }),
};

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
