/**
 * Prints a pass for lanes that each own a sequence: a lane goes over all elements of the pass, in text without loops,
 * so that its values can stay in registers. It waits for no other lane.
 */
import { sizeOf } from "../../axes.ts";
import type { Node } from "../../program/node.ts";
import { lanePosition, visitedPosition } from "../../schedule/index.ts";
import type { Pass } from "../../schedule/pass.ts";
import type { LaneText } from "./emit_visits.ts";
import { createExpressions, type EmitContext } from "./expressions.ts";
import { createLaneWriter } from "./lane_writer.ts";
import { elementsOf } from "./own_elements.ts";
import { accumulate, startSums } from "./sums.ts";

/** Elements that the text of a pass visits. */
export const visitsOfText = ({ domain, reduction }: Pass): number =>
  (reduction?.lengths ?? []).reduce((product, length) => product * length, sizeOf(domain.shape));

/** The statements of a lane; the kernel defines `b` before them. */
export function emitOwnSequence(pass: Pass, context: EmitContext): LaneText {
  const { domain, reduced, reduction, innerStores, locals } = pass;
  const { places } = context;
  const writer = createLaneWriter(context.elements);
  const elements = elementsOf(domain.shape);
  const nameOf = (node: Node, index: number) => `s${node.id}_${index}`;
  startSums(writer, pass, (node) => elements.map((_, index) => nameOf(node, index)));
  elements.forEach((element, index) => {
    const position = { ...lanePosition(0), element };
    const expressions = createExpressions(writer, pass, context);
    for (const loops of reduction ? elementsOf(reduction.lengths) : []) {
      const visited = visitedPosition(reduced[0]!, position, loops);
      for (const node of reduced) {
        const sum = nameOf(node, index);
        accumulate(writer, expressions, { node, sum, position: visited, places });
      }
      for (const { value, to } of innerStores) {
        writer.store(to, visited, { text: expressions.value(value, visited) });
      }
    }
    for (const node of reduced) expressions.define(node, nameOf(node, index));
    for (const node of locals) expressions.define(node, expressions.value(node, position));
    const texts = pass.stores.map(({ value, to }) =>
      [to, expressions.value(value, position)] as const
    );
    for (const [to, text] of texts) writer.store(to, position, { text });
  });
  return writer;
}
