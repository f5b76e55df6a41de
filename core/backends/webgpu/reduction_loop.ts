/** Prints the reductions of a lane: loops of several elements per turn, each with its own partial sum. */
import type { Node } from "../../program/node.ts";
import {
  type IndexSymbol,
  lanePosition,
  loopSymbol,
  type Position,
  symbolIndex,
  visitedPosition,
} from "../../schedule/index.ts";
import type { Pass, Reduction } from "../../schedule/pass.ts";
import type { EmitContext, Expressions } from "./expressions.ts";
import { indent } from "./kernel_text.ts";
import type { LaneWriter } from "./lane_writer.ts";
import { accumulate, startSums, total } from "./sums.ts";

/** Elements that one turn of a loop visits: turns cost time, text does not. */
const UNROLL = 4;

const partialName = (node: Node, part: number): string => `s${node.id}_${part}`;

/** Writes the reductions of a pass, and the stores that its loop makes. */
export function emitReductions(
  writer: LaneWriter,
  expressions: Expressions,
  { pass, reduction, context }: { pass: Pass; reduction: Reduction; context: EmitContext },
): void {
  const parts = pass.past === "loop" ? 1 : Math.min(UNROLL, reduction.lengths.at(-1)!);
  const namesOf = (node: Node) =>
    Array.from({ length: parts }, (_, part) => partialName(node, part));
  startSums(writer, pass, namesOf);
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
  const loops = pass.past === "loop"
    ? pastLoop(writer, reduction, visit)
    : nestedLoops(innermostLoop(writer, reduction, visit), reduction.lengths.slice(0, -1));
  for (const line of loops) writer.push(line);
  for (const node of pass.reduced) {
    writer.push(`let s${node.id} = ${total(node, namesOf(node))};`);
    expressions.define(node, `s${node.id}`);
  }
}

/** Accumulates every reduction at one visited element, and makes the stores of the loop. */
function visitElement(
  writer: LaneWriter,
  expressions: Expressions,
  { pass, context: { places }, position, part }: {
    pass: Pass;
    context: EmitContext;
    position: Position;
    part: number;
  },
): void {
  for (const node of pass.reduced) {
    accumulate(writer, expressions, { node, sum: partialName(node, part), position, places });
  }
  for (const { value, to } of pass.innerStores) {
    writer.store(to, position, { text: expressions.value(value, position) });
  }
}

/** The loop over the rows of earlier steps: half of them, on average. */
function pastLoop(
  writer: LaneWriter,
  { lengths: [rows] }: Reduction,
  visit: (symbol: IndexSymbol, part: number) => void,
): string[] {
  const loop = loopSymbol(0);
  const turn = writer.visit(Math.ceil(rows! / 2), () => visit(loop, 0));
  return loopOver(loop, `min(t, ${rows}u)`, turn);
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
  const turns = lengths.slice(0, -1).reduce((product, outer) => product * outer, 1);
  const lines: string[] = [];
  if (whole > 0) {
    const turn = writer.visit(turns * whole / UNROLL, () => {
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
  const rest = writer.visit(turns, () => {
    for (let index = whole; index < length; index++) {
      visitAt(`_r${index}`, `${index}u`, index - whole);
    }
  });
  return [...lines, ...rest];
}

/** Wraps statements in loops, outermost first. */
export function nestedLoops(body: string[], lengths: readonly number[]): string[] {
  return lengths.reduceRight(
    (lines, length, depth) => loopOver(loopSymbol(depth), `${length}u`, lines),
    body,
  );
}

/** Wraps statements in a loop that counts a symbol up to an end. */
export const loopOver = ({ name }: IndexSymbol, end: string, body: readonly string[]): string[] => [
  `for (var ${name} = 0u; ${name} < ${end}; ${name} += 1u) {`,
  ...indent(body),
  "}",
];
