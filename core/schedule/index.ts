/**
 * Where an expression reads its inputs, as data. The scheduler asks which elements a lane touches; the
 * printer of a backend turns an index into text.
 */
import type { Node } from "../program/node.ts";
import { isElementwise, isReduction } from "../program/operations.ts";
import type { LoopAxis } from "./pass.ts";

/** What a symbol counts. `lanes`: it stands for the four neighbours that a SIMD instruction handles. */
export type SymbolKind =
  | "element"
  | "lanes"
  | "loop"
  | "sequence"
  | "time"
  | "replica"
  | "chunk"
  | "thread";

/** A variable of generated code that counts along an axis. */
export interface IndexSymbol {
  readonly kind: SymbolKind;
  /** Its name in the text of every backend. */
  readonly name: string;
  /** How many values it takes, if not all of its axis. */
  readonly count?: number;
}

/** symbol + offset; without a symbol a constant. */
export interface LinearIndex {
  readonly symbol: IndexSymbol | undefined;
  readonly offset: number;
}

/** clamp(`clamped`, `from`, `to`) + offset: stays inside its part of a concatenation. */
export interface ClampedIndex {
  readonly clamped: Index;
  readonly from: number;
  /** The largest value before the offset. */
  readonly to: number;
  readonly offset: number;
}

/** An index along one axis. */
export type Index = LinearIndex | ClampedIndex;

/** The element of a value that an expression reads. */
export interface Position {
  /** One index per axis of the value's shape: [] for scalars, [i] for vectors, [i, j] for matrices. */
  readonly element: readonly Index[];
  /** The sequence; unused by shared values. */
  readonly sequence: Index;
  /** The step; unused by values without the T axis. */
  readonly time: Index;
}

const symbol = (kind: SymbolKind, name: string): IndexSymbol => ({ kind, name });

/** The symbols that every backend defines before the text of a pass. */
export const symbols = {
  row: symbol("element", "i"),
  column: symbol("element", "j"),
  sequence: symbol("sequence", "b"),
  time: symbol("time", "t"),
  replica: symbol("replica", "r"),
  chunk: symbol("chunk", "k"),
  /** The segment that runs, and the step in it. */
  segment: symbol("time", "g"),
  stepInSegment: symbol("time", "u"),
} as const;

/** The symbol of a loop of a reduction; depth 0 is the outermost. */
export const loopSymbol = (depth: number): IndexSymbol => symbol("loop", `q${depth}`);

/** The index symbol + offset. */
export const symbolIndex = (symbol: IndexSymbol, offset = 0): LinearIndex => ({ symbol, offset });
/** The index that is always `value`. */
export const constantIndex = (value: number): LinearIndex => ({ symbol: undefined, offset: value });
const ZERO = constantIndex(0);

/** The index `change` elements further along the axis. */
export function shifted<T extends Index>(index: T, change: number): T {
  return change === 0 ? index : { ...index, offset: index.offset + change };
}

/** The symbol of an index; undefined for a constant. */
export function symbolOf(index: Index): IndexSymbol | undefined {
  return "clamped" in index ? symbolOf(index.clamped) : index.symbol;
}

/** Text that is equal for equal indices. */
export function indexKey(index: Index): string {
  if ("clamped" in index) {
    return `clamp(${indexKey(index.clamped)},${index.from},${index.to})+${index.offset}`;
  }
  return index.symbol ? `${index.symbol.name}+${index.offset}` : `${index.offset}`;
}

/** Text that is equal for equal elements. */
export const elementKey = ({ element }: Position): string => element.map(indexKey).join();

/** Text that is equal for the same element of a value, sequence and step included. */
export function positionKey(node: Node, position: Position): string {
  const sequence = node.hasBatchAxis ? indexKey(position.sequence) : "";
  return `${node.id} ${elementKey(position)} ${sequence} ${indexKey(position.time)}`;
}

/** The position of a lane in a domain whose shape has `rank` axes. */
export const lanePosition = (rank: number): Position => ({
  element: [symbols.row, symbols.column].slice(0, rank).map((axis) => symbolIndex(axis)),
  sequence: symbolIndex(symbols.sequence),
  time: symbolIndex(symbols.time),
});

/**
 * The position at which a node reads its inputs; it is the same for all of them.
 *
 * @throws TypeError for concat, which reads each part elsewhere, and for reductions, whose loop decides.
 */
export function inputPosition(node: Node, position: Position): Position {
  const { element } = position;
  const source = node.inputs[0];
  const { operation } = node;
  // The cases below are all operations that are not elementwise: a forgotten one is a type error.
  if (isElementwise(operation.op)) return position;
  switch (operation.op) {
    case "broadcast":
      return {
        ...position,
        element: source!.shape.map((extent, axis) => extent === 1 ? ZERO : element[axis]!),
      };
    case "reshape": {
      // Of vector(n), matrix(n, 1) and matrix(1, n) only the index of the axis of n elements counts.
      const moving = element[node.shape.findIndex((extent) => extent !== 1)] ?? ZERO;
      const long = source!.shape.findIndex((extent) => extent !== 1);
      return {
        ...position,
        element: source!.shape.map((_, axis) => axis === long ? moving : ZERO),
      };
    }
    case "transpose":
      return { ...position, element: [element[1]!, element[0]!] };
    case "slice":
      return { ...position, element: [shifted(element[0]!, operation.start)] };
    case "perSequence":
    case "stopGradient":
    // These have no inputs.
    case "load":
    case "constant":
    case "iota":
    case "step":
    case "sequence":
    case "random":
      return position;
    case "concat":
    case "reduce":
    case "matmul":
      throw new TypeError(`A ${operation.op} reads each input at a position of its own`);
  }
}

/**
 * The axes that the loops of a reduction run over, outermost first.
 *
 * @throws TypeError if the node is no reduction.
 */
export function loopAxes({ operation }: Node): readonly LoopAxis[] {
  if (!isReduction(operation.op)) throw new TypeError("Expected a reduction");
  return operation.op === "reduce" ? operation.axes : ["shared"];
}

/**
 * The position that a reduction visits, from the position of its result and the indices of its loops. That
 * of a matrix product has three indices: row, column and the shared one.
 *
 * @throws TypeError if the node is no reduction.
 */
export function visitedPosition(
  node: Node,
  position: Position,
  loops: readonly Index[],
): Position {
  let { element, sequence, time } = position;
  const rank = node.inputs[0]!.shape.length;
  loopAxes(node).forEach((axis, depth) => {
    const loop = loops[depth]!;
    if (axis === "sequence") sequence = loop;
    else if (axis === "time") time = loop;
    else if (axis === "shared") element = [...element, loop];
    else if (axis === "pre") element = [element[0]!, loop];
    else element = rank === 2 ? [loop, element[0]!] : [loop];
  });
  return { element, sequence, time };
}

/** Where a reduction reads each of its inputs at a visited position. */
export function operandPositions(node: Node, visited: Position): readonly Position[] {
  if (node.operation.op !== "matmul") return [visited];
  const [row, column, shared] = visited.element as readonly [Index, Index, Index];
  return [[row, shared], [shared, column]].map((element) => ({ ...visited, element }));
}

/**
 * The number of turns of each loop of a reduction, outermost first.
 *
 * @throws TypeError if the node is no reduction.
 */
export function loopLengths(
  node: Node,
  extents: { sequences: number; steps: number },
): number[] {
  const { shape } = node.inputs[0]!;
  return loopAxes(node).map((axis) => {
    if (axis === "sequence") return extents.sequences;
    if (axis === "time") return extents.steps;
    return axis === "post" ? shape[0]! : shape[1]!;
  });
}
