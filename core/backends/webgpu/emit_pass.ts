/** Prints one pass as WGSL: the statements of a lane. */
import { lanePosition, type Position } from "../../schedule/index.ts";
import type { Pass } from "../../schedule/pass.ts";
import { createExpressions, type EmitContext } from "./expressions.ts";
import { createLaneWriter, type LaneWriter } from "./lane_writer.ts";
import { emitReductions } from "./reduction_loop.ts";
import { type Turns, writeTurns } from "./sequences_in_turn.ts";

/**
 * The statements of a lane; the kernel defines `i`, `j`, `b`, `r`, `t` and `k` before them.
 *
 * @param lane where the lane is.
 * @param inTurn as of `Turns`.
 */
export function emitPass(
  pass: Pass,
  context: EmitContext,
  { lane = lanePosition(pass.domain.shape.length), inTurn }: {
    lane?: Position;
    inTurn?: Turns["inTurn"];
  } = {},
): Pick<LaneWriter, "lines" | "touches"> {
  const writer = createLaneWriter(context.elements);
  writeTurns(writer, inTurn, () => emitElement(writer, pass, { context, lane }));
  return writer;
}

/** The statements for one element. */
function emitElement(
  writer: LaneWriter,
  pass: Pass,
  { context, lane }: { context: EmitContext; lane: Position },
): void {
  const expressions = createExpressions(writer, pass, context);
  const { reduction } = pass;
  if (reduction) emitReductions(writer, expressions, { pass, reduction, context });
  for (const node of pass.locals) expressions.define(node, expressions.value(node, lane));
  // All values come first: a store must not change what another store still reads.
  const stores = pass.stores.map(({ value, to }) => ({ to, text: expressions.value(value, lane) }));
  for (const { to, text } of stores) writer.store(to, lane, { text });
}
