/** Which inputs a program looks up by their number, as symbols are. */
import { type Node, reachable } from "../program/node.ts";
import type { Program } from "../program/program.ts";

/** By name of an input: its values are whole numbers below this. */
export type IndexLimits = ReadonlyMap<string, number>;

/**
 * The inputs that `oneHot` or `gather` take as they are, and among how many places.
 *
 * @example
 * indexLimits(program).get("symbol"); // 60
 */
export function indexLimits({ procedures }: Pick<Program, "procedures">): IndexLimits {
  const limits = new Map<string, number>();
  const stages = [...procedures.values()].flat();
  const nodes = stages.flatMap(({ stores }) => reachable(stores.map(({ value }) => value)));
  for (const { operation, inputs } of nodes) {
    if (operation.op !== "equal") continue;
    const [first, second] = inputs.map(sourceOf);
    for (const [positions, index] of [[first!, second!], [second!, first!]] as const) {
      if (positions.operation.op !== "iota" || index.operation.op !== "load") continue;
      const { name, kind } = index.operation.slot;
      const [places] = positions.shape as readonly [number];
      if (kind === "input") limits.set(name, Math.min(places, limits.get(name) ?? Infinity));
    }
  }
  return limits;
}

/** What a value repeats or rearranges. */
function sourceOf(node: Node): Node {
  const { op } = node.operation;
  return op === "broadcast" || op === "reshape" ? sourceOf(node.inputs[0]!) : node;
}
