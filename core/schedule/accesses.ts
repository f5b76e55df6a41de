import type { Node } from "../program/node.ts";
import { type Index, inputIndex, operandIndex } from "./indexing.ts";

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

const symbolic = { add: (index: string, offset: number) => `${index}+${offset}` };

/** The index of a lane, and of the loops of its reduction. */
export const laneIndex = (rank: number): Index => ({
  own: ["i", "j"].slice(0, rank),
  sequence: "b",
  time: "t",
});
export const loopSymbols = ["q0", "q1", "q2"] as const;

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
  const lane = laneIndex(value.shape.length);
  const found: Access[] = [];
  const seen = new Set<string>();
  let element = lane;

  function visit(node: Node, index: Index): void {
    const key = `${node.id} ${index.own.join()} ${index.sequence} ${index.time}`;
    if (seen.has(key)) return;
    seen.add(key);
    if (node.operation.op === "load" || materialized.has(node)) {
      const own = index.own.join();
      const sameSequence = !node.hasBatchAxis || index.sequence === lane.sequence;
      found.push({
        node,
        sameLane: own === lane.own.join() && sameSequence && index.time === lane.time,
        sameElement: own === element.own.join() && sameSequence && index.time === lane.time,
        sameSequence,
      });
      return;
    }
    const input = inputIndex(node, index, symbolic);
    let start = 0;
    for (const part of node.inputs) {
      if (node.operation.op !== "concat") {
        visit(part, input);
        continue;
      }
      visit(part, { ...index, own: [start === 0 ? index.own[0]! : `${index.own[0]}-${start}`] });
      start += part.shape[0]!;
    }
  }

  if (!whole && value.operation.op === "reduce") {
    element = operandIndex(value, lane, loopSymbols);
    visit(value.inputs[0]!, element);
  } else if (whole || value.operation.op === "load") {
    visit(value, lane);
  } else {
    // The value itself is materialized: look behind it.
    const behind = new Set(materialized);
    behind.delete(value);
    return accessesOf(value, behind, { whole: true });
  }
  return found;
}
