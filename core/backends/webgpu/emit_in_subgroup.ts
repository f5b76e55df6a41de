/**
 * Prints a pass for a workgroup that is one subgroup. Every lane visits the elements that it owns of what is summed, the
 * lanes add up their parts by shuffles, and each goes on with the elements that it owns of the domain.
 */
import type { Shape } from "../../axes.ts";
import type { Node } from "../../program/node.ts";
import { positionKey } from "../../schedule/index.ts";
import type { Pass } from "../../schedule/pass.ts";
import type { LaneText } from "./emit_visits.ts";
import { indent } from "./kernel_text.ts";
import { createExpressions, type EmitContext, type Expressions } from "./expressions.ts";
import { type Grid, insideTest, ownedPosition } from "./grid.ts";
import { createLaneWriter, type LaneWriter } from "./lane_writer.ts";
import {
  countedRegister,
  declareRegisters,
  type Registers,
  registerText,
} from "./register_arrays.ts";
import { isNumber, type OwnedElement, type SubgroupLayout } from "./subgroup_layout.ts";
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
  const lane: Lane = {
    pass,
    layout,
    writer,
    expressions: createExpressions(writer, pass, context),
    places: context.places,
  };
  const { domain: { shape }, stores } = pass;
  const visited = visitedMatrix(pass);
  if (visited && !visited.sums && !isNumber(shape)) {
    visitMatrix(lane, shape, (owned) => storeValues(lane, stores, owned));
    return writer;
  }
  const sumOf = visited?.sums && emitSums(lane, visited);
  layout.ownedBy(shape).forEach((owned, register) => {
    for (const node of pass.reduced) {
      const name = writer.bind(sumOf!(node, register), owned.position);
      writer.remember(positionKey(node, owned.position), owned.position, name);
    }
    storeValues(lane, stores, owned);
  });
  return writer;
}

/** A lane that is being printed. */
interface Lane {
  readonly pass: Pass;
  readonly layout: SubgroupLayout;
  readonly writer: LaneWriter;
  readonly expressions: Expressions;
  readonly places: EmitContext["places"];
}

/** Stores at an element; all values come first, since a store must not change what another still reads. */
function storeValues(
  { writer, expressions }: Lane,
  stores: Pass["stores"],
  { position, test }: OwnedElement,
): void {
  const texts = stores.map(({ value, to }) => [to, expressions.value(value, position)] as const);
  for (const [to, text] of texts) writer.store(to, position, { text, test });
}

/** Visits the elements of a matrix or vector that a lane owns: all in the text, or a row in each turn of a loop. */
function visitMatrix(
  { layout, writer }: Lane,
  shape: Shape,
  visit: (owned: OwnedElement, row: number, column: number) => void,
  { begin = () => {}, end = () => {} }: { begin?: () => void; end?: (turn: string) => void } = {},
): void {
  const grid = layout.gridOf(shape);
  const loop = layout.rowLoop(shape);
  if (!loop) {
    grid.rows.forEach((row, i) =>
      grid.columns.forEach((column, j) => {
        const position = ownedPosition(grid, row, column);
        visit({ position, test: insideTest(grid, row, column) }, i, j);
      })
    );
    return;
  }
  const lines = writer.visit(loop.turns, () => {
    begin();
    grid.columns.forEach((column, j) => {
      const tests = [loop.test, insideTest(grid, grid.rows[0]!, column)]
        .filter((test) => test !== undefined);
      const test = tests.length > 0 ? tests.join(" && ") : undefined;
      visit({ position: ownedPosition(grid, loop.row, column), test }, 0, j);
    });
    end(loop.turn);
  });
  const { turn, turns, statements } = loop;
  writer.push(`for (var ${turn} = 0u; ${turn} < ${turns}u; ${turn} += 1u) {`);
  for (const line of indent([...statements, ...lines])) writer.push(line);
  writer.push("}");
}

/** Prints the visits, and joins the lanes. @returns the text of the sum that a lane has in a register of the domain. */
function emitSums(
  lane: Lane,
  { shape, sums }: VisitedMatrix,
): (node: Node, register: number) => string {
  const { pass, layout, writer, expressions, places } = lane;
  const grid = layout.gridOf(shape);
  const [down, across] = grid.lanes;
  // All lanes get the sum of a row; that of a column of one element only its own lane would have.
  const isOfRows = sums === "rows" || isNumber(shape);
  const joined = isOfRows ? { count: across, stride: 1 } : { count: down, stride: across };
  const summed = isOfRows ? grid.rows : grid.columns;
  /** In a loop over rows, each turn sums one. */
  const isOfTurns = isOfRows && layout.rowLoop(shape) !== undefined;
  const count = isOfTurns ? 1 : summed.length;
  const nameOf = (node: Node, index: number) => `s${node.id}_${summed[index]!.name}`;
  const start = () =>
    startSums(writer, pass, (node) => Array.from({ length: count }, (_, i) => nameOf(node, i)));
  const join = () => {
    for (const node of pass.reduced) {
      for (let index = 0; index < count; index++) {
        joinLanes(writer, { node, sum: nameOf(node, index) }, joined);
      }
    }
  };
  const rowsOf = (node: Node): Registers => ({
    name: `s${node.id}`,
    count: summed.length,
    isWhole: true,
  });
  if (isOfTurns) {
    pass.reduced.flatMap((node) => declareRegisters(rowsOf(node))).forEach(writer.push);
  } else start();
  visitMatrix(
    lane,
    shape,
    (owned, row, column) => {
      for (const node of pass.reduced) {
        const sum = nameOf(node, isOfRows ? row : column);
        accumulate(writer, expressions, { node, sum, ...owned, places });
      }
      storeValues(lane, pass.innerStores, owned);
    },
    isOfTurns
      ? {
        begin: start,
        end(turn) {
          join();
          for (const node of pass.reduced) {
            writer.push(`${countedRegister(rowsOf(node), 0, turn)} = ${nameOf(node, 0)};`);
          }
        },
      }
      : {},
  );
  if (!isOfTurns) join();
  const sumText = (node: Node, index: number) =>
    isOfTurns ? registerText(rowsOf(node), index) : nameOf(node, index);
  return (node, register) =>
    isNumber(pass.domain.shape)
      ? sumText(node, 0)
      : ownSum(grid, isOfRows, { register, count: summed.length, nameOf: (k) => sumText(node, k) });
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
