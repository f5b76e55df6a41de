/** What all strategies of a pass use: loops over rows and columns, accumulators, visits and stores. */
import type { Node } from "../../program/node.ts";
import {
  constantIndex,
  type Index,
  type IndexSymbol,
  type LinearIndex,
  operandPositions,
  type Position,
  symbolIndex,
  symbols,
} from "../../schedule/index.ts";
import type { Pass, Place } from "../../schedule/pass.ts";
import type { Expressions } from "./expressions.ts";
import { type Binding, type FunctionWriter, inLanes, LANE } from "./function_writer.ts";
import type { Combine } from "./lane_sums.ts";
import { WIDTH } from "./pass_strategy.ts";

/** A pass, and the function it is written into. */
export interface PassBody {
  readonly pass: Pass;
  readonly places: ReadonlyMap<Node, Place>;
  /** Extent of the last axis of the domain. */
  readonly columns: number;
  readonly writer: FunctionWriter;
  readonly expressions: Expressions;
}

/** An i32 constant. */
export const number = (value: number): string => `(i32.const ${value})`;

/** The position of an element in the sequence and step that the pass runs for. */
export const positionAt = (...element: readonly Index[]): Position => ({
  element,
  sequence: symbolIndex(symbols.sequence),
  time: symbolIndex(symbols.time),
});

/** The operation that a reduction combines two elements with. */
export const combineOf = ({ operation }: Node): Combine =>
  operation.op === "reduce" && operation.kind === "max" ? "max" : "add";

/** The address of element `symbol` of the scratch memory. */
export const scratch = ({ name }: IndexSymbol): string =>
  `(i32.add (global.get $scratch) (i32.shl (local.get $${name}) (i32.const 2)))`;

/**
 * Runs `body` over the columns of a row, `tile` indices at a time. The indices have lanes (`wide`: each
 * stands for four columns) as long as four columns are left; then each stands for one column.
 */
export function alongRow(
  { writer }: PassBody,
  { length, tile }: { length: number; tile: number },
  body: (columns: readonly LinearIndex[], wide: boolean) => void,
): void {
  const lanes = Array.from({ length: tile }, (_, part) => symbolIndex(LANE, part * WIDTH));
  const tiled = Math.floor(length / (tile * WIDTH)) * tile * WIDTH;
  const wide = Math.floor(length / WIDTH) * WIDTH;
  if (tiled > 0) {
    writer.loop(
      LANE,
      { from: number(0), to: number(tiled), step: tile * WIDTH },
      () => body(lanes, true),
    );
  }
  if (tiled < wide) {
    const rest = lanes.slice(0, (wide - tiled) / WIDTH);
    writer.once(LANE, number(tiled), () => body(rest, true));
  }
  const singles = Array.from({ length: length - wide }, (_, index) => constantIndex(wide + index));
  for (let first = 0; first < singles.length; first += tile) {
    body(singles.slice(first, first + tile), false);
  }
}

/** A loop over rows in blocks of these sizes, largest first; `body` gets the row indices of a block. */
export function overRows(
  { writer }: PassBody,
  { from, to, blocks }: { from: string; to: string; blocks: readonly number[] },
  body: (rows: readonly Index[]) => void,
): void {
  writer.push(`(local.set $${symbols.row.name} ${from})`);
  for (const block of blocks) {
    const rows = Array.from({ length: block }, (_, row) => symbolIndex(symbols.row, row));
    writer.blocks(symbols.row, { to, step: block }, () => body(rows));
  }
}

/** A local that a reduction starts from: 0 for a sum, -infinity for a maximum. */
export function accumulator({ writer }: PassBody, node: Node, wide: boolean): string {
  const local = writer.local(wide ? "v128" : "f32");
  const start = combineOf(node) === "max" ? "-inf" : "0";
  writer.push(`(local.set ${local} ${wide ? `(F32 ${start})` : `(f32.const ${start})`})`);
  return local;
}

/** start + a b, in lanes if there is a writer to make them. */
function multiplyAdd(
  factors: readonly Binding[],
  start: string,
  writer: FunctionWriter | undefined,
): string {
  const [a, b] = factors.map((factor) => (writer ? inLanes(factor, writer) : factor).text);
  return writer ? `(FMA ${a} ${b} ${start})` : `(f32.add (f32.mul ${a} ${b}) ${start})`;
}

/** Combines the operand at a visited element with an accumulator. */
function accumulate(
  { writer, expressions }: PassBody,
  node: Node,
  { local, position, wide }: { local: string; position: Position; wide: boolean },
): void {
  const operand = node.inputs[0]!;
  const get = `(local.get ${local})`;
  const combine = combineOf(node);
  if (node.operation.op === "matmul") {
    const factors = operandPositions(node, position)
      .map((at, index) => expressions.value(node.inputs[index]!, at));
    writer.push(`(local.set ${local} ${multiplyAdd(factors, get, wide ? writer : undefined)})`);
    return;
  }
  if (wide && combine === "add") {
    writer.push(`(local.set ${local} ${expressions.accumulate(get, operand, position)})`);
    return;
  }
  const binding = expressions.value(operand, position);
  const { text } = wide ? inLanes(binding, writer) : binding;
  writer.push(`(local.set ${local} (${wide ? "f32x4" : "f32"}.${combine} ${get} ${text}))`);
}

/** One visit of the loop: accumulates every reduction, and makes the stores of the loop. */
export function visit(
  body: PassBody,
  position: Position,
  { sums, wide }: { sums: readonly string[]; wide: boolean },
): void {
  const { pass, expressions } = body;
  pass.reduced.forEach((node, index) =>
    accumulate(body, node, { local: sums[index]!, position, wide })
  );
  for (const { value, to } of pass.innerStores) {
    expressions.store(to, position, expressions.value(value, position));
  }
}

/** Computes the elements at these positions, then stores them: a store must not change what is still read. */
export function finish(
  { pass, expressions }: PassBody,
  positions: readonly Position[],
): void {
  const stores = positions.flatMap((position) => {
    for (const node of pass.locals) expressions.value(node, position);
    return pass.stores.map(({ value, to }) => ({
      to,
      position,
      binding: expressions.value(value, position),
    }));
  });
  for (const { to, position, binding } of stores) expressions.store(to, position, binding);
}
