/**
 * Which passes are products of two matrices, out[x, y] = Σ_k left[x, k] right[k, y]. Rows and columns may be elements
 * or sequences: a matrix that all sequences share, times a vector of each, is such a product.
 */
import type { Extents } from "../../axes.ts";
import type { Node } from "../../program/node.ts";
import {
  constantIndex,
  type Index,
  type IndexSymbol,
  lanePosition,
  loopSymbol,
  operandPositions,
  type Position,
  positionKey,
  symbolIndex,
  symbolOf,
  symbols,
  visitedPosition,
} from "../../schedule/index.ts";
import type { Pass, Place } from "../../schedule/pass.ts";
import { createWalk, type ExpressionPrinter, type Walk } from "../walk_expression.ts";
import { holderOf } from "./elements.ts";
import { laneAxes, type LaneAxis } from "./lane_axes.ts";

/** A value that a product multiplies, at a position. */
export interface Term {
  readonly node: Node;
  readonly position: Position;
}

/** A pass that is a product of matrices. */
export interface Product {
  /** The axes of rows, of columns, of what is summed, and of what both matrices have; outermost first. */
  readonly rows: readonly LaneAxis[];
  readonly columns: readonly LaneAxis[];
  readonly loops: readonly LaneAxis[];
  readonly owners: readonly LaneAxis[];
  /** What is multiplied to make a visited element of a sum, left and right, with these indices in place of symbols. */
  factors(sum: Node, indices: Indices): readonly [left: Term[], right: Term[]];
}

/** Indices that stand for symbols. */
export type Indices = ReadonlyMap<IndexSymbol, Index>;

/** A position with other indices. */
export function movedTo(indices: Indices, { element, sequence, time }: Position): Position {
  const at = (index: Index) => indices.get(symbolOf(index)!) ?? index;
  return { element: element.map(at), sequence: at(sequence), time: at(time) };
}

type Sides = Pick<Product, "rows" | "columns" | "owners">;

/** The product that a pass is; undefined if it is none. */
export function productOf(
  pass: Pass,
  { places, extents }: { places: ReadonlyMap<Node, Place>; extents: Extents },
): Product | undefined {
  const { domain, reduction, reduced, innerStores, past } = pass;
  if (!reduction || innerStores.length > 0 || past === "loop") return undefined;
  const terms = new Map(reduced.map((sum) => [sum, multiplied(sum, places)]));
  const walk = symbolsRead(pass, places);
  const position = lanePosition(domain.shape.length);
  const loops = reduction.lengths.map((extent, depth) => ({ symbol: loopSymbol(depth), extent }));
  const visits = loops.map(({ symbol }) => symbolIndex(symbol));
  const sides = candidates(pass, extents).find(({ rows, columns }) =>
    reduced.every((sum) => {
      const factors = terms.get(sum)?.(position, visits) ?? [];
      const isRight = (term: Term) => readsAny([term], { walk, axes: columns });
      const [left, right] = [factors.filter((term) => !isRight(term)), factors.filter(isRight)];
      return right.length > 0 && readsAny(left, { walk, axes: rows }) &&
        !readsAny(right, { walk, axes: rows });
    })
  );
  if (!sides) return undefined;
  return {
    ...sides,
    loops,
    factors(sum, indices) {
      const makes = terms.get(sum)!;
      const here = makes(
        movedTo(indices, position),
        loops.map(({ symbol }) => indices.get(symbol) ?? symbolIndex(symbol)),
      );
      const isLeft = makes(position, visits).map((term) =>
        !readsAny([term], { walk, axes: sides.columns })
      );
      return [here.filter((_, index) => isLeft[index]), here.filter((_, index) => !isLeft[index])];
    },
  };
}

/** What may be rows, columns and owners; all extents above 1. Where rows are of steps, those of a step lie together. */
function candidates({ domain, past }: Pass, extents: Extents): Sides[] {
  const all = laneAxes(domain, extents, new Set());
  const [replica, ...others] = all;
  const of = (...names: IndexSymbol[]) =>
    names.flatMap((name) => others.filter(({ symbol }) => symbol === name));
  const { row, column, sequence } = symbols;
  const sides = domain.shape.length === 2
    ? [
      [[row], [sequence, column]],
      [past === "rows" ? [row, sequence] : [sequence, row], [column]],
      [[row], [column]],
    ]
    : [[[row], [sequence]]];
  return sides.map(([rows, columns]) => [of(...rows!), of(...columns!)] as const)
    .filter((both) => both.every((axes) => axes.some(({ extent }) => extent > 1)))
    .map(([rows, columns]) => ({
      rows,
      columns,
      owners: [
        replica!,
        ...others.filter((axis) => !rows.includes(axis) && !columns.includes(axis)),
      ],
    }));
}

/** What a sum multiplies at a visited position; undefined if it sums no products. */
function multiplied(
  sum: Node,
  places: ReadonlyMap<Node, Place>,
): ((position: Position, loops: readonly Index[]) => Term[]) | undefined {
  const { operation, inputs } = sum;
  const visit = (position: Position, loops: readonly Index[]) =>
    operandPositions(sum, visitedPosition(sum, position, loops));
  if (operation.op === "matmul") {
    return (position, loops) =>
      visit(position, loops).map((each, index) => ({ node: inputs[index]!, position: each }));
  }
  if (operation.op !== "reduce" || operation.kind !== "sum") return undefined;
  const nodes: Node[] = [];
  const collect = (node: Node) => {
    if (node.operation.op === "multiply" && !places.has(node)) node.inputs.forEach(collect);
    else nodes.push(node);
  };
  collect(inputs[0]!);
  return (position, loops) => {
    const [visited] = visit(position, loops);
    return nodes.map((node) => ({ node, position: visited! }));
  };
}

type Symbols = ReadonlySet<IndexSymbol>;

const union = (sets: Iterable<Symbols>): Symbols => new Set([...sets].flatMap((each) => [...each]));

/** Whether terms differ along some axes. */
const readsAny = (
  terms: readonly Term[],
  { walk, axes }: { walk: Walk<Symbols>; axes: readonly LaneAxis[] },
): boolean =>
  terms.some(({ node, position }) => {
    const read = walk(node, position);
    return axes.some(({ symbol }) => read.has(symbol));
  });

/** The symbols that the value of an expression depends on. */
function symbolsRead(
  { reduced, locals }: Pass,
  places: ReadonlyMap<Node, Place>,
): Walk<Symbols> {
  const known = new Map<string, Symbols>();
  const of = (...indices: readonly Index[]): Symbols =>
    new Set(indices.flatMap((index) => symbolOf(index) ?? []));
  const printer: ExpressionPrinter<Symbols> = {
    recall: (node, position) => known.get(positionKey(node, position)),
    remember: (node, position, read) => void known.set(positionKey(node, position), read),
    constant: () => of(),
    load: (place, { element, sequence, time }) =>
      of(...element, time, holderOf(place).hasBatchAxis ? sequence : constantIndex(0)),
    index: (index) => of(index),
    step: ({ time }) => of(time),
    random: (_draw, _shape, { element, sequence, time }) => of(...element, sequence, time),
    elementwise: (_op, { inputs }, position) => union(inputs.map((input) => walk(input, position))),
    partIndex: (index) => index,
    concat: (parts, { element }) =>
      union([of(...element), ...[...parts].map(({ value }) => value)]),
  };
  const walk = createWalk(printer, { places, computed: new Set([...reduced, ...locals]) });
  return walk;
}
