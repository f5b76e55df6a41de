/**
 * Where an expression reads its inputs: symbolic indices, shared by the scheduler (which asks what a
 * lane touches) and by the emitters (which print them).
 */
import { sizeOf } from "../axes.ts";
import type { Node } from "../program/node.ts";

/** The symbols of one element: own axes, sequence and step. Values are identifiers or numbers. */
export interface Index {
  /** One entry an own axis: [] for scalars, [i] or [i, j]. */
  readonly own: readonly string[];
  /** The sequence; unused by shared values. */
  readonly sequence: string;
  /** The step; unused by values without the T axis. */
  readonly time: string;
}

/** Arithmetic on symbolic indices; u32 in every backend. */
export interface IndexMath {
  add(index: string, offset: number): string;
}

/**
 * The index at which a node reads its inputs; the same for all of them. Not for concat (each part
 * has its own) and reduce (the loop gives it).
 */
export function inputIndex(node: Node, index: Index, math: IndexMath): Index {
  const { own } = index;
  const source = node.inputs[0];
  switch (node.operation.op) {
    case "broadcast":
      return {
        ...index,
        own: source!.shape.map((extent, axis) => extent === 1 ? "0" : own[axis]!),
      };
    case "reshape": {
      // Among vector(n), matrix(n, 1) and matrix(1, n) one index at most is not 0.
      const moving = own[node.shape.findIndex((extent) => extent !== 1)] ?? "0";
      const axis = source!.shape.findIndex((extent) => extent !== 1);
      return { ...index, own: source!.shape.map((_, each) => each === axis ? moving : "0") };
    }
    case "transpose":
      return { ...index, own: [own[1]!, own[0]!] };
    case "slice":
      return { ...index, own: [math.add(own[0]!, node.operation.start)] };
    default:
      return index;
  }
}

/** The index of a reduction's operand, given that of its result and the symbols of the loops. */
export function operandIndex(node: Node, index: Index, loops: readonly string[]): Index {
  if (node.operation.op !== "reduce") throw new TypeError("Expected a reduction");
  let { own, sequence, time } = index;
  const rank = node.inputs[0]!.shape.length;
  node.operation.axes.forEach((axis, position) => {
    const loop = loops[position]!;
    if (axis === "sequence") sequence = loop;
    else if (axis === "time") time = loop;
    else if (axis === "pre") own = [own[0]!, loop];
    else own = rank === 2 ? [loop, own[0]!] : [loop];
  });
  return { own, sequence, time };
}

/** How often each loop of a reduction runs, outermost first. */
export function loopLengths(
  node: Node,
  extents: { sequences: number; steps: number },
): number[] {
  if (node.operation.op !== "reduce") throw new TypeError("Expected a reduction");
  const { shape } = node.inputs[0]!;
  return node.operation.axes.map((axis) => {
    if (axis === "sequence") return extents.sequences;
    if (axis === "time") return extents.steps;
    return axis === "pre" ? shape[1]! : shape[0]!;
  });
}

/** Elements of a value before P and B. */
export const elements = (node: Node): number => sizeOf(node.shape);
