/**
 * Prints a pass for a workgroup that is one subgroup. Every lane visits the elements that it owns of what is summed, the
 * lanes add up their parts by shuffles, and each goes on with the elements that it owns of the domain.
 */
import type { Node } from "../../program/node.ts";
import { positionKey } from "../../schedule/index.ts";
import type { Pass } from "../../schedule/pass.ts";
import type { LaneText } from "./emit_visits.ts";
import { createExpressions, type EmitContext, type Expressions } from "./expressions.ts";
import { type Grid, insideTest, ownedPosition } from "./grid.ts";
import { createLaneWriter, type LaneWriter } from "./lane_writer.ts";
import { isNumber, type SubgroupLayout } from "./subgroup_layout.ts";
import { joinLanes } from "./subgroup_sums.ts";
import { accumulate, startSums } from "./sums.ts";
import { type VisitedMatrix, visitedMatrix } from "./visited_matrix.ts";

/** Whether a pass sums along one axis at most, inside of its own sequence. */
export const suitsSubgroup = (pass: Pass): boolean =>
  pass.reduction === undefined ||
  visitedMatrix(pass)?.sums !== undefined &&
    pass.reduced.every(({ operation }) => operation.op === "reduce");

/** The statements of a lane; the kernel has defined the symbols of all grids of the layout. */
export function emitInSubgroup(
  pass: Pass,
  layout: SubgroupLayout,
  context: EmitContext,
): LaneText {
  const writer = createLaneWriter(context.elements);
  const expressions = createExpressions(writer, pass, context);
  const visited = visitedMatrix(pass);
  const sumOf = visited?.sums
    ? emitSums(pass, visited, { layout, context, writer, expressions })
    : undefined;
  layout.ownedBy(pass.domain.shape).forEach(({ position, test }, register) => {
    for (const node of pass.reduced) {
      const name = writer.bind(sumOf!(node, register), position);
      writer.remember(positionKey(node, position), position, name);
    }
    const texts = pass.stores.map(({ value, to }) =>
      [to, expressions.value(value, position)] as const
    );
    for (const [to, text] of texts) writer.store(to, position, { text, test });
  });
  return writer;
}

/** Prints the visits, and joins the lanes. @returns the text of the sum that a lane has in a register of the domain. */
function emitSums(
  pass: Pass,
  { shape, sums }: VisitedMatrix,
  { layout, context, writer, expressions }: {
    layout: SubgroupLayout;
    context: EmitContext;
    writer: LaneWriter;
    expressions: Expressions;
  },
): (node: Node, register: number) => string {
  const { places } = context;
  const grid = layout.gridOf(shape);
  const isOfRows = sums === "rows";
  const summed = isOfRows ? grid.rows : grid.columns;
  const nameOf = (node: Node, index: number) => `s${node.id}_${summed[index]!.name}`;
  startSums(writer, pass, (node) => summed.map((_, index) => nameOf(node, index)));
  grid.rows.forEach((row, i) =>
    grid.columns.forEach((column, j) => {
      const position = ownedPosition(grid, row, column);
      const test = insideTest(grid, row, column);
      for (const node of pass.reduced) {
        const sum = nameOf(node, isOfRows ? i : j);
        accumulate(writer, expressions, { node, sum, position, places, test });
      }
      const texts = pass.innerStores.map(({ value, to }) =>
        [to, expressions.value(value, position)] as const
      );
      for (const [to, text] of texts) writer.store(to, position, { text, test });
    })
  );
  const [down, across] = grid.lanes;
  const joined = isOfRows ? { count: across, stride: 1 } : { count: down, stride: across };
  for (const node of pass.reduced) {
    summed.forEach((_, index) => joinLanes(writer, { node, sum: nameOf(node, index) }, joined));
  }
  const hasOne = isNumber(pass.domain.shape);
  return (node, register) =>
    hasOne
      ? nameOf(node, 0)
      : ownSum(grid, isOfRows, { register, count: summed.length, nameOf: (k) => nameOf(node, k) });
}

/**
 * The sum of the element that a lane owns of a vector of sums. All lanes of a row have its sums; each keeps
 * one of them, and the owner takes it from there. Of the lanes of a column, each keeps the one that it owns.
 */
function ownSum(
  { lanes: [down, across] }: Grid,
  isOfRows: boolean,
  { register, count, nameOf }: {
    register: number;
    count: number;
    nameOf: (index: number) => string;
  },
): string {
  const [kept, which] = isOfRows ? [across, `lane % ${across}u`] : [down, `lane / ${across}u`];
  const some = Array.from({ length: kept }, (_, index) => register * kept + index)
    .filter((index) => index < count);
  const text = some.map(nameOf)
    .reduce((text, name, index) => `select(${text}, ${name}, ${which} == ${index}u)`);
  if (!isOfRows || across === 1 || down === 1) return text;
  return `subgroupShuffle(${text}, lane % ${down}u * ${across}u + lane / ${down}u)`;
}
