import { addNode, type Graph, type Node } from "./node.ts";

/**
 * Builds the same expression in another graph.
 *
 * @param replace gives the node that stands for one of the source graph, or undefined to rebuild it.
 */
export function transplanter(
  graph: Graph,
  replace: (node: Node) => Node | undefined,
): (node: Node) => Node {
  const done = new Map<Node, Node>();
  return function transplant(node: Node): Node {
    const known = done.get(node);
    if (known) return known;
    const copy = replace(node) ??
      addNode(graph, node.operation, { inputs: node.inputs.map(transplant), shape: node.shape });
    done.set(node, copy);
    return copy;
  };
}
