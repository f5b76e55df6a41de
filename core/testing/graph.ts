/** Graphs with loads, for tests that look at nodes and do not run them. */
import type { Shape } from "../axes.ts";
import type { Value } from "../program/elementwise.ts";
import { createGraph, type Graph, loadSlot, type SlotKind } from "../program/node.ts";

export interface LoadOptions {
  readonly kind?: SlotKind;
  readonly hasBatchAxis?: boolean;
  readonly hasTimeAxis?: boolean;
}

/** Makes a graph and the function that loads a slot of any name in it. */
export function graphWithLoads(
  { insideLoop = false }: { insideLoop?: boolean } = {},
): { graph: Graph; load: (name: string, shape: Shape, options?: LoadOptions) => Value } {
  const graph = createGraph(insideLoop);
  return {
    graph,
    load(name, shape, { kind = "parameter", hasBatchAxis = false, hasTimeAxis = false } = {}) {
      return loadSlot(graph, {
        name,
        kind,
        shape,
        hasBatchAxis,
        hasTimeAxis,
        hasChunkAxis: false,
      });
    },
  };
}
