/** Prints the reductions of a lane: loops of several elements per turn, each with its own partial sum. */
import type { Node } from "../../program/node.ts";
import {
  type IndexSymbol,
  lanePosition,
  loopSymbol,
  operandPositions,
  type Position,
  symbolIndex,
  visitedPosition,
} from "../../schedule/index.ts";
import type { Pass, Reduction } from "../../schedule/pass.ts";
import { elementText } from "./address.ts";
import type { EmitContext, Expressions } from "./expressions.ts";
import type { LaneWriter } from "./lane_writer.ts";

/** Elements that one turn of a loop visits: turns cost time, text does not. */
const UNROLL = 4;

const isMax = ({ operation }: Node): boolean =>
  operation.op === "reduce" && operation.kind === "max";
const partialName = (node: Node, part: number): string => `s${node.id}_${part}`;
const partsOf = ({ lengths }: Reduction): number => Math.min(UNROLL, lengths.at(-1)!);

/** Writes the reductions of a pass, and the stores that its loop makes. */
export function emitReductions(
  writer: LaneWriter,
  expressions: Expressions,
  { pass, reduction, context }: { pass: Pass; reduction: Reduction; context: EmitContext },
): void {
  // -infinity: as a constant it is an error in WGSL.
  if (pass.reduced.some(isMax)) writer.push("var lowest = 0xff800000u;");
  for (const node of pass.reduced) {
    const start = isMax(node) ? "bitcast<f32>(lowest)" : "0.0f";
    for (let part = 0; part < partsOf(reduction); part++) {
      writer.push(`var ${partialName(node, part)} = ${start};`);
    }
  }
  const visit = (symbol: IndexSymbol, part: number) => {
    const loops = reduction.lengths.map((_, depth) =>
      symbolIndex(depth === reduction.lengths.length - 1 ? symbol : loopSymbol(depth))
    );
    const position = visitedPosition(
      pass.reduced[0]!,
      lanePosition(pass.domain.shape.length),
      loops,
    );
    visitElement(writer, expressions, { pass, context, position, part });
  };
  const loops = nested(innermostLoop(writer, reduction, visit), reduction.lengths.slice(0, -1));
  for (const line of loops) writer.push(line);
  for (const node of pass.reduced) {
    const parts = Array.from(
      { length: partsOf(reduction) },
      (_, part) => partialName(node, part),
    );
    writer.push(`let s${node.id} = ${total(node, parts)};`);
    expressions.define(node, `s${node.id}`);
  }
}

/** Accumulates every reduction at one visited element, and makes the stores of the loop. */
function visitElement(
  writer: LaneWriter,
  { value }: Expressions,
  { pass, context: { memory, places }, position, part }: {
    pass: Pass;
    context: EmitContext;
    position: Position;
    part: number;
  },
): void {
  for (const node of pass.reduced) {
    const operand = node.inputs[0]!;
    const sum = partialName(node, part);
    if (isMax(node)) writer.push(`${sum} = ieee_maximum(${sum}, ${value(operand, position)});`);
    else if (node.operation.op === "matmul") {
      const [a, b] = operandPositions(node, position).map((at, i) => value(node.inputs[i]!, at));
      writer.push(`${sum} = fma(${a}, ${b}, ${sum});`);
    } else if (operand.operation.op === "multiply" && !places.has(operand)) {
      const [a, b] = operand.inputs.map((input) => value(input, position));
      writer.push(`${sum} = fma(${a}, ${b}, ${sum});`);
    } else writer.push(`${sum} = ${sum} + ${value(operand, position)};`);
  }
  for (const store of pass.innerStores) {
    const text = value(store.value, position);
    writer.push(`${elementText(memory, store.to, position)} = ${text};`);
  }
}

/** The innermost loop, unrolled, and the elements after its last full turn. */
function innermostLoop(
  writer: LaneWriter,
  { lengths }: Reduction,
  visit: (symbol: IndexSymbol, part: number) => void,
): string[] {
  const length = lengths.at(-1)!;
  const loop = loopSymbol(lengths.length - 1);
  const { name } = loop;
  const visitAt = (suffix: string, index: string, part: number) => {
    const symbol: IndexSymbol = { kind: "loop", name: name + suffix };
    writer.push(`let ${symbol.name} = ${index};`);
    visit(symbol, part);
  };
  const whole = length - length % UNROLL;
  const lines: string[] = [];
  if (whole > 0) {
    const turn = writer.visit(() => {
      visit(loop, 0);
      for (let part = 1; part < UNROLL; part++) {
        visitAt(`_${part}`, `${name} + ${part}u`, part);
      }
    });
    lines.push(
      `for (var ${name} = 0u; ${name} < ${whole}u; ${name} += ${UNROLL}u) {`,
      ...turn.map((line) => "  " + line),
      "}",
    );
  }
  const rest = writer.visit(() => {
    for (let index = whole; index < length; index++) {
      visitAt(`_r${index}`, `${index}u`, index - whole);
    }
  });
  return [...lines, ...rest];
}

/** Combines the partial sums of a reduction, in a fixed order. */
function total(node: Node, parts: readonly string[]): string {
  if (isMax(node)) return parts.reduce((a, b) => `ieee_maximum(${a}, ${b})`);
  return parts.length === 4
    ? `(${parts[0]} + ${parts[1]}) + (${parts[2]} + ${parts[3]})`
    : parts.join(" + ");
}

/** Wraps statements in loops, outermost first. */
function nested(body: string[], lengths: readonly number[]): string[] {
  return lengths.reduceRight((lines, length, depth) => {
    const { name } = loopSymbol(depth);
    return [
      `for (var ${name} = 0u; ${name} < ${length}u; ${name} += 1u) {`,
      ...lines.map((line) => "  " + line),
      "}",
    ];
  }, body);
}
