import { userPlace } from "../code_place.ts";
import type { Value } from "./elementwise.ts";
import type { Graph } from "./node.ts";

/** Frames from the line of an equation down to the graph: functions of the language call others. */
const FRAMES = 40;

/**
 * The line of a user's own code that made a value, found by tracing once more: equal nodes are the same
 * node, so that the second trace asks for each of them again. Undefined if only the library asked for it.
 *
 * @param trace makes the value again, in the same graph.
 * @param value default: the last one that the trace asks for.
 */
export function placeOf(graph: Graph, trace: () => unknown, value?: Value): string | undefined {
  const places = graph.places = new Map<Value, Error>();
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = FRAMES;
  try {
    trace();
  } finally {
    Error.stackTraceLimit = limit;
    graph.places = undefined;
  }
  return userPlace(value ? places.get(value) : [...places.values()].at(-1));
}
