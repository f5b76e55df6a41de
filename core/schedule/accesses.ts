/** Which values in memory an expression reads, and whether a lane reads elements of other lanes. */
import type { Node } from "../program/node.ts";
import { isReduction } from "../program/operations.ts";
import {
  elementKey,
  indexKey,
  inputPosition,
  lanePosition,
  loopAxes,
  loopSymbol,
  operandPositions,
  type Position,
  shifted,
  symbolIndex,
  visitedPosition,
} from "./index.ts";

/** A value in memory that an expression reads: a slot, or the result of another expression. */
export interface Access {
  readonly node: Node;
  /** The lane reads its own element, in its own sequence and step. */
  readonly sameLane: boolean;
  /** The lane reads the matrix element that its loop is visiting. */
  readonly sameElement: boolean;
  /** The lane reads its own sequence, or a value that all sequences share. */
  readonly sameSequence: boolean;
}

/**
 * What the expression of `value` reads. It is followed down to slots and materialized values.
 *
 * @param materialized values that have memory or a register.
 * @param whole reads `value` itself where it is materialized, as a store does. By default its
 * operands are read, as the pass does that computes it.
 */
export function accessesOf(
  value: Node,
  materialized: ReadonlySet<Node>,
  { whole = false }: { whole?: boolean } = {},
): Access[] {
  const lane = lanePosition(value.shape.length);
  if (whole || value.operation.op === "load") {
    return accessesFrom([[value, lane]], { start: lane, lane, materialized });
  }
  if (isReduction(value.operation.op)) {
    const start = visitOf(value, lane);
    return accessesFrom(operandsOf(value, start), { start, lane, materialized });
  }
  const others = new Set(materialized);
  others.delete(value);
  return accessesFrom([[value, lane]], { start: lane, lane, materialized: others });
}

/** A value, and the position at which it is read. */
type Read = readonly [node: Node, position: Position];

/** The position that the loops of a reduction are visiting. */
const visitOf = (node: Node, position: Position): Position =>
  visitedPosition(
    node,
    position,
    loopAxes(node).map((_, depth) => symbolIndex(loopSymbol(depth))),
  );

/** What a reduction reads at a visited position. */
const operandsOf = (node: Node, visited: Position): Read[] =>
  operandPositions(node, visited).map((position, index) => [node.inputs[index]!, position]);

/** What the expressions of `reads` read for a lane whose visit (or own element) is at `start`. */
function accessesFrom(
  reads: readonly Read[],
  { start, lane, materialized }: {
    start: Position;
    lane: Position;
    materialized: ReadonlySet<Node>;
  },
): Access[] {
  const accesses: Access[] = [];
  const seen = new Set<string>();
  const [laneKey, startKey] = [elementKey(lane), elementKey(start)];
  const [laneSequence, laneTime] = [indexKey(lane.sequence), indexKey(lane.time)];

  function visit(node: Node, position: Position): void {
    const element = elementKey(position);
    const [sequence, time] = [indexKey(position.sequence), indexKey(position.time)];
    const key = `${node.id} ${element} ${sequence} ${time}`;
    if (seen.has(key)) return;
    seen.add(key);
    if (node.operation.op === "load" || materialized.has(node)) {
      const sameSequence = !node.hasBatchAxis || sequence === laneSequence;
      const sameMoment = sameSequence && time === laneTime;
      accesses.push({
        node,
        sameLane: sameMoment && element === laneKey,
        sameElement: sameMoment && element === startKey,
        sameSequence,
      });
      return;
    }
    if (isReduction(node.operation.op)) {
      // A reduction without memory is in a register of the pass that reads it.
      for (const read of operandsOf(node, visitOf(node, position))) visit(...read);
      return;
    }
    if (node.operation.op !== "concat") {
      const input = inputPosition(node, position);
      for (const part of node.inputs) visit(part, input);
      return;
    }
    let first = 0;
    for (const part of node.inputs) {
      visit(part, { ...position, element: [shifted(position.element[0]!, -first)] });
      first += part.shape[0]!;
    }
  }
  for (const read of reads) visit(...read);
  return accesses;
}
