/**
 * Prints a pass over a matrix for a grid of lanes. First every lane visits the elements that it owns, and
 * leaves its part of each sum in workgroup memory. After a barrier a lane a sum adds the parts up, in a
 * fixed order, and goes on as the lane of any pass.
 */
import type { Node } from "../../program/node.ts";
import { type IndexSymbol, lanePosition, symbols } from "../../schedule/index.ts";
import type { Pass } from "../../schedule/pass.ts";
import { createExpressions, type EmitContext } from "./expressions.ts";
import { type Grid, insideTest, originOf, ownedPosition, tileSide } from "./grid.ts";
import { createLaneWriter, type LaneWriter } from "./lane_writer.ts";
import { type Joined, joinedLanes, joinLanes } from "./subgroup_sums.ts";
import { accumulate, startSums, total } from "./sums.ts";
import type { VisitedMatrix } from "./visited_matrix.ts";

/** The statements of a lane, and what they touch. */
export type LaneText = Pick<LaneWriter, "lines" | "touches">;

/** The array in workgroup memory that holds the parts of sums. */
export const PARTS = "parts";

/** Where the parts of a sum lie: those of a row or column are neighbours. */
interface Parts {
  /** Elements of the array before the parts of the pass. */
  readonly first: number;
  /** How many each sum has: lanes that have joined theirs leave one. */
  readonly count: number;
  readonly joined: Joined;
  /** From the parts of a sum to those of the next; odd, so that 32 sums lie in 32 banks. */
  readonly stride: number;
  /** Sums of a workgroup. */
  readonly sums: number;
  /** The number of the first of them; undefined: 0. */
  readonly origin: string | undefined;
}

/** Elements of workgroup memory for the parts of all sums of a pass, at most: with subgroups there are fewer. */
export function partsSize(pass: Pass, visited: VisitedMatrix, grid: Grid): number {
  const { sums, stride } = partsOf(visited, { grid, first: 0, context: { subgroup: 1 } });
  return pass.reduced.length * sums * stride;
}

function partsOf(
  { sums }: VisitedMatrix,
  { grid, first, context: { subgroup } }: {
    grid: Grid;
    first: number;
    context: Pick<EmitContext, "subgroup">;
  },
): Parts {
  const axis = sums === "rows" ? 0 : 1;
  const joined = joinedLanes(grid, axis, subgroup);
  const count = grid.lanes[1 - axis]! / joined.count;
  return {
    first,
    count,
    joined,
    stride: count | 1,
    sums: tileSide(grid, axis),
    origin: originOf(grid, axis),
  };
}

/** The element that holds a part of the sum of a row or column, both by their text. */
function partText(
  { first, stride, sums, origin }: Parts,
  index: number,
  sum: string,
  part: string,
): string {
  const before = first + index * sums * stride;
  const inTile = origin ? `(${sum} - ${origin})` : sum;
  const terms = [`${before}u`, sum === "0u" ? sum : `${inTile} * ${stride}u`, part];
  return `${PARTS}[${terms.filter((term) => term !== "0u").join(" + ") || "0u"}]`;
}

/**
 * The visits of a lane; the kernel has defined the symbols of the grid.
 *
 * @param first elements of workgroup memory that other passes use.
 */
export function emitVisits(
  pass: Pass,
  visited: VisitedMatrix,
  { grid, first, context }: { grid: Grid; first: number; context: EmitContext },
): LaneText {
  const { places } = context;
  const writer = createLaneWriter(context.elements);
  const expressions = createExpressions(writer, pass, context);
  const summed = visited.sums === "rows" ? grid.rows : grid.columns;
  const nameOf = (node: Node, owned: IndexSymbol) => `s${node.id}_${owned.name}`;
  startSums(writer, pass, (node) => summed.map((owned) => nameOf(node, owned)));
  for (const row of grid.rows) {
    for (const column of grid.columns) {
      const position = ownedPosition(grid, row, column);
      const test = insideTest(grid, row, column);
      for (const node of pass.reduced) {
        const sum = nameOf(node, visited.sums === "rows" ? row : column);
        accumulate(writer, expressions, { node, sum, position, places, test });
      }
      const stores = visited.sums ? pass.innerStores : pass.stores;
      const texts = stores.map(({ value, to }) =>
        [to, expressions.value(value, position)] as const
      );
      for (const [to, text] of texts) writer.store(to, position, { text, test });
    }
  }
  const parts = partsOf(visited, { grid, first, context });
  // Lanes that share a row differ in their column of the grid.
  const place = `lane ${visited.sums === "rows" ? "%" : "/"} ${grid.lanes[1]}u`;
  const { count } = parts.joined;
  const part = count > 1 ? `${place} / ${count}u` : place;
  pass.reduced.forEach((node, index) => {
    for (const owned of summed) {
      const sum = nameOf(node, owned);
      joinLanes(writer, { node, sum }, parts.joined);
      const element = partText(parts, index, owned.name, part);
      const inside = visited.sums === "rows"
        ? insideTest(grid, owned, grid.columns[0]!)
        : insideTest(grid, grid.rows[0]!, owned);
      const tests = [...inside ? [inside] : [], ...count > 1 ? [`${place} % ${count}u == 0u`] : []];
      const line = `${element} = ${sum};`;
      writer.push(tests.length > 0 ? `if (${tests.join(" && ")}) { ${line} }` : line);
    }
  });
  return writer;
}

/** What a lane a sum does with the parts; the kernel defines the symbols of the lane. */
export function emitSums(
  pass: Pass,
  visited: VisitedMatrix,
  { grid, first, context }: { grid: Grid; first: number; context: EmitContext },
): LaneText {
  const lane = lanePosition(pass.domain.shape.length);
  const writer = createLaneWriter(context.elements);
  const expressions = createExpressions(writer, pass, context);
  const parts = partsOf(visited, { grid, first, context });
  const sum = pass.domain.shape.length === 0 ? "0u" : symbols.row.name;
  pass.reduced.forEach((node, index) => {
    const texts = Array.from(
      { length: parts.count },
      (_, part) => partText(parts, index, sum, `${part}u`),
    );
    writer.push(`let s${node.id} = ${total(node, texts)};`);
    expressions.define(node, `s${node.id}`);
  });
  for (const node of pass.locals) expressions.define(node, expressions.value(node, lane));
  const stores = pass.stores.map(({ value, to }) => ({ to, text: expressions.value(value, lane) }));
  for (const { to, text } of stores) writer.store(to, lane, { text });
  return writer;
}
