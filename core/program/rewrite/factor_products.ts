/** Rewrites products of vectors with matrices that are made of products: the matrix need not be made. */
import { addNode, type Node } from "../node.ts";
import type { Program, Stage } from "../program.ts";
import { lowRankProduct } from "./low_rank_products.ts";

/**
 * The same program, with the low-rank products of its loops taken factor by factor. Gradients have to be taken
 * before: they are by the matrix.
 */
export function factorProducts(program: Program): Program {
  const procedures = new Map(
    [...program.procedures].map(([name, stages]) => [name, stages.map(factored)]),
  );
  return { ...program, procedures };
}

function factored(stage: Stage): Stage {
  if (stage.loop === "none") return stage;
  const rewrite = rewriter();
  const { output, objective } = stage;
  return {
    ...stage,
    stores: stage.stores.map(({ slot, value }) => ({ slot, value: rewrite(value) })),
    ...output ? { output: rewrite(output) } : {},
    ...objective ? { objective: rewrite(objective) } : {},
  };
}

/** Rebuilds expressions in their own graph; what has no low-rank product in it stays the same node. */
function rewriter(): (node: Node) => Node {
  const results = new Map<Node, Node>();
  return function rewrite(node: Node): Node {
    const earlier = results.get(node);
    if (earlier) return earlier;
    const product = lowRankProduct(node);
    const result = product ? rewrite(product) : withInputs(node, node.inputs.map(rewrite));
    results.set(node, result);
    return result;
  };
}

const withInputs = (node: Node, inputs: readonly Node[]): Node =>
  inputs.every((input, index) => input === node.inputs[index])
    ? node
    : addNode(node.graph, node.operation, { inputs, shape: node.shape });
