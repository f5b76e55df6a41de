/** What an expression reads from memory, and how far from its own lane. */
import type { Node } from "../program/node.ts";
import {
  elementKey,
  indexKey,
  inputPosition,
  lanePosition,
  loopSymbol,
  operandPosition,
  type Position,
  shifted,
  symbolIndex,
} from "./index.ts";

/** A value in memory that an expression reads: a load, or a value that another expression made. */
export interface Access {
  readonly node: Node;
  /** Read at the very element the lane stands for. */
  readonly sameLane: boolean;
  /** Read at the element of a matrix that the lane's loop stands at. */
  readonly sameElement: boolean;
  /** Read in the lane's own sequence. */
  readonly sameSequence: boolean;
}

/**
 * What the expression of `value` reads, stopping at values that have memory of their own.
 *
 * @param whole if the value itself has memory, that is the one access (for stores); otherwise the
 * access is to what it is made of (for the pass that makes it).
 */
export function accessesOf(
  value: Node,
  materialized: ReadonlySet<Node>,
  { whole = false }: { whole?: boolean } = {},
): Access[] {
  const lane = lanePosition(value.shape.length);
  if (whole || value.operation.op === "load") {
    return accessesFrom(value, { start: lane, lane, materialized });
  }
  if (value.operation.op === "reduce") {
    const start = visitedPosition(value, lane);
    return accessesFrom(value.inputs[0]!, { start, lane, materialized });
  }
  // The value itself is materialized: look behind it.
  const behind = new Set(materialized);
  behind.delete(value);
  return accessesFrom(value, { start: lane, lane, materialized: behind });
}

/** The position in the operand of a reduction that its loops stand at. */
function visitedPosition(node: Node, position: Position): Position {
  const { operation } = node;
  const axes = operation.op === "reduce" ? operation.axes : [];
  return operandPosition(node, position, axes.map((_, depth) => symbolIndex(loopSymbol(depth))));
}

/** What `root`, read at `start`, reads for a lane. */
function accessesFrom(
  root: Node,
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
    if (node.operation.op !== "concat") {
      // A reduction without a place is in a register of the pass that reads it.
      const input = node.operation.op === "reduce"
        ? visitedPosition(node, position)
        : inputPosition(node, position);
      for (const part of node.inputs) visit(part, input);
      return;
    }
    let first = 0;
    for (const part of node.inputs) {
      visit(part, { ...position, element: [shifted(position.element[0]!, -first)] });
      first += part.shape[0]!;
    }
  }
  visit(root, start);
  return accesses;
}
