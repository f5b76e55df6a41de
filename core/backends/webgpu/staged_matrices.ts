/** The matrices that a workgroup stages to multiply them: what is loaded by which lane, and where it is put. */
import type { Node } from "../../program/node.ts";
import { positionKey, symbolOf } from "../../schedule/index.ts";
import type { Pass } from "../../schedule/pass.ts";
import { axisIndices, type MemoryPlan } from "../memory_plan.ts";
import { createExpressions, type EmitContext, type Expressions } from "./expressions.ts";
import {
  type LaneAxis,
  laneCount,
  laneSymbols,
  prefixedIndices,
  symbolValues,
} from "./lane_axes.ts";
import { createLaneWriter, type LaneWriter } from "./lane_writer.ts";
import type { Indices, Product, Term } from "./product.ts";
import { lanesOfTile, strideOf, type TileShape } from "./tile_shape.ts";

/**
 * The array in workgroup memory. Of numbers: who writes a component of a vector may write all of it, so lanes that
 * load neighbours must not share one.
 */
export const TILE = "tile";

/** A matrix that products read: left ones have rows, right ones columns. */
export interface Factor {
  readonly isLeft: boolean;
  /** Its rows or columns. */
  readonly axes: readonly LaneAxis[];
  /** Rows or columns that lie side by side before those of the next k do: 1 if k does. */
  readonly group: number;
  terms(indices: Indices): readonly Term[];
}

/** The different factors of a product, and those of each sum. */
export interface Factors {
  readonly all: readonly Factor[];
  readonly of: ReadonlyMap<Node, readonly [left: Factor, right: Factor]>;
}

/** The factors of a pass; sums that read the same matrix share it. */
export function factorsOf(
  pass: Pass,
  product: Product,
  context: Pick<StagingContext, "memory" | "emit">,
): Factors {
  const { reduced } = pass;
  const byKey = new Map<string, Factor>();
  const factorOf = (sum: Node, side: 0 | 1): Factor => {
    const terms = product.factors(sum, new Map())[side];
    const key = terms.map(({ node, position }) => positionKey(node, position)).join(" * ");
    const axes = side === 0 ? product.rows : product.columns;
    const factor = byKey.get(key) ?? {
      isLeft: side === 0,
      axes,
      group: groupOf(terms, { ...context, pass, product, axes }),
      terms: (indices: Indices) => product.factors(sum, indices)[side],
    };
    byKey.set(key, factor);
    return factor;
  };
  const of = new Map(reduced.map((sum) => [sum, [factorOf(sum, 0), factorOf(sum, 1)] as const]));
  return { all: [...byKey.values()], of };
}

/** A factor in workgroup memory: its rows or columns side by side, k by k. */
export interface Staged extends Factor {
  /** Begins the names of its symbols. */
  readonly name: string;
  /** Rows or columns of a tile that are loaded. */
  readonly length: number;
  /** Of these, how many neighbouring lanes load side by side before they come to the next k. */
  readonly inner: number;
  /** Words before its own, and from a k to the next. */
  readonly first: number;
  readonly stride: number;
}

/** What staging needs to know of a pass. */
export interface StagingContext {
  readonly pass: Pass;
  readonly product: Product;
  readonly shape: TileShape;
  readonly memory: MemoryPlan;
  readonly emit: EmitContext;
}

/** Gives factors their places, one after the other. */
export function placeFactors({ all }: Factors, shape: TileShape): Map<Factor, Staged> {
  let first = 0;
  return new Map(all.map((factor, index) => {
    const length = factor.isLeft ? shape.rows : shape.across;
    const stride = strideOf(factor.isLeft ? shape.rows : shape.columns);
    const inner = length % factor.group === 0 ? factor.group : length;
    const staged = { ...factor, name: `m${index}`, length, inner, first, stride };
    first += shape.depth * stride;
    return [factor, staged];
  }));
}

/** How many rows or columns lie side by side, in most that terms read. */
function groupOf(
  terms: readonly Term[],
  { pass, product, memory, emit, axes }: Omit<StagingContext, "shape"> & Pick<Factor, "axes">,
): number {
  const writer = createLaneWriter(emit.elements);
  valueOf(terms, { writer, expressions: createExpressions(writer, pass, emit) });
  let votes = 0;
  for (const { place, position } of writer.touches) {
    const inner = memory.stridesOf(place).find(({ stride }) => stride === 1);
    const symbol = inner && symbolOf(axisIndices(position)[inner.axis]!);
    const isOf = (axes: readonly LaneAxis[]) => axes.some((axis) => axis.symbol === symbol);
    votes += isOf(product.loops) ? 1 : isOf(axes) ? -1 : 0;
  }
  return votes > 0 ? 1 : axes.at(-1)!.extent;
}

/** The value of a factor: the product of its terms. */
function valueOf(
  terms: readonly Term[],
  { writer, expressions }: { writer: LaneWriter; expressions: Expressions },
): string {
  const texts = terms.map(({ node, position }) => expressions.value(node, position));
  return texts.length === 1 ? texts[0]! : writer.bind(texts.join(" * "), terms[0]!.position);
}

/** How many elements of a matrix a lane loads at a time, at most. */
const shareOf = ({ length }: Staged, shape: TileShape): number =>
  Math.ceil(length * shape.depth / lanesOfTile(shape));

const prefixOf = ({ name }: Staged, number: number): string => `${name}_${number}_`;

/** The statements of a lane that load its elements of all matrices, `k0` being the first k of the tile. */
export function stagingText(
  matrices: readonly Staged[],
  context: StagingContext,
): Pick<LaneWriter, "lines" | "touches"> & { readonly visit: readonly string[] } {
  const { pass, product, shape, emit } = context;
  const { loops } = product;
  const writer = createLaneWriter(emit.elements);
  const expressions = createExpressions(writer, pass, emit);
  const depth = laneCount(loops);
  const lanes = lanesOfTile(shape);
  const visit = writer.visit(Math.ceil(depth / shape.depth), () => {
    for (const matrix of matrices) {
      const size = matrix.length * shape.depth;
      for (let number = 0; number < shareOf(matrix, shape); number++) {
        const prefix = prefixOf(matrix, number);
        const origin = matrix.isLeft ? "row0" : "column0";
        const symbols = [
          size < (number + 1) * lanes ? `if (lane < ${size - number * lanes}u) {` : "{",
          ...numbersOf(matrix, shape, { prefix, first: number * lanes }),
          `let ${prefix}at = min(${origin} + ${prefix}x, ${laneCount(matrix.axes) - 1}u);`,
          `let ${prefix}k = min(k0 + ${prefix}d, ${depth - 1}u);`,
          ...laneSymbols(matrix.axes, { number: `${prefix}at`, prefix }),
          ...laneSymbols(loops, { number: `${prefix}k`, prefix }),
        ];
        symbols.forEach(writer.push);
        const indices = new Map([
          ...prefixedIndices(matrix.axes, prefix, "loop"),
          ...prefixedIndices(loops, prefix, "loop"),
        ]);
        const value = valueOf(matrix.terms(indices), { writer, expressions });
        const isInside = `k0 + ${prefix}d < ${depth}u`;
        const text = depth % shape.depth === 0 ? value : `select(0.0f, ${value}, ${isInside})`;
        const at = `${matrix.first}u + ${prefix}d * ${matrix.stride}u + ${prefix}x`;
        writer.push(`${TILE}[${at}] = ${text};`);
        writer.push("}");
      }
    }
  });
  return { lines: writer.lines, touches: writer.touches, visit };
}

/** Neighbouring lanes load neighbours: the rows or columns of a group, then of the next k, then the next group. */
function numbersOf(
  { inner }: Staged,
  { depth }: TileShape,
  { prefix, first }: { prefix: string; first: number },
): string[] {
  return [
    `let ${prefix}e = lane + ${first}u;`,
    `let ${prefix}d = ${prefix}e / ${inner}u % ${depth}u;`,
    `let ${prefix}x = ${prefix}e / ${inner * depth}u * ${inner}u + ${prefix}e % ${inner}u;`,
  ];
}

/** The values that the statements of the first tile along k give the symbols, by name. */
export function stagedValues(
  matrices: readonly Staged[],
  { product: { loops }, shape }: StagingContext,
  { lane, row, column }: { lane: number; row: number; column: number },
): (readonly [string, number])[] {
  return matrices.flatMap((matrix) => {
    const { inner } = matrix;
    return Array.from({ length: shareOf(matrix, shape) }, (_, number) => {
      const element = Math.min(
        lane + number * lanesOfTile(shape),
        matrix.length * shape.depth - 1,
      );
      const k = Math.floor(element / inner) % shape.depth;
      const x = Math.floor(element / inner / shape.depth) * inner + element % inner;
      const at = Math.min((matrix.isLeft ? row : column) + x, laneCount(matrix.axes) - 1);
      const prefix = prefixOf(matrix, number);
      return [
        ...symbolValues(matrix.axes, at, prefix),
        ...symbolValues(loops, Math.min(k, laneCount(loops) - 1), prefix),
      ];
    }).flat();
  });
}
