/** WGSL of one pass: what a lane does, given which element it stands for. */
import {
  elementKey,
  type Index,
  indexKey,
  type IndexSymbol,
  inputPosition,
  lanePosition,
  loopSymbol,
  operandPosition,
  type Position,
  symbolIndex,
  symbolOf,
} from "../../schedule/index.ts";
import type { Pass, Place } from "../../schedule/pass.ts";
import type { Node } from "../../program/node.ts";
import type { MemoryPlan } from "../memory_plan.ts";
import { elementText, indexText } from "./address.ts";
import { type ElementwiseOp, literal, operationText } from "./operation_text.ts";

export interface EmitContext {
  readonly memory: MemoryPlan;
  /** Where a value that an earlier pass of the stage computed lies. */
  readonly places: ReadonlyMap<Node, Place>;
}

/** How many elements one turn of a loop handles: loops are costly, text is not. */
const UNROLL = 4;

const insideLoop = ({ element, sequence, time }: Position): boolean =>
  [...element, sequence, time].some((index) => symbolOf(index)?.kind === "loop");

/** The statements of a lane; `i`, `j`, `b`, `r`, `t` and `k` are defined around them. */
export function emitPass(pass: Pass, { memory, places }: EmitContext): string[] {
  const lane = lanePosition(pass.domain.shape.length);
  const head: string[] = [];
  const tail: string[] = [];
  let outer = head;
  let inner: string[] = [];
  const names = new Map<string, string>();
  /** Names of the block that `inner` is: no other block sees them. */
  let innerNames = new Map<string, string>();
  const registers = new Map<Node, string>();
  let count = 0;

  function bind(text: string, index: Position): string {
    const name = `x${count++}`;
    (insideLoop(index) ? inner : outer).push(`let ${name} = ${text};`);
    return name;
  }

  /** The name or literal of a value at an index; computes it where it is first needed. */
  function value(node: Node, index: Position): string {
    if (node.operation.op === "constant") return literal(node.operation.value);
    const register = registers.get(node);
    if (register) return register;
    const sequence = node.hasBatchAxis ? indexKey(index.sequence) : "";
    const key = `${node.id} ${elementKey(index)} ${sequence} ${indexKey(index.time)}`;
    const scope = insideLoop(index) ? innerNames : names;
    const known = scope.get(key);
    if (known) return known;
    const name = compute(node, index);
    scope.set(key, name);
    return name;
  }

  function compute(node: Node, index: Position): string {
    const { operation } = node;
    if (operation.op === "load") {
      return bind(elementText(memory, { slot: operation.slot }, index), index);
    }
    const place = places.get(node);
    if (place && !made.has(node)) return bind(elementText(memory, place, index), index);
    switch (operation.op) {
      case "iota":
        return bind(`f32(${indexText(index.element[0]!)})`, index);
      case "step":
        return bind("f32(t)", index);
      case "sequence":
        return bind(`f32(${indexText(index.sequence)})`, index);
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
      default:
        return bind(
          operationText(
            operation.op as ElementwiseOp,
            node.inputs.map((input) => value(input, index)),
          ),
          index,
        );
    }
  }

  /** The part of a concatenation that an index falls into. */
  function joined(node: Node, index: Position): string {
    const whole = index.element[0]!;
    let end = node.shape[0]!;
    let text = "";
    for (const part of [...node.inputs].reverse()) {
      const start = end - part.shape[0]!;
      // Both sides of a select are evaluated, so indices are kept inside their part.
      const inside: Index = { clamped: whole, from: start, to: end - 1, offset: -start };
      const element = value(part, { ...index, element: [inside] });
      text = text === "" ? element : `select(${text}, ${element}, ${indexText(whole)} < ${end}u)`;
      end = start;
    }
    return bind(text, index);
  }

  const made = new Set([...pass.reduced, ...pass.locals]);
  const loops: string[] = [];
  if (pass.reduction) {
    const { lengths } = pass.reduction;
    const last = lengths.length - 1;
    const length = lengths[last]!;
    const turns = Math.floor(length / UNROLL);
    const loop = loopSymbol(last);
    const visitSymbol = (name: string): IndexSymbol => ({ kind: "loop", name });
    const sums = (node: Node, part: number) => `s${node.id}_${part}`;
    for (const node of pass.reduced) {
      const start = node.operation.op === "reduce" && node.operation.kind === "max"
        ? "-3.40282347e+38f"
        : "0.0f";
      for (let part = 0; part < Math.min(UNROLL, length); part++) {
        head.push(`var ${sums(node, part)} = ${start};`);
      }
    }
    /** One visited element: its reductions and stores. */
    const visit = (symbol: IndexSymbol, part: number) => {
      const loops = lengths.map((_, depth) =>
        symbolIndex(depth === last ? symbol : loopSymbol(depth))
      );
      for (const node of pass.reduced) {
        const operand = node.inputs[0]!;
        const index = operandPosition(node, lane, loops);
        const sum = sums(node, part);
        const isMax = node.operation.op === "reduce" && node.operation.kind === "max";
        if (isMax) inner.push(`${sum} = max(${sum}, ${value(operand, index)});`);
        else if (operand.operation.op === "multiply" && !places.has(operand)) {
          const [a, b] = operand.inputs.map((input) => value(input, index));
          inner.push(`${sum} = fma(${a}, ${b}, ${sum});`);
        } else inner.push(`${sum} = ${sum} + ${value(operand, index)};`);
      }
      for (const { value: stored, to } of pass.innerStores) {
        const index = operandPosition(pass.reduced[0]!, lane, loops);
        inner.push(`${elementText(memory, to, index)} = ${value(stored, index)};`);
      }
    };
    const body: string[] = [];
    if (turns > 0) {
      inner = [];
      for (let part = 0; part < UNROLL; part++) {
        const symbol = part === 0 ? loop : visitSymbol(`${loop.name}_${part}`);
        if (part > 0) inner.push(`let ${symbol.name} = ${loop.name} + ${part}u;`);
        visit(symbol, part);
      }
      const { name } = loop;
      body.push(`for (var ${name} = 0u; ${name} < ${turns * UNROLL}u; ${name} += ${UNROLL}u) {`);
      body.push(...inner.map((line) => "  " + line), "}");
    }
    inner = [];
    innerNames = new Map();
    for (let rest = turns * UNROLL; rest < length; rest++) {
      const symbol = visitSymbol(`${loop.name}_r${rest}`);
      inner.push(`let ${symbol.name} = ${rest}u;`);
      visit(symbol, rest - turns * UNROLL);
    }
    body.push(...inner);
    loops.push(...nest(body, lengths.slice(0, -1)));
    outer = tail;
    for (const node of pass.reduced) {
      const parts = Array.from({ length: Math.min(UNROLL, length) }, (_, part) => sums(node, part));
      const isMax = node.operation.op === "reduce" && node.operation.kind === "max";
      const total = isMax
        ? parts.reduce((a, b) => `max(${a}, ${b})`)
        : parts.length === 4
        ? `(${parts[0]} + ${parts[1]}) + (${parts[2]} + ${parts[3]})`
        : parts.join(" + ");
      tail.push(`let s${node.id} = ${total};`);
      registers.set(node, `s${node.id}`);
    }
  }
  for (const node of pass.locals) registers.set(node, value(node, lane));
  // All values first: a store must not change what another one still reads.
  const stores = pass.stores.map(({ value: stored, to }) => ({ to, text: value(stored, lane) }));
  for (const { to, text } of stores) outer.push(`${elementText(memory, to, lane)} = ${text};`);
  return [...head, ...loops, ...tail];
}

/** Wraps statements in loops, outermost first. */
function nest(body: string[], lengths: readonly number[]): string[] {
  return lengths.reduceRight((lines, length, depth) => {
    const { name } = loopSymbol(depth);
    return [
      `for (var ${name} = 0u; ${name} < ${length}u; ${name} += 1u) {`,
      ...lines.map((line) => "  " + line),
      "}",
    ];
  }, body);
}
