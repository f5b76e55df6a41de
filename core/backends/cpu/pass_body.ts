/** What all strategies of a pass use: loops over rows, accumulators, visits and stores. */
import type { Node } from "../../program/node.ts";
import {
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
import { type Binding, type FunctionWriter, inLanes } from "./function_writer.ts";
import type { Combine } from "./lane_sums.ts";
import { firstLanes } from "./lane_masks.ts";
import { scratchBytes } from "./pass_strategy.ts";
import { proveInside } from "./prove_address.ts";

/** A pass, and the function it is written into. */
export interface PassBody {
  readonly pass: Pass;
  readonly places: ReadonlyMap<Node, Place>;
  /** Extent of the last axis of the domain. */
  readonly columns: number;
  readonly writer: FunctionWriter;
  readonly expressions: Expressions;
}

/** The position of an element in the sequence and step that the pass runs for. */
export const positionAt = (...element: readonly Index[]): Position => ({
  element,
  sequence: symbolIndex(symbols.sequence),
  time: symbolIndex(symbols.time),
});

/** The operation that a reduction combines two elements with. */
export const combineOf = ({ operation }: Node): Combine =>
  operation.op === "reduce" && operation.kind === "max" ? "max" : "add";

/**
 * The address of an element of the scratch memory: element `index` after byte `from`. The sum with the symbol is
 * computed once, so that V8 sees that neighbours lie side by side.
 */
export function scratch(
  { pass, places, writer }: PassBody,
  { from, index: { symbol, offset }, bytes }: { from: number; index: LinearIndex; bytes: number },
): string {
  const first = from + 4 * offset;
  const most = symbol ? writer.mostOf(symbol) : 0;
  const size = scratchBytes(pass, places);
  proveInside("sums", { from: first, to: first + 4 * most + bytes }, { from: 0, to: size });
  return `offset=${first} ${scratchBase(writer, symbol)}`;
}

function scratchBase(writer: FunctionWriter, symbol: IndexSymbol | undefined): string {
  const key = `scratch ${symbol?.name ?? ""}`;
  const earlier = writer.recall(key);
  if (earlier) return earlier.text;
  const text = symbol
    ? `(i32.add ${
      scratchBase(writer, undefined)
    } (i32.shl (local.get $${symbol.name}) (i32.const 2)))`
    : "(global.get $scratch)";
  const binding = writer.bind(text, "i32", symbol ? writer.levelOf(symbol) : 0);
  writer.remember(key, binding);
  return binding.text;
}

/** Rows `from` to `to` - 1 of a matrix of `count` rows. */
interface Rows {
  readonly from: string;
  readonly to: string;
  readonly count: number;
}

/** The rows that a call of the function is for. */
export const rowsOfCall = (count: number): Rows => ({
  from: "(local.get $lo)",
  to: "(local.get $hi)",
  count,
});

/** The smaller one of two i32. */
const least = (a: string, b: string): string => `(select ${a} ${b} (i32.lt_u ${a} ${b}))`;

/** Where rows end of which those before the step count; whole blocks of a power of two, if they are computed together. */
export function pastRows(rows: Rows, block = 1): Rows {
  const step = `(local.get $${symbols.time.name})`;
  const filled = block === 1
    ? step
    : `(i32.and (i32.add ${step} (i32.const ${block - 1})) (i32.const ${-block}))`;
  return { ...rows, to: least(rows.to, filled) };
}

/** A loop over rows in blocks of these sizes, largest first; `body` gets the row indices of a block. */
export function overRows(
  { writer }: PassBody,
  { from, to, count }: Rows,
  blocks: readonly number[],
  body: (rows: readonly Index[]) => void,
): void {
  writer.push(`(local.set $${symbols.row.name} ${from})`);
  for (const block of blocks.filter((block) => block <= count)) {
    const rows = Array.from({ length: block }, (_, row) => symbolIndex(symbols.row, row));
    const range = { to, step: block, most: count - block };
    writer.blocks(symbols.row, range, () => body(rows));
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

/** The text of an accumulator combined with the operand at a visited element. */
function combined(
  { writer, expressions }: PassBody,
  node: Node,
  { get, position, wide }: { get: string; position: Position; wide: boolean },
): string {
  const operand = node.inputs[0]!;
  const combine = combineOf(node);
  if (node.operation.op === "matmul") {
    const factors = operandPositions(node, position)
      .map((at, index) => expressions.value(node.inputs[index]!, at));
    return multiplyAdd(factors, get, wide ? writer : undefined);
  }
  if (wide && combine === "add") return expressions.accumulate(get, operand, position);
  const binding = expressions.value(operand, position);
  const { text } = wide ? inLanes(binding, writer) : binding;
  return `(${wide ? "f32x4" : "f32"}.${combine} ${get} ${text})`;
}

/** An element, or four, of the operand of a pass's reductions. */
export interface Visit {
  readonly position: Position;
  /** The accumulator of every reduction. */
  readonly sums: readonly string[];
  readonly wide: boolean;
  /** As of a column: sums leave out what is beyond the row. */
  readonly left: number | undefined;
}

/**
 * Visits neighbours: accumulates every reduction, then makes the stores of the loop. No store stands between two
 * loads of neighbours, which V8 can then join.
 */
export function visit(body: PassBody, neighbours: readonly Visit[]): void {
  const { pass, writer, expressions } = body;
  pass.reduced.forEach((node, index) => {
    for (const { position, sums, wide, left } of neighbours) {
      const get = `(local.get ${sums[index]!})`;
      const next = combined(body, node, { get, position, wide });
      const kept = left === undefined ? next : `(SELECT ${get} ${next} ${firstLanes(left)})`;
      writer.push(`(local.set ${sums[index]!} ${kept})`);
    }
  });
  const stores = pass.innerStores.flatMap(({ value, to }) =>
    neighbours.map(({ position }) => ({
      to,
      position,
      binding: expressions.value(value, position),
    }))
  );
  for (const { to, position, binding } of stores) expressions.store(to, position, binding);
}

/** Computes the elements at these positions, then stores them: a store must not change what is still read. */
export function finish(
  { pass, expressions }: PassBody,
  positions: readonly Position[],
): void {
  for (const node of pass.locals) {
    for (const position of positions) expressions.value(node, position);
  }
  const stores = pass.stores.flatMap(({ value, to }) =>
    positions.map((position) => ({ to, position, binding: expressions.value(value, position) }))
  );
  for (const { to, position, binding } of stores) expressions.store(to, position, binding);
}
