/**
 * Products of a small matrix, which all sequences share and which is the same at every step, with a vector of the
 * step: the matrix is transposed once, before the loop, and the loop adds up columns. A sum along a row has to be
 * added up across the lanes of a vector at its end; a sum of columns does not, and its lanes read neighbours.
 */
import { type Extents, sizeOf } from "../axes.ts";
import { addNode, broadcast, createGraph, type Node, reachable } from "../program/node.ts";
import type { Stage } from "../program/program.ts";
import { transplanter } from "../program/transplant.ts";

/** Most elements of a matrix whose columns are added up in registers, from the nearest cache. */
const MOST_ELEMENTS = 1 << 14;
/** Least products with a matrix that are worth transposing it: they save as much as that takes. */
const LEAST_PRODUCTS = 32;
/** Least columns of a transposed matrix: a pair of vectors. */
const LEAST_COLUMNS = 8;

/** A matrix, and the vector that it is multiplied with. */
interface Product {
  readonly matrix: Node;
  readonly vector: Node;
}

/** The factors of a sum over the columns of matrix times row vector. */
function productOf({ operation, inputs }: Node, isInvariant: (node: Node) => boolean) {
  if (operation.op !== "reduce" || operation.kind !== "sum" || operation.axes.join() !== "pre") {
    return undefined;
  }
  const [operand] = inputs;
  if (operand!.operation.op !== "multiply") return undefined;
  const [a, b] = operand!.inputs as [Node, Node];
  for (const [matrix, row] of [[a, b], [b, a]] as const) {
    const vector = vectorOfRow(row);
    const isSmall = matrix.shape[0]! >= LEAST_COLUMNS && sizeOf(matrix.shape) <= MOST_ELEMENTS;
    if (vector && isSmall && !matrix.hasBatchAxis && isInvariant(matrix)) {
      return { matrix, vector } satisfies Product;
    }
  }
  return undefined;
}

/** The vector that a matrix repeats in every row; undefined if it is another matrix. */
function vectorOfRow({ operation, inputs, shape }: Node): Node | undefined {
  const row = operation.op === "broadcast" ? inputs[0]! : undefined;
  const isRow = row?.operation.op === "reshape" && row.shape[0] === 1 && row.shape[1] === shape[1];
  const vector = isRow ? row.inputs[0]! : undefined;
  return vector?.shape.length === 1 ? vector : undefined;
}

/** Shared matrices that a stage reads transposed to add up their columns: they are worth a place of their own. */
export function transposedMatrices(nodes: readonly Node[]): Node[] {
  return nodes.filter((node) => {
    const [product] = node.inputs;
    return node.operation.op === "reduce" && node.operation.axes.join() === "post" &&
      product!.operation.op === "multiply";
  }).flatMap((node) => node.inputs[0]!.inputs).filter(({ operation, hasBatchAxis }) =>
    operation.op === "transpose" && !hasBatchAxis
  );
}

/**
 * The stage with such products turned; its sums are in another order.
 *
 * @param invariant the nodes whose value is the same at every step.
 */
export function turnProducts(
  stage: Stage,
  invariant: ReadonlySet<Node>,
  { sequences, steps }: Extents,
): Stage {
  if (sequences * steps < LEAST_PRODUCTS) return stage;
  const nodes = reachable(stage.stores.map(({ value }) => value));
  const productOfSum = (node: Node) => productOf(node, (factor) => invariant.has(factor));
  if (!nodes.some(productOfSum)) return stage;
  const old = stage.stores[0]!.value.graph;
  const graph = createGraph(old.insideLoop, old.sequences);
  const move = transplanter(graph, (node) => {
    const product = productOfSum(node);
    if (!product) return undefined;
    const [rows, columns] = product.matrix.shape as readonly [number, number];
    const shape = [columns, rows] as const;
    const matrix = addNode(graph, { op: "transpose" }, { inputs: [move(product.matrix)], shape });
    const column = addNode(graph, { op: "reshape" }, {
      inputs: [move(product.vector)],
      shape: [columns, 1],
    });
    const operand = addNode(graph, { op: "multiply" }, {
      inputs: [matrix, broadcast(column, shape)],
      shape,
    });
    return addNode(graph, { op: "reduce", kind: "sum", axes: ["post"] }, {
      inputs: [operand],
      shape: [rows],
    });
  });
  const stores = stage.stores.map(({ slot, value }) => ({ slot, value: move(value) }));
  return { ...stage, stores };
}
