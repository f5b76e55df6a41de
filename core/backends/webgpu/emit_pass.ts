/** Prints one pass as WGSL: the statements of a lane. */
import { lanePosition } from "../../schedule/index.ts";
import type { Pass } from "../../schedule/pass.ts";
import { createExpressions, type EmitContext } from "./expressions.ts";
import { createLaneWriter, type LaneWriter } from "./lane_writer.ts";
import { emitReductions } from "./reduction_loop.ts";

/** The statements of a lane; the kernel defines `i`, `j`, `b`, `r`, `t` and `k` before them. */
export function emitPass(
  pass: Pass,
  context: EmitContext,
): Pick<LaneWriter, "lines" | "touches"> {
  const lane = lanePosition(pass.domain.shape.length);
  const writer = createLaneWriter(context.elements);
  const expressions = createExpressions(writer, pass, context);
  const { reduction } = pass;
  if (reduction) emitReductions(writer, expressions, { pass, reduction, context });
  for (const node of pass.locals) expressions.define(node, expressions.value(node, lane));
  // All values come first: a store must not change what another store still reads.
  const stores = pass.stores.map(({ value, to }) => ({ to, text: expressions.value(value, lane) }));
  for (const { to, text } of stores) writer.store(to, lane, { text });
  return writer;
}
