/**
 * Prints a pass that sums products over steps, sequences or the shared axis of two matrices. A lane owns a block
 * of the results: what it reads of a row or of a column serves several of them.
 */
import type { Node } from "../../program/node.ts";
import {
  type Index,
  loopSymbol,
  positionKey,
  symbolIndex,
  visitedPosition,
} from "../../schedule/index.ts";
import type { Pass, Reduction } from "../../schedule/pass.ts";
import type { LaneText } from "./emit_visits.ts";
import { createExpressions, type EmitContext } from "./expressions.ts";
import { type Grid, insideTest, ownedPosition } from "./grid.ts";
import { createLaneWriter } from "./lane_writer.ts";
import { nestedLoops } from "./reduction_loop.ts";
import { sequenceIndices } from "./sequence_rounds.ts";
import { accumulate, startSums } from "./sums.ts";

/**
 * The statements of a lane; the kernel has defined the symbols of the grid.
 *
 * @param isLoop whether loops count what is summed. Else these are sequences, and the text names each: its elements may
 * be in registers.
 */
export function emitProducts(
  pass: Pass,
  reduction: Reduction,
  { grid, isLoop, context }: { grid: Grid; isLoop: boolean; context: EmitContext },
): LaneText {
  const { places } = context;
  const writer = createLaneWriter(context.elements);
  const expressions = createExpressions(writer, pass, context);
  const block = grid.rows.flatMap((row) =>
    grid.columns.map((column) => ({
      position: ownedPosition(grid, row, column),
      test: insideTest(grid, row, column),
      nameOf: (node: Node) => `s${node.id}_${row.name}_${column.name}`,
    }))
  );
  startSums(writer, pass, (node) => block.map(({ nameOf }) => nameOf(node)));
  const visit = (loops: readonly Index[]) => {
    for (const { position, nameOf } of block) {
      const visited = visitedPosition(pass.reduced[0]!, position, loops);
      for (const node of pass.reduced) {
        accumulate(writer, expressions, { node, sum: nameOf(node), position: visited, places });
      }
    }
  };
  const { lengths } = reduction;
  if (isLoop) {
    const turns = lengths.reduce((product, length) => product * length, 1);
    const loops = lengths.map((_, depth) => symbolIndex(loopSymbol(depth)));
    for (const line of nestedLoops(writer.visit(turns, () => visit(loops)), lengths)) {
      writer.push(line);
    }
  } else for (const sequence of sequenceIndices(lengths[0]!)) visit([sequence]);
  for (const { position, test, nameOf } of block) {
    for (const node of pass.reduced) {
      writer.remember(positionKey(node, position), position, nameOf(node));
    }
    const texts = pass.stores.map(({ value, to }) =>
      [to, expressions.value(value, position)] as const
    );
    for (const [to, text] of texts) writer.store(to, position, { text, test });
  }
  return writer;
}
