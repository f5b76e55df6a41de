/**
 * Prints a pass over a matrix for a grid of lanes. First every lane visits the elements that it owns, and
 * leaves its part of each sum in workgroup memory. After a barrier a lane a sum adds the parts up, in a
 * fixed order, and goes on as the lane of any pass.
 */
import type { Node } from "../../program/node.ts";
import {
  constantIndex,
  type Index,
  type IndexSymbol,
  lanePosition,
  shifted,
  symbolOf,
  symbols,
} from "../../schedule/index.ts";
import type { Pass } from "../../schedule/pass.ts";
import { indexText } from "./address.ts";
import { createExpressions, type EmitContext, type Expressions } from "./expressions.ts";
import { type Grid, insideTest, originOf, ownedPosition, tileSide } from "./grid.ts";
import { createLaneWriter, type LaneWriter } from "./lane_writer.ts";
import { SCRATCHPAD } from "./scratchpad.ts";
import { inRound, overRound, type Round } from "./sequence_rounds.ts";
import { type Joined, joinedLanes, joinLanes } from "./subgroup_sums.ts";
import { accumulate, startSums, total } from "./sums.ts";
import type { VisitedMatrix } from "./visited_matrix.ts";

/** The statements of a lane, and what they touch. */
export type LaneText = Pick<LaneWriter, "lines" | "touches">;

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
  /** From the parts of a sequence to those of the next. */
  readonly ofSequence: number;
  /** The first sequence. */
  readonly from: number;
}

/** What the text of a pass over a matrix depends on. */
export interface VisitOptions {
  readonly grid: Grid;
  /** Elements of workgroup memory before the parts of its sums. */
  readonly first: number;
  /** Of a workgroup with several sequences: those that are visited. */
  readonly round?: Round | undefined;
  readonly context: EmitContext;
}

/**
 * Elements of workgroup memory for the parts of all sums of a pass in a sequence, at most: with subgroups there are
 * fewer.
 */
export const partsSize = (pass: Pass, visited: VisitedMatrix, grid: Grid): number =>
  partsOf(pass, visited, { grid, first: 0, context: { subgroup: 1 } }).ofSequence;

function partsOf(
  { reduced }: Pass,
  { sums }: VisitedMatrix,
  { grid, first, round, context: { subgroup } }: Omit<VisitOptions, "context"> & {
    context: Pick<EmitContext, "subgroup">;
  },
): Parts {
  const axis = sums === "rows" ? 0 : 1;
  const joined = joinedLanes(grid, axis, subgroup);
  const count = grid.lanes[1 - axis]! / joined.count;
  const stride = count | 1;
  const side = tileSide(grid, axis);
  return {
    first,
    count,
    joined,
    stride,
    sums: side,
    origin: originOf(grid, axis),
    ofSequence: reduced.length * side * stride,
    from: round?.from ?? 0,
  };
}

/** The element that holds a part of the sum of a row or column, both by their text; of a sequence, if there are several. */
function partText(
  { first, stride, sums, origin, ofSequence, from }: Parts,
  { index, sum, part, sequence = constantIndex(from) }: {
    index: number;
    sum: string;
    part: string;
    sequence: Index | undefined;
  },
): string {
  const sequences = shifted(sequence, -from);
  const isFixed = symbolOf(sequence) === undefined;
  const before = first + index * sums * stride + (isFixed ? sequences.offset * ofSequence : 0);
  const inTile = origin ? `(${sum} - ${origin})` : sum;
  const terms = [
    `${before}u`,
    isFixed ? "0u" : `${indexText(sequences)} * ${ofSequence}u`,
    sum === "0u" ? sum : `${inTile} * ${stride}u`,
    part,
  ];
  return `${SCRATCHPAD}[${terms.filter((term) => term !== "0u").join(" + ") || "0u"}]`;
}

/** The visits of a lane; the kernel has defined the symbols of the grid. */
export function emitVisits(
  pass: Pass,
  visited: VisitedMatrix,
  options: VisitOptions,
): LaneText {
  const writer = createLaneWriter(options.context.elements);
  const expressions = createExpressions(writer, pass, options.context);
  overRound(writer, options.round, (sequence) => {
    const names = visitElements(writer, expressions, { pass, visited, sequence, ...options });
    storeParts(writer, names, { pass, visited, sequence, ...options });
  });
  return writer;
}

/** A pass over a matrix, in one sequence. */
interface Visit extends VisitOptions {
  readonly pass: Pass;
  readonly visited: VisitedMatrix;
  /** Undefined: the only one of the workgroup. */
  readonly sequence: Index | undefined;
}

/** The name of the sum of a row or column. */
type NameOf = (node: Node, owned: IndexSymbol) => string;

/** Visits the elements of a lane. @returns the names of its sums. */
function visitElements(
  writer: LaneWriter,
  expressions: Expressions,
  { pass, visited, sequence, grid, context: { places } }: Visit,
): NameOf {
  const summed = visited.sums === "rows" ? grid.rows : grid.columns;
  const isNumbered = sequence && symbolOf(sequence) === undefined;
  const suffix = isNumbered ? `_b${sequence.offset}` : "";
  const nameOf: NameOf = (node, owned) => `s${node.id}_${owned.name}${suffix}`;
  startSums(writer, pass, (node) => summed.map((owned) => nameOf(node, owned)));
  for (const row of grid.rows) {
    for (const column of grid.columns) {
      const position = ownedPosition(grid, row, column, sequence);
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
  return nameOf;
}

/** Leaves the parts of the sums of a lane in workgroup memory. */
function storeParts(
  writer: LaneWriter,
  nameOf: NameOf,
  { pass, visited, sequence, ...options }: Visit,
): void {
  const { grid } = options;
  const summed = visited.sums === "rows" ? grid.rows : grid.columns;
  const parts = partsOf(pass, visited, options);
  // Lanes that share a row differ in their column of the grid.
  const place = `lane ${visited.sums === "rows" ? "%" : "/"} ${grid.lanes[1]}u`;
  const { count } = parts.joined;
  const part = count > 1 ? `${place} / ${count}u` : place;
  pass.reduced.forEach((node, index) => {
    for (const owned of summed) {
      const sum = nameOf(node, owned);
      joinLanes(writer, { node, sum }, parts.joined);
      const element = partText(parts, { index, sum: owned.name, part, sequence });
      const inside = visited.sums === "rows"
        ? insideTest(grid, owned, grid.columns[0]!)
        : insideTest(grid, grid.rows[0]!, owned);
      const tests = [...inside ? [inside] : [], ...count > 1 ? [`${place} % ${count}u == 0u`] : []];
      const line = `${element} = ${sum};`;
      writer.push(tests.length > 0 ? `if (${tests.join(" && ")}) { ${line} }` : line);
    }
  });
}

/** What a lane a sum does with the parts; the kernel defines the symbols of the lane. */
export function emitSums(pass: Pass, visited: VisitedMatrix, options: VisitOptions): LaneText {
  const { round, context } = options;
  const sequence = round && inRound(round);
  const position = lanePosition(pass.domain.shape.length);
  const lane = sequence ? { ...position, sequence } : position;
  const writer = createLaneWriter(context.elements);
  const expressions = createExpressions(writer, pass, context);
  const parts = partsOf(pass, visited, options);
  const sum = pass.domain.shape.length === 0 ? "0u" : symbols.row.name;
  pass.reduced.forEach((node, index) => {
    const texts = Array.from(
      { length: parts.count },
      (_, part) => partText(parts, { index, sum, part: `${part}u`, sequence }),
    );
    writer.push(`let s${node.id} = ${total(node, texts)};`);
    expressions.define(node, `s${node.id}`);
  });
  for (const node of pass.locals) expressions.define(node, expressions.value(node, lane));
  const stores = pass.stores.map(({ value, to }) => ({ to, text: expressions.value(value, lane) }));
  for (const { to, text } of stores) writer.store(to, lane, { text });
  return writer;
}
