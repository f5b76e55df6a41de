/** The tiles of a staged product: sizes alone decide, so the same program is always summed in the same order. */

/** A workgroup of a staged product: a tile of the results, made by groups of lanes that share the sums out. */
export interface TileShape {
  /** Rows and columns of a tile: a lane owns a square of `SIDE` of each. */
  readonly rows: number;
  readonly columns: number;
  /** Columns of a tile that there are results of: whole groups. */
  readonly across: number;
  /** What is staged at a time of all that is summed. */
  readonly depth: number;
  /** Groups of lanes, each with its own part of every sum. */
  readonly parts: number;
}

/** Rows and columns that a lane owns: a vec4 of each. */
export const SIDE = 4;

/** Workgroups that fill a large GPU. */
const ENOUGH_WORKGROUPS = 128;
/** Bytes of workgroup memory that a kernel takes at most, so that several fit on a multiprocessor. */
const MOST_BYTES = 12 * 1024;
/** Rows or columns of a tile, and what is staged of them at a time, at most. */
const [MOST_SIDE, MOST_DEPTH] = [32, 64];
/** Lanes of a workgroup, at most. */
const MOST_LANES = 128;

/** The smallest power of 2 that is at least `size`. */
const powerFrom = (size: number): number => 2 ** Math.ceil(Math.log2(Math.max(1, size)));

/** Words from a row of a staged matrix to the next: an odd number of fours, so that neighbours lie in other banks. */
export const strideOf = (side: number): number => SIDE * (side / SIDE | 1);

/** Lanes of a workgroup. */
export const lanesOfTile = ({ rows, columns, parts }: TileShape): number =>
  rows / SIDE * columns / SIDE * parts;

/** Words of workgroup memory: of what is staged, and later of the parts of the sums. */
export const sizeOfTile = (
  { rows, columns, depth, parts }: TileShape,
  { left, right, sums }: Matrices,
): number =>
  Math.max(
    depth * (left * strideOf(rows) + right * strideOf(columns)),
    sums * parts * rows * strideOf(columns),
  );

/** How many different matrices are multiplied, and how many products are summed. */
export interface Matrices {
  readonly left: number;
  readonly right: number;
  readonly sums: number;
}

/**
 * Chooses the tiles of a product of rows by columns, each a sum over `depth`.
 *
 * @param group columns that lie side by side, so that a tile has all of them or none.
 * @param owners products that there are.
 * @param isAlongDepth whether left matrices are loaded along what is summed; else long tiles load whole sectors.
 */
export function tileShape(
  { rows, columns, group, depth, owners, isAlongDepth }: {
    rows: number;
    columns: number;
    group: number;
    depth: number;
    owners: number;
    isAlongDepth: boolean;
  },
  matrices: Matrices,
): TileShape {
  const sides = (side: number) =>
    [MOST_SIDE, 16, 8, SIDE].filter((each) => each === SIDE || each < 2 * powerFrom(side));
  const most = sides(columns)[0]!;
  const acrossOf = (most: number) => group > most ? most : most - most % group;
  const workgroups = (down: number) =>
    Math.ceil(rows / down) * Math.ceil(columns / acrossOf(most)) * owners;
  const candidates = sides(rows).filter((side) => side > SIDE || rows <= SIDE);
  const down = candidates.find((side) => !isAlongDepth || workgroups(side) >= ENOUGH_WORKGROUPS) ??
    candidates.at(-1)!;
  /** The deepest tile with these sides that fits, with as many parts as can be. */
  const deepest = (down: number, most: number): TileShape | undefined => {
    const lanes = down / SIDE * most / SIDE;
    for (let staged = Math.min(MOST_DEPTH, powerFrom(depth)); staged >= 1; staged /= 2) {
      for (let parts = Math.min(staged, Math.max(1, MOST_LANES / lanes)); parts >= 1; parts /= 2) {
        const shape = { rows: down, columns: most, across: acrossOf(most), depth: staged, parts };
        if (4 * sizeOfTile(shape, matrices) <= MOST_BYTES) return shape;
      }
    }
    return undefined;
  };
  // Many sums leave room for small tiles only.
  for (let [height, width] = [down, most]; height >= SIDE && width >= SIDE;) {
    const shape = deepest(height, width);
    if (shape) return shape;
    [height, width] = height >= width ? [height / 2, width] : [height, width / 2];
  }
  throw new RangeError(`${matrices.sums} sums of one loop are more than fit into workgroup memory`);
}
