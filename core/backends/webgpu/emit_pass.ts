/** WGSL of one pass: what a lane does, given which element it stands for. */
import { lanePosition } from "../../schedule/index.ts";
import type { Pass } from "../../schedule/pass.ts";
import { elementText } from "./address.ts";
import { createExpressions, type EmitContext } from "./expressions.ts";
import { createLaneWriter } from "./lane_writer.ts";
import { emitReductions } from "./reduction_loop.ts";

/** The statements of a lane; `i`, `j`, `b`, `r`, `t` and `k` are defined around them. */
export function emitPass(pass: Pass, context: EmitContext): readonly string[] {
  const lane = lanePosition(pass.domain.shape.length);
  const writer = createLaneWriter();
  const expressions = createExpressions(writer, pass, context);
  const { reduction } = pass;
  if (reduction) emitReductions(writer, expressions, { pass, reduction, context });
  for (const node of pass.locals) expressions.define(node, expressions.value(node, lane));
  // All values first: a store must not change what another one still reads.
  const stores = pass.stores.map(({ value, to }) => ({ to, text: expressions.value(value, lane) }));
  for (const { to, text } of stores) {
    writer.push(`${elementText(context.memory, to, lane)} = ${text};`);
  }
  return writer.lines;
}
