/** Values of a pass as WebAssembly text: four lanes where the lane symbol is in the index, else one. */
import type { Node } from "../../program/node.ts";
import {
  constantIndex,
  elementKey,
  type Index,
  indexKey,
  type IndexSymbol,
  inputPosition,
  type LinearIndex,
  type Position,
  shifted,
  symbolIndex,
  symbols,
} from "../../schedule/index.ts";
import type { Place } from "../../schedule/pass.ts";
import type { MemoryPlan, Stride } from "../memory_plan.ts";
import { type Bound, type FunctionWriter, THREAD } from "./function_writer.ts";
import { type ElementwiseOp, literal, operationText } from "./operation_text.ts";

export interface ExpressionContext {
  readonly memory: MemoryPlan;
  readonly places: ReadonlyMap<Node, Place>;
  /** First byte of the arena. */
  readonly arenaBase: number;
}

export interface Expressions {
  value(node: Node, index: Position): Bound;
  /** The same, as four lanes. */
  lanes(bound: Bound): Bound;
  store(place: Place, index: Position, bound: Bound): void;
  /** The text of `start` + a value, in lanes. */
  accumulate(start: string, node: Node, index: Position): string;
  /** Says what a value is at an index, instead of computing it. */
  define(node: Node, index: Position, bound: Bound): void;
}

/** @throws TypeError for a clamped index: here concatenations read beyond their parts. */
function linear(index: Index): LinearIndex {
  if ("clamped" in index) throw new TypeError("Expected a symbol and an offset");
  return index;
}

const hasLane = (index: Index | undefined): boolean =>
  index !== undefined && linear(index).symbol?.kind === "lanes";
const keyOf = (node: Node, position: Position): string => {
  const sequence = node.hasBatchAxis ? indexKey(position.sequence) : "";
  return `${node.id} ${elementKey(position)} ${sequence} ${indexKey(position.time)}`;
};

export function createExpressions(
  writer: FunctionWriter,
  made: ReadonlySet<Node>,
  { memory, places, arenaBase }: ExpressionContext,
): Expressions {
  const get = ({ kind, name }: IndexSymbol) =>
    `(${kind === "thread" ? "global" : "local"}.get $${name})`;

  /** Byte address of an element: a local, and a constant offset. */
  function address(
    place: Place,
    { element, sequence, time }: Position,
  ): { base: Bound | undefined; offset: number } {
    const indices: Record<Stride["axis"], Index | undefined> = {
      chunk: symbolIndex(symbols.chunk),
      time,
      replica: symbolIndex(symbols.replica),
      sequence,
      post: element[0],
      pre: element.at(-1),
    };
    const region = memory.regionOf(place);
    let offset = arenaBase + region.offset * 4;
    const terms: { symbol: IndexSymbol; bytes: number; level: number }[] = [];
    if (region.threadStride) {
      terms.push({ symbol: THREAD, bytes: region.threadStride * 4, level: 0 });
    }
    for (const { axis, stride } of memory.stridesOf(place)) {
      const { symbol, offset: constant } = linear(indices[axis]!);
      offset += constant * stride * 4;
      if (symbol) terms.push({ symbol, bytes: stride * 4, level: writer.levelOf(symbol) });
    }
    terms.sort((a, b) => a.level - b.level);
    let base: Bound | undefined;
    let key = "address";
    for (const { symbol, bytes, level } of terms) {
      key += ` ${symbol.name}*${bytes}`;
      const known = writer.known(key);
      if (known) {
        base = known;
        continue;
      }
      const term = `(i32.mul ${get(symbol)} (i32.const ${bytes}))`;
      base = writer.bind(base ? `(i32.add ${base.text} ${term})` : term, "i32", level);
      writer.remember(key, base);
    }
    return { base, offset };
  }

  function memoryText(
    instruction: string,
    place: Place,
    index: Position,
  ): { text: string; level: number } {
    const { base, offset } = address(place, index);
    return {
      text: `(${instruction} offset=${offset} ${base?.text ?? "(i32.const 0)"}`,
      level: base?.level ?? 0,
    };
  }

  function load(place: Place, index: Position): Bound {
    const { element } = index;
    if (!element.some(hasLane)) {
      const { text, level } = memoryText("f32.load", place, index);
      return writer.bind(text + ")", "f32", level);
    }
    if (hasLane(element.at(-1)) && !element.slice(0, -1).some(hasLane)) {
      const { text, level } = memoryText("v128.load", place, index);
      return writer.bind(text + ")", "v128", level);
    }
    // Four rows apart: one by one.
    const parts = [0, 1, 2, 3].map((lane) => {
      const moved = element.map((axis) => hasLane(axis) ? shifted(axis, lane) : axis);
      return memoryText("f32.load", place, { ...index, element: moved });
    });
    const [first, ...rest] = parts.map(({ text }) => text + ")");
    const joined = rest.reduce(
      (vector, part, lane) => `(f32x4.replace_lane ${lane + 1} ${vector} ${part})`,
      `(f32x4.splat ${first})`,
    );
    return writer.bind(joined, "v128", parts[0]!.level);
  }

  function lanes(bound: Bound): Bound {
    if (bound.kind === "v128") return bound;
    if (bound.lanes) return { kind: "v128", text: bound.lanes, level: 0 };
    const key = `splat ${bound.text}`;
    const known = writer.known(key);
    if (known) return known;
    const splat = writer.bind(`(f32x4.splat ${bound.text})`, "v128", bound.level);
    writer.remember(key, splat);
    return splat;
  }

  /** An index as a number: i32, or four of them. */
  function indexText(index: Index): { text: string; level: number; lanes: boolean } {
    const { symbol, offset } = linear(index);
    if (!symbol) return { text: `(i32.const ${offset})`, level: 0, lanes: false };
    const text = `(i32.add ${get(symbol)} (i32.const ${offset}))`;
    const level = writer.levelOf(symbol);
    if (symbol.kind !== "lanes") return { text, level, lanes: false };
    return {
      text: `(i32x4.add (i32x4.splat ${text}) (v128.const i32x4 0 1 2 3))`,
      level,
      lanes: true,
    };
  }

  function value(node: Node, index: Position): Bound {
    if (node.operation.op === "constant") {
      const { scalar, lanes } = literal(node.operation.value);
      return { kind: "f32", text: scalar, lanes, level: 0 };
    }
    const key = keyOf(node, index);
    const known = writer.known(key);
    if (known) return known;
    const bound = compute(node, index);
    writer.remember(key, bound);
    return bound;
  }

  function compute(node: Node, index: Position): Bound {
    const { operation } = node;
    if (operation.op === "load") return load({ slot: operation.slot }, index);
    const place = places.get(node);
    if (place && !made.has(node)) return load(place, index);
    switch (operation.op) {
      case "iota": {
        const { text, level, lanes } = indexText(index.element[0]!);
        const convert = lanes ? "f32x4.convert_i32x4_u" : "f32.convert_i32_u";
        return writer.bind(`(${convert} ${text})`, lanes ? "v128" : "f32", level);
      }
      case "step":
        return writer.bind(
          `(f32.convert_i32_u ${get(symbols.time)})`,
          "f32",
          writer.levelOf(symbols.time),
        );
      case "sequence": {
        const { text, level } = indexText(index.sequence);
        return writer.bind(`(f32.convert_i32_u ${text})`, "f32", level);
      }
      case "concat":
        return joined(node, index);
      case "reduce":
        throw new TypeError(`Value ${node.id} is reduced by another pass and has no memory`);
      case "broadcast":
      case "reshape":
      case "transpose":
      case "slice":
      case "perSequence":
      case "stopGradient":
        return value(node.inputs[0]!, inputPosition(node, index));
      case "add":
        return sum(node, index);
      default:
        return combine(
          operation.op as ElementwiseOp,
          node.inputs.map((input) => value(input, index)),
        );
    }
  }

  /** The factors of a product that is used here for the first time, in the innermost loop it needs. */
  function factors(node: Node, index: Position): [Bound, Bound] | undefined {
    if (node.operation.op !== "multiply" || places.has(node) || made.has(node)) return undefined;
    if (writer.known(keyOf(node, index))) return undefined;
    const [a, b] = node.inputs.map((input) => value(input, index)) as [Bound, Bound];
    const wide = a.kind === "v128" || b.kind === "v128";
    // What an outer loop can compute once is not worth repeating.
    return wide && Math.max(a.level, b.level) === writer.depth() ? [a, b] : undefined;
  }

  /** `start` + a value in lanes, as text. */
  function addLanes(start: string, node: Node, index: Position): string {
    const product = factors(node, index);
    if (!product) return `(f32x4.add ${start} ${lanes(value(node, index)).text})`;
    const [a, b] = product.map((each) => lanes(each).text);
    return `(FMA ${a} ${b} ${start})`;
  }

  /** A sum; where one side is a product, multiplied and added at once. */
  function sum(node: Node, index: Position): Bound {
    const [first, second] = node.inputs as [Node, Node];
    const [start, product] = factors(second, index) ? [first, second] : [second, first];
    if (!factors(product, index)) {
      return combine("add", [value(first, index), value(second, index)]);
    }
    const text = lanes(value(start, index)).text;
    return writer.bind(addLanes(text, product, index), "v128", writer.depth());
  }

  /** The same for every term of a sum that nothing else has asked for. */
  function accumulate(start: string, node: Node, index: Position): string {
    const isOpen = node.operation.op === "add" && !places.has(node) && !made.has(node) &&
      !writer.known(keyOf(node, index));
    if (!isOpen) return addLanes(start, node, index);
    const [first, second] = node.inputs as [Node, Node];
    return accumulate(accumulate(start, first, index), second, index);
  }

  function combine(op: ElementwiseOp, operands: readonly Bound[]): Bound {
    const wide = operands.some(({ kind }) => kind === "v128");
    const level = Math.max(...operands.map((operand) => operand.level));
    const texts = operands.map((operand) => (wide ? lanes(operand) : operand).text);
    return writer.bind(operationText(op, texts, wide), wide ? "v128" : "f32", level);
  }

  /**
   * The part of a concatenation that an index falls into. All parts are read, also beyond their
   * ends (there is spare memory around the arena), and the right one is kept.
   */
  function joined(node: Node, index: Position): Bound {
    const position = indexText(index.element[0]!);
    let end = node.shape[0]!;
    let result: Bound | undefined;
    for (const part of [...node.inputs].reverse()) {
      const start = end - part.shape[0]!;
      const inside = part.shape[0] === 1 ? constantIndex(0) : shifted(index.element[0]!, -start);
      const element = value(part, { ...index, element: [inside] });
      if (!result) {
        result = position.lanes ? lanes(element) : element;
      } else {
        const level = Math.max(result.level, element.level, position.level);
        const text = position.lanes
          ? `(SELECT ${lanes(result).text} ${
            lanes(element).text
          } (i32x4.lt_s ${position.text} (i32x4.splat (i32.const ${end}))))`
          : `(select ${element.text} ${result.text} (i32.lt_s ${position.text} (i32.const ${end})))`;
        result = writer.bind(text, position.lanes ? "v128" : "f32", level);
      }
      end = start;
    }
    return result!;
  }

  return {
    value,
    lanes,
    accumulate,
    define: (node, index, bound) => writer.remember(keyOf(node, index), bound),
    store(place, index, bound) {
      const wide = index.element.some(hasLane);
      const { text } = memoryText(wide ? "v128.store" : "f32.store", place, index);
      writer.push(`${text} ${(wide ? lanes(bound) : bound).text})`);
    },
  };
}
