/** WGSL of one pass: what a lane does, given which element it stands for. */
import { laneIndex } from "../../schedule/accesses.ts";
import { type Index, inputIndex, operandIndex } from "../../schedule/indexing.ts";
import type { Pass, Place } from "../../schedule/pass.ts";
import type { Node } from "../../program/node.ts";
import type { MemoryPlan } from "../memory_plan.ts";
import { elementText } from "./address.ts";
import { type ElementwiseOp, literal, operationText } from "./operation_text.ts";

export interface EmitContext {
  readonly memory: MemoryPlan;
  /** Where a value that an earlier pass of the stage computed lies. */
  readonly places: ReadonlyMap<Node, Place>;
}

/** How many elements one turn of a loop handles: loops are costly, text is not. */
const UNROLL = 4;

const indexMath = {
  add: (index: string, offset: number) => offset === 0 ? index : `(${index} + ${offset}u)`,
};
const insideLoop = ({ own, sequence, time }: Index): boolean =>
  [...own, sequence, time].some((symbol) => symbol.includes("q"));

/** The statements of a lane; `i`, `j`, `b`, `r`, `t` and `k` are defined around them. */
export function emitPass(pass: Pass, { memory, places }: EmitContext): string[] {
  const lane = laneIndex(pass.domain.shape.length);
  const head: string[] = [];
  const tail: string[] = [];
  let outer = head;
  let inner: string[] = [];
  const names = new Map<string, string>();
  /** Names of the block that `inner` is: no other block sees them. */
  let innerNames = new Map<string, string>();
  const registers = new Map<Node, string>();
  let count = 0;

  function bind(text: string, index: Index): string {
    const name = `x${count++}`;
    (insideLoop(index) ? inner : outer).push(`let ${name} = ${text};`);
    return name;
  }

  /** The name or literal of a value at an index; computes it where it is first needed. */
  function value(node: Node, index: Index): string {
    if (node.operation.op === "constant") return literal(node.operation.value);
    const register = registers.get(node);
    if (register) return register;
    const key = `${node.id} ${index.own.join()} ${
      node.hasBatchAxis ? index.sequence : ""
    } ${index.time}`;
    const scope = insideLoop(index) ? innerNames : names;
    const known = scope.get(key);
    if (known) return known;
    const name = compute(node, index);
    scope.set(key, name);
    return name;
  }

  function compute(node: Node, index: Index): string {
    const { operation } = node;
    if (operation.op === "load") {
      return bind(elementText(memory, { slot: operation.slot }, index), index);
    }
    const place = places.get(node);
    if (place && !made.has(node)) return bind(elementText(memory, place, index), index);
    switch (operation.op) {
      case "iota":
        return bind(`f32(${index.own[0]})`, index);
      case "step":
        return bind("f32(t)", index);
      case "sequence":
        return bind(`f32(${index.sequence})`, index);
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
        return value(node.inputs[0]!, inputIndex(node, index, indexMath));
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
  function joined(node: Node, index: Index): string {
    const [i] = index.own as [string];
    let end = node.shape[0]!;
    let text = "";
    for (const part of [...node.inputs].reverse()) {
      const length = part.shape[0]!;
      const start = end - length;
      // Both sides of a select are evaluated, so indices are kept inside their part.
      const own = start === 0
        ? `min(${i}, ${length - 1}u)`
        : `(clamp(${i}, ${start}u, ${end - 1}u) - ${start}u)`;
      const element = value(part, { ...index, own: [own] });
      text = text === "" ? element : `select(${text}, ${element}, ${i} < ${end}u)`;
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
    const visit = (symbol: string, part: number) => {
      const symbols = lengths.map((_, depth) => depth === last ? symbol : `q${depth}`);
      for (const node of pass.reduced) {
        const operand = node.inputs[0]!;
        const index = operandIndex(node, lane, symbols);
        const sum = sums(node, part);
        const isMax = node.operation.op === "reduce" && node.operation.kind === "max";
        if (isMax) inner.push(`${sum} = max(${sum}, ${value(operand, index)});`);
        else if (operand.operation.op === "multiply" && !places.has(operand)) {
          const [a, b] = operand.inputs.map((input) => value(input, index));
          inner.push(`${sum} = fma(${a}, ${b}, ${sum});`);
        } else inner.push(`${sum} = ${sum} + ${value(operand, index)};`);
      }
      for (const { value: stored, to } of pass.innerStores) {
        const index = operandIndex(pass.reduced[0]!, lane, symbols);
        inner.push(`${elementText(memory, to, index)} = ${value(stored, index)};`);
      }
    };
    const body: string[] = [];
    if (turns > 0) {
      inner = [];
      for (let part = 0; part < UNROLL; part++) {
        const symbol = part === 0 ? `q${last}` : `q${last}_${part}`;
        if (part > 0) inner.push(`let ${symbol} = q${last} + ${part}u;`);
        visit(symbol, part);
      }
      body.push(`for (var q${last} = 0u; q${last} < ${turns * UNROLL}u; q${last} += ${UNROLL}u) {`);
      body.push(...inner.map((line) => "  " + line), "}");
    }
    inner = [];
    innerNames = new Map();
    for (let rest = turns * UNROLL; rest < length; rest++) {
      const symbol = `q${last}_r${rest}`;
      inner.push(`let ${symbol} = ${rest}u;`);
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
  return lengths.reduceRight((lines, length, depth) => [
    `for (var q${depth} = 0u; q${depth} < ${length}u; q${depth} += 1u) {`,
    ...lines.map((line) => "  " + line),
    "}",
  ], body);
}
