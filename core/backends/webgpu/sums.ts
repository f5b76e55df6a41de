/** Sums and maxima, element by element. */
import type { Node } from "../../program/node.ts";
import { lanePosition, operandPositions, type Position } from "../../schedule/index.ts";
import type { Pass } from "../../schedule/pass.ts";
import type { EmitContext, Expressions } from "./expressions.ts";
import type { LaneWriter } from "./lane_writer.ts";

/** Whether a reduction takes the largest. */
export const isMax = ({ operation }: Node): boolean =>
  operation.op === "reduce" && operation.kind === "max";

/** Defines the variables that reductions are accumulated in. */
export function startSums(
  writer: LaneWriter,
  { reduced }: Pass,
  namesOf: (node: Node) => readonly string[],
): void {
  // -infinity: as a constant it is an error in WGSL.
  if (reduced.some(isMax) && writer.recall("lowest", lanePosition(0)) === undefined) {
    writer.push("var lowest = 0xff800000u;");
    writer.remember("lowest", lanePosition(0), "lowest");
  }
  for (const node of reduced) {
    const start = isMax(node) ? "bitcast<f32>(lowest)" : "0.0f";
    for (const name of namesOf(node)) writer.push(`var ${name} = ${start};`);
  }
}

/** Adds what a reduction reads at a visited position to the variable `sum`; with `test`, where that holds. */
export function accumulate(
  writer: LaneWriter,
  { value }: Expressions,
  { node, sum, position, places, test }: {
    node: Node;
    sum: string;
    position: Position;
    places: EmitContext["places"];
    test?: string | undefined;
  },
): void {
  const operand = node.inputs[0]!;
  let text: string;
  if (isMax(node)) text = `ieee_maximum(${sum}, ${value(operand, position)})`;
  else if (node.operation.op === "matmul") {
    const [a, b] = operandPositions(node, position).map((at, i) => value(node.inputs[i]!, at));
    text = `fma(${a}, ${b}, ${sum})`;
  } else if (operand.operation.op === "multiply" && !places.has(operand)) {
    const [a, b] = operand.inputs.map((input) => value(input, position));
    text = `fma(${a}, ${b}, ${sum})`;
  } else text = `${sum} + ${value(operand, position)}`;
  writer.push(`${sum} = ${test ? `select(${sum}, ${text}, ${test})` : text};`);
}

/** Combines partial sums in a fixed order: neighbours first. */
export function total(node: Node, parts: readonly string[]): string {
  if (parts.length === 1) return parts[0]!;
  const half = 2 ** Math.floor(Math.log2(parts.length - 1));
  const [left, right] = [parts.slice(0, half), parts.slice(half)].map((some) => total(node, some));
  if (isMax(node)) return `ieee_maximum(${left}, ${right})`;
  return [[left, half], [right, parts.length - half]]
    .map(([text, count]) => count === 1 ? text : `(${text})`).join(" + ");
}
