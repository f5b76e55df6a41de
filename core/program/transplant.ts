import { addNode, type Graph, type Node } from "./node.ts";

/**
 * Makes a function that rebuilds the expression of a node in another graph.
 *
 * @param replace gives what stands for a node of the source graph, or undefined to rebuild the node.
 */
export function transplanter(
  graph: Graph,
  replace: (node: Node) => Node | undefined,
): (node: Node) => Node {
  const copies = new Map<Node, Node>();
  return function transplant(node: Node): Node {
    const earlier = copies.get(node);
    if (earlier) return earlier;
    const copy = replace(node) ??
      addNode(graph, node.operation, { inputs: node.inputs.map(transplant), shape: node.shape });
    copies.set(node, copy);
    return copy;
  };
}
