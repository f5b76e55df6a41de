/**
 * One pass as a WebAssembly function over one sequence (or one replica's shared values).
 *
 * Lanes always run along the last own axis, whose elements are neighbours in memory. What is reduced
 * along that axis is summed across lanes at the end of a row; what is reduced along another axis, the
 * batch or the steps is summed lane by lane in registers, over blocks of rows and columns.
 */
import { sizeOf } from "../../axes.ts";
import type { Node } from "../../program/node.ts";
import {
  constantIndex,
  type Index,
  type IndexSymbol,
  type LinearIndex,
  loopSymbol,
  operandPosition,
  type Position,
  symbolIndex,
  symbolOf,
  symbols,
} from "../../schedule/index.ts";
import { accessesOf } from "../../schedule/accesses.ts";
import type { Pass, Place } from "../../schedule/pass.ts";
import { createExpressions, type ExpressionContext } from "./expressions.ts";
import { createFunctionWriter, inLanes, LANE, SINGLE } from "./function_writer.ts";
import { type Combine, fourRowSums, type RowSum, rowSum } from "./lane_sums.ts";

/**
 * k: iteration row, t: step, r: replica, b: sequence; rows lo .. hi - 1 of a matrix, or of the matrix
 * that is reduced row by row: there lo is a multiple of `MOST_ROWS`, and hi unless it is the last row.
 */
export const passParameters = ["k", "t", "r", "b", "lo", "hi"] as const;

const WIDTH = 4;
/** Rows handled together share what they read of the vectors, and their sums do not wait for each other. */
const ROWS = 4;
/** The same where registers are left for more: a matrix times a vector, and nothing else. */
export const MOST_ROWS = 8;
/** Visits of an innermost loop that share its overhead. */
const UNROLL = 4;
const smallest = "-3.4028234663852886e38";

/** Bytes of a matrix whose rows are in cache whatever the order in which they are read. */
const ANY_ORDER = 1 << 16;

type Places = ReadonlyMap<Node, Place>;

/** Whether a pass sums one product of two values: then many registers are left for the sums. */
function isPlainSum({ reduced, innerStores }: Pass, places: Places): boolean {
  const [first, ...others] = reduced;
  return first !== undefined && others.length === 0 && innerStores.length === 0 &&
    accessesOf(first, new Set(places.keys())).length <= 2;
}

/** Whether a pass sums the columns of a matrix in the order in which its rows lie in memory. */
function sumsColumns(pass: Pass, places: Places): boolean {
  const { domain, reduction } = pass;
  if (reduction?.axes.join() !== "post" || reduction.operand.length !== 2) return false;
  const inRegisters = isPlainSum(pass, places) && 4 * sizeOf(reduction.operand) <= ANY_ORDER;
  return !inRegisters && domain.shape[0]! >= WIDTH;
}

/** Bytes of scratch memory that a pass needs: one number a row (or column) and reduction. */
export function scratchBytes(pass: Pass, places: Places): number {
  const { domain, reduction, reduced } = pass;
  const needed = reduction?.axes.join() === "pre" || sumsColumns(pass, places);
  return needed ? 4 * (domain.shape[0] ?? 1) * reduced.length : 0;
}

/** @returns the text of the function. */
export function emitPass(name: string, pass: Pass, context: ExpressionContext): string {
  const writer = createFunctionWriter(passParameters);
  const made = new Set([...pass.reduced, ...pass.locals]);
  const expressions = createExpressions(writer, made, context);
  const { shape } = pass.domain;
  const columns = shape.at(-1) ?? 1;
  const number = (value: number) => `(i32.const ${value})`;
  const isMax = (node: Node) => node.operation.op === "reduce" && node.operation.kind === "max";
  const combineOf = (node: Node): Combine => isMax(node) ? "max" : "add";

  /** Runs `body` over a row, `tile` columns at a time: with lane indices, then one by one for what is left. */
  function alongRow(
    length: number,
    tile: number,
    body: (columns: readonly LinearIndex[], wide: boolean) => void,
  ): void {
    const tiles = Array.from({ length: tile }, (_, part) => symbolIndex(LANE, part * WIDTH));
    const tiled = Math.floor(length / (tile * WIDTH)) * tile * WIDTH;
    const wide = Math.floor(length / WIDTH) * WIDTH;
    if (tiled > 0) {
      writer.loop(
        LANE,
        { from: number(0), to: number(tiled), step: tile * WIDTH },
        () => body(tiles, true),
      );
    }
    if (tiled < wide) {
      const rest = tiles.slice(0, (wide - tiled) / WIDTH);
      writer.once(LANE, number(tiled), () => body(rest, true));
    }
    const singles = Array.from({ length: length - wide }, (_, each) => constantIndex(wide + each));
    for (let first = 0; first < singles.length; first += tile) {
      body(singles.slice(first, first + tile), false);
    }
  }

  /** Locals and stores of the elements at these indices: all values first. */
  function finish(indices: readonly Position[]): void {
    const stores = indices.flatMap((index) => {
      for (const node of pass.locals) expressions.value(node, index);
      return pass.stores.map(({ value, to }) => ({
        to,
        index,
        bound: expressions.value(value, index),
      }));
    });
    for (const { to, index, bound } of stores) expressions.store(to, index, bound);
  }

  /** Adds one visited element to an accumulator. */
  function accumulate(local: string, node: Node, index: Position, wide: boolean): void {
    const operand = node.inputs[0]!;
    const get = `(local.get ${local})`;
    if (wide && !isMax(node)) {
      writer.push(`(local.set ${local} ${expressions.accumulate(get, operand, index)})`);
      return;
    }
    const bound = expressions.value(operand, index);
    const type = wide ? "f32x4" : "f32";
    const text = (wide ? inLanes(bound, writer) : bound).text;
    writer.push(`(local.set ${local} (${type}.${isMax(node) ? "max" : "add"} ${get} ${text}))`);
  }

  function accumulator(node: Node, wide: boolean): string {
    const local = writer.local(wide ? "v128" : "f32");
    const start = isMax(node) ? smallest : "0";
    writer.push(
      `(local.set ${local} ${wide ? `(F32 ${start})` : `(f32.const ${start})`})`,
    );
    return local;
  }

  /** Visits rows of the operand, and leaves what each row has of each reduction. */
  function reduceRows(
    length: number,
    indexOf: (row: number, column: Index) => Position,
    rows: number,
  ): RowSum[][] {
    const wideLength = Math.floor(length / WIDTH) * WIDTH;
    const rowsOf = (wide: boolean) =>
      Array.from({ length: rows }, () => pass.reduced.map((node) => accumulator(node, wide)));
    const wides = wideLength > 0 ? rowsOf(true) : undefined;
    const singles = wideLength < length ? rowsOf(false) : undefined;
    alongRow(length, rows === MOST_ROWS ? 2 : 1, (columns, wide) => {
      for (const column of columns) {
        for (let row = 0; row < rows; row++) {
          const index = indexOf(row, column);
          pass.reduced.forEach((node, position) =>
            accumulate((wide ? wides : singles)![row]![position]!, node, index, wide)
          );
          for (const { value, to } of pass.innerStores) {
            expressions.store(to, index, expressions.value(value, index));
          }
        }
      }
    });
    return Array.from(
      { length: rows },
      (_, row) =>
        pass.reduced.map((_, position) => ({
          wide: wides?.[row]?.[position],
          single: singles?.[row]?.[position],
        })),
    );
  }

  const at = (element: readonly Index[]): Position => ({
    element,
    sequence: symbolIndex(symbols.sequence),
    time: symbolIndex(symbols.time),
  });

  /** Rows i, in blocks of these sizes; `body` gets the indices of the rows of a block. */
  function overRows(
    { from, to, blocks }: { from: string; to: string; blocks: readonly number[] },
    body: (rows: readonly Index[]) => void,
  ): void {
    writer.push(`(local.set $i ${from})`);
    for (const block of blocks) {
      const rows = Array.from({ length: block }, (_, row) => symbolIndex(symbols.row, row));
      writer.blocks(symbols.row, { to, step: block }, () => body(rows));
    }
  }

  /** The blocks that all rows of a reduced matrix fall into. */
  function blocksOf(rows: number): number[] {
    const most = isPlainSum(pass, context.places) ? MOST_ROWS : ROWS;
    return [most, WIDTH, 1].filter((block, place, all) =>
      all.indexOf(block) === place &&
      (place === 0 ? rows >= block : rows % all[place - 1]! >= block)
    );
  }

  function whole(): void {
    const { reduction, reduced } = pass;
    const axes = reduction?.axes.join();
    if (reduction && shape.length === 0 && axes === "post" && reduction.operand.length === 1) {
      // A vector to a number.
      const [results] = reduceRows(
        reduction.lengths[0]!,
        (_, column) => operandPosition(reduced[0]!, at([]), [column]),
        1,
      );
      reduced.forEach((node, position) =>
        expressions.define(
          node,
          at([]),
          writer.bind(rowSum(results![position]!, combineOf(node)), "f32", 0),
        )
      );
      finish([at([])]);
      return;
    }
    if (reduction && axes === "pre") {
      // A matrix to one number a row, kept in scratch memory until all rows are done: what is then
      // done with the numbers, in lanes, does not make the products of the next rows wait.
      const range = { from: "(local.get $lo)", to: "(local.get $hi)", blocks: blocksOf(columns) };
      overRows(range, (rows) => {
        const results = reduceRows(
          reduction.lengths[0]!,
          (row, column) => operandPosition(reduced[0]!, at([rows[row]!]), [column]),
          rows.length,
        );
        reduced.forEach((node, position) => {
          const sums = results.map((row) => row[position]!);
          const keep = (row: number, kind: string, text: string) =>
            writer.push(
              `(${kind}.store offset=${4 * (position * columns + row)} ${
                scratch(symbols.row)
              } ${text})`,
            );
          if (rows.length === 1) return keep(0, "f32", rowSum(sums[0]!, combineOf(node)));
          for (let first = 0; first < rows.length; first += WIDTH) {
            const four = sums.slice(first, first + WIDTH);
            keep(first, "v128", fourRowSums(four, combineOf(node), writer));
          }
        });
      });
      const rowWise = (symbol: IndexSymbol, kind: "v128" | "f32") => () => {
        reduced.forEach((node, position) => {
          const text = `(${kind}.load offset=${4 * position * columns} ${scratch(symbol)})`;
          expressions.define(
            node,
            at([symbolIndex(symbol)]),
            writer.bind(text, kind, writer.levelOf(symbol)),
          );
        });
        finish([at([symbolIndex(symbol)])]);
      };
      // The rows that are left over belong to the last band, and are always done one by one.
      const wide = number(Math.floor(columns / WIDTH) * WIDTH);
      const [lo, hi] = ["(local.get $lo)", "(local.get $hi)"];
      const wideEnd = `(select ${hi} ${wide} (i32.lt_u ${hi} ${wide}))`;
      const end = `(select ${hi} ${wide} (i32.eq ${hi} ${number(columns)}))`;
      writer.loop(LANE, { from: lo, to: wideEnd, step: WIDTH }, rowWise(LANE, "v128"));
      if (columns % WIDTH > 0) {
        writer.loop(SINGLE, { from: wide, to: end, step: 1 }, rowWise(SINGLE, "f32"));
      }
      return;
    }
    if (sumsColumns(pass, context.places)) return columnSums(reduction!.operand[0]!);
    const rank = shape.length;
    if (rank === 0) return element([at([])], false);
    if (rank === 1) {
      return alongRow(
        columns,
        reduction ? (isPlainSum(pass, context.places) ? 8 : 4) : 1,
        (each, wide) => element(each.map((column) => at([column])), wide),
      );
    }
    const overColumns = (rows: readonly Index[]) =>
      alongRow(
        columns,
        reduction ? 2 : 1,
        (each, wide) =>
          element(rows.flatMap((row) => each.map((column) => at([row, column]))), wide),
      );
    const range = { from: "(local.get $lo)", to: "(local.get $hi)", blocks: [ROWS, 1] };
    overRows(range, overColumns);
  }

  /**
   * The sums of a matrix's columns, kept in scratch memory: its rows are read in the order in which
   * they lie, each once, however many columns there are.
   */
  function columnSums(rows: number): void {
    const { reduced } = pass;
    const place = (column: LinearIndex, position: number) => {
      const offset = 4 * (position * columns + column.offset);
      return `offset=${offset} ${column.symbol ? scratch(column.symbol) : "(global.get $scratch)"}`;
    };
    const put = (column: LinearIndex, wide: boolean, position: number, text: string) =>
      writer.push(`(${wide ? "v128" : "f32"}.store ${place(column, position)} ${text})`);
    const get = (column: LinearIndex, wide: boolean, position: number) =>
      `(${wide ? "v128" : "f32"}.load ${place(column, position)})`;
    alongRow(columns, 1, ([column], wide) => {
      reduced.forEach((node, position) =>
        put(column!, wide, position, `(local.get ${accumulator(node, wide)})`)
      );
    });
    overRows({ from: number(0), to: number(rows), blocks: blocksOf(rows) }, (block) => {
      alongRow(columns, 1, ([column], wide) => {
        const sums = reduced.map((_, position) => {
          const local = writer.local(wide ? "v128" : "f32");
          writer.push(`(local.set ${local} ${get(column!, wide, position)})`);
          return local;
        });
        for (const row of block) {
          const index = operandPosition(reduced[0]!, at([column!]), [row]);
          reduced.forEach((node, position) => accumulate(sums[position]!, node, index, wide));
          for (const { value, to } of pass.innerStores) {
            expressions.store(to, index, expressions.value(value, index));
          }
        }
        sums.forEach((sum, position) => put(column!, wide, position, `(local.get ${sum})`));
      });
    });
    alongRow(columns, 1, ([column], wide) => {
      reduced.forEach((node, position) => {
        const kind = wide ? "v128" : "f32";
        const bound = writer.bind(get(column!, wide, position), kind, writer.depth());
        expressions.define(node, at([column!]), bound);
      });
      finish([at([column!])]);
    });
  }

  const scratch = ({ name }: IndexSymbol) =>
    `(i32.add (global.get $scratch) (i32.shl (local.get $${name}) (i32.const 2)))`;

  /** Elements whose reductions, if any, run over other axes than the lanes'. */
  function element(indices: readonly Position[], wide: boolean): void {
    const { reduction, reduced } = pass;
    if (reduction) {
      const sums = indices.map(() => reduced.map((node) => accumulator(node, wide)));
      const { lengths } = reduction;
      const visit = (loops: readonly Index[]) =>
        indices.forEach((index, position) => {
          const operand = operandPosition(reduced[0]!, index, loops);
          reduced.forEach((node, which) =>
            accumulate(sums[position]![which]!, node, operand, wide)
          );
          for (const { value, to } of pass.innerStores) {
            expressions.store(to, operand, expressions.value(value, operand));
          }
        });
      const nest = (loops: readonly Index[]): void => {
        const depth = loops.length;
        const length = lengths[depth];
        if (length === undefined) return visit(loops);
        // An axis of one element is no loop: what it would make once a visit belongs to the loop around.
        const isInnermost = lengths.slice(depth + 1).every((inner) => inner === 1);
        const step = isInnermost && pass.innerStores.length === 0 ? UNROLL : 1;
        const whole = length === 1 ? 0 : length - length % step;
        if (whole > 0) {
          const symbol = loopSymbol(depth);
          writer.loop(symbol, { from: number(0), to: number(whole), step }, () => {
            for (let part = 0; part < step; part++) nest([...loops, symbolIndex(symbol, part)]);
          });
        }
        for (let rest = whole; rest < length; rest++) nest([...loops, constantIndex(rest)]);
      };
      nest([]);
      const level = innermost(indices);
      indices.forEach((index, position) =>
        reduced.forEach((node, which) => {
          const text = `(local.get ${sums[position]![which]!})`;
          expressions.define(node, index, { kind: wide ? "v128" : "f32", text, level });
        })
      );
    }
    finish(indices);
  }

  /** The loop in which the elements of these indices are at hand. */
  function innermost(indices: readonly Position[]): number {
    const levels = indices.flatMap(({ element }) => element).map((index) => {
      const symbol = symbolOf(index);
      return symbol ? writer.levelOf(symbol) : 0;
    });
    return Math.max(0, ...levels);
  }

  whole();
  return writer.text(name, passParameters);
}
