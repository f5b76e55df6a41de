/**
 * Strategy `elements`: computes the elements of the domain in blocks of rows and columns. Lanes run along
 * the last axis. Reductions over another axis, the batch or the steps are summed in registers.
 */
import {
  constantIndex,
  type Index,
  type IndexSymbol,
  loopSymbol,
  type Position,
  symbolIndex,
  symbolOf,
  visitedPosition,
} from "../../schedule/index.ts";
import type { FunctionWriter } from "./function_writer.ts";
import { alongRow, type Column, number } from "./along_row.ts";
import { finishVector, storeSums } from "./kept_sums.ts";
import {
  accumulator,
  finish,
  overRows,
  type PassBody,
  pastRows,
  positionAt,
  rowsOfCall,
  visit,
} from "./pass_body.ts";
import { isPlainSum, MOST_ROWS, ROWS } from "./pass_strategy.ts";
import { PAIR } from "./row_size.ts";

/** Visits in one turn of an innermost loop, which share its overhead. */
const UNROLL = 4;

/** Vectors of a row in a block: with as many sums as there are registers where nothing else needs them. */
function tileOf({ pass, places }: PassBody): number {
  if (!pass.reduction) return 2;
  const isPlain = isPlainSum(pass, places);
  return pass.domain.shape.length === 1 ? (isPlain ? 16 : 8) : (isPlain ? 4 : 2);
}

/** Writes a pass that computes every element of its domain by itself. */
export function elements(body: PassBody): void {
  const { shape } = body.pass.domain;
  if (shape.length === 0) block(body, [positionAt()], false);
  else if (shape.length === 2) matrixElements(body, shape[0]);
  else vectorElements(body);
}

/** Elements of a vector. Their sums are kept, so that what follows is written for a pair of vectors only. */
function vectorElements(body: PassBody): void {
  const { pass, columns, writer } = body;
  const row = { length: columns, tile: tileOf(body) };
  const positionsOf = (neighbours: readonly Column[]) =>
    neighbours.map(({ index }) => positionAt(index));
  if (!pass.reduction) {
    return alongRow(writer, row, (neighbours) => finish(body, positionsOf(neighbours)));
  }
  alongRow(writer, row, (neighbours) => {
    const sums = reduce(body, positionsOf(neighbours), neighbours[0]!.wide);
    storeSums(body, neighbours, sums);
  });
  finishVector(body);
}

/** Elements of a matrix, in blocks of rows. */
function matrixElements(body: PassBody, rows: number): void {
  const row = { length: body.columns, tile: tileOf(body) };
  // Rows of one pair leave registers for more of them.
  const blocks = row.tile > 2 && body.columns <= PAIR ? [MOST_ROWS, ROWS, 1] : [ROWS, 1];
  const all = rowsOfCall(rows);
  overRows(body, body.pass.past === "rows" ? pastRows(all, ROWS) : all, blocks, (indices) => {
    alongRow(body.writer, row, (neighbours) => {
      const positions = indices.flatMap((index) =>
        neighbours.map((column) => positionAt(index, column.index))
      );
      block(body, positions, neighbours[0]!.wide);
    });
  });
}

/** Elements that are computed together: first their reductions, then their values and stores. */
function block(body: PassBody, positions: readonly Position[], wide: boolean): void {
  if (body.pass.reduction) reduceBlock(body, positions, wide);
  finish(body, positions);
}

/** The accumulators of the reductions of some elements, by element, then by reduction. */
function reduce(body: PassBody, positions: readonly Position[], wide: boolean): string[][] {
  const { reduced } = body.pass;
  const sums = positions.map(() => reduced.map((node) => accumulator(body, node, wide)));
  overLoops(
    body,
    [],
    (loops) =>
      visit(
        body,
        positions.map((position, index) => ({
          position: visitedPosition(reduced[0]!, position, loops),
          sums: sums[index]!,
          wide,
          left: undefined,
        })),
      ),
  );
  return sums;
}

/** Reduces elements in registers, for what is computed from them at once. */
function reduceBlock(body: PassBody, positions: readonly Position[], wide: boolean): void {
  const { pass: { reduced }, writer, expressions } = body;
  const sums = reduce(body, positions, wide);
  const level = innermostLevel(positions, writer);
  positions.forEach((position, index) =>
    reduced.forEach((node, reduction) => {
      const text = `(local.get ${sums[index]![reduction]!})`;
      expressions.define(node, position, { kind: wide ? "v128" : "f32", text, level });
    })
  );
}

/** The loops of the reduction inside those of `outer`; `atVisit` gets the indices of all loops. */
function overLoops(
  body: PassBody,
  outer: readonly Index[],
  atVisit: (loops: readonly Index[]) => void,
): void {
  const { pass: { reduction, innerStores, past }, writer } = body;
  const { lengths } = reduction!;
  const depth = outer.length;
  const length = lengths[depth];
  if (length === undefined) return atVisit(outer);
  const inside = (index: Index) => overLoops(body, [...outer, index], atVisit);
  const several = (symbol: IndexSymbol, count: number) => {
    for (let part = 0; part < count; part++) inside(symbolIndex(symbol, part));
  };
  if (past === "loop") {
    const symbol = loopSymbol(depth);
    const { from, to } = pastRows({ from: number(0), to: number(length), count: length });
    writer.push(`(local.set $${symbol.name} ${from})`);
    for (const step of [UNROLL, 1].filter((step) => step <= length)) {
      writer.blocks(symbol, { to, step, most: length - step }, () => several(symbol, step));
    }
    return;
  }
  // An axis of one element needs no loop: its visit belongs to the loop around it.
  const isInnermost = lengths.slice(depth + 1).every((inner) => inner === 1);
  const step = isInnermost && innerStores.length === 0 ? UNROLL : 1;
  const whole = length === 1 ? 0 : length - length % step;
  if (whole > 0) {
    const symbol = loopSymbol(depth);
    const range = { from: number(0), to: number(whole), step, most: whole - step };
    writer.loop(symbol, range, () => several(symbol, step));
  }
  for (let rest = whole; rest < length; rest++) inside(constantIndex(rest));
}

/** Depth of the innermost loop whose symbol these positions follow. */
function innermostLevel(positions: readonly Position[], writer: FunctionWriter): number {
  const levels = positions.flatMap(({ element }) => element).map((index) => {
    const symbol = symbolOf(index);
    return symbol ? writer.levelOf(symbol) : 0;
  });
  return Math.max(0, ...levels);
}
