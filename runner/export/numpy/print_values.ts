/** Values of a stage as lines of Python: one assignment for each value that is used more than once. */
import type { Shape } from "../../../core/axes.ts";
import type { Node, Operation } from "../../../core/program/node.ts";
import { isElementwise } from "../../../core/program/operations.ts";
import { operationText } from "./operation_text.ts";

export interface PrintedValues {
  /** Assignments, in order. */
  readonly lines: readonly string[];
  /** An expression for each of the values. */
  readonly texts: readonly string[];
}

/** Longer expressions get a name of their own. */
const LONGEST = 100;

/**
 * Prints what values are made of, for one sequence: a value of shape [...shape] is an array of it.
 *
 * @param load the expression for what a slot holds.
 * @throws RangeError for an operation on a whole batch, which one sequence does not have.
 */
export function printValues(
  values: readonly Node[],
  load: (slot: string) => string,
): PrintedValues {
  const uses = new Map<Node, number>();
  const use = (node: Node): void => {
    const before = uses.get(node) ?? 0;
    uses.set(node, before + 1);
    if (before === 0) operandsOf(node).forEach(use);
  };
  values.forEach(use);
  // A node has a larger number than what it is computed from.
  const nodes = [...uses.keys()].sort((a, b) => a.id - b.id);
  const texts = new Map<Node, string>();
  const lines: string[] = [];
  for (const node of nodes) {
    const text = expression(node, { load, textOf: (input) => texts.get(input)! });
    const isNamed = !isShort(node) && (uses.get(node)! > 1 || text.length > LONGEST);
    if (isNamed) lines.push(`v${node.id} = ${text}`);
    texts.set(node, isNamed ? `v${node.id}` : text);
  }
  return { lines, texts: values.map((value) => texts.get(value)!) };
}

/** Whether a value is as short as a name, and as quickly computed. */
const isShort = ({ operation: { op } }: Node): boolean =>
  op === "load" || op === "constant" || op === "step" || op === "sequence";

interface Context {
  readonly load: (slot: string) => string;
  readonly textOf: (node: Node) => string;
}

function expression(node: Node, { load, textOf }: Context): string {
  const { operation, inputs, shape } = node;
  const { op } = operation;
  const operands = operandsOf(node).map(textOf);
  const [first = "", second = "", third = ""] = operands;
  if (isElementwise(op)) return operationText[op](first, second, third);
  switch (operation.op) {
    case "load":
      return load(operation.slot.name);
    case "constant":
      return constantText(operation.value);
    case "iota":
      return `np.arange(${shape[0]}.0)`;
    case "step":
      return "t";
    case "sequence":
      return "0";
    case "random":
      return operation.distribution === "normal"
        ? `random.standard_normal(${tuple(shape)})`
        : `random.random(${tuple(shape)})`;
    case "broadcast":
      return `np.broadcast_to(${first}, ${tuple(shape)})`;
    case "reshape":
      return `np.reshape(${first}, ${tuple(shape)})`;
    case "transpose":
      return `np.transpose(${first})`;
    case "slice":
      return `${first}[${operation.start}:${operation.start + shape[0]!}]`;
    case "concat":
      return `np.concatenate([${operands.join(", ")}])`;
    case "perSequence":
    case "stopGradient":
      return first;
    case "matmul":
      return `(${first} @ ${second})`;
    case "reduce":
      if (matrixVector(node)) return `(${first} @ ${second})`;
      return reduction(operation, { of: inputs[0]!, text: first });
    default:
      throw new RangeError(`the operation ${op} has no text for NumPy`);
  }
}

/** What the text of a value is made of. NumPy repeats elements along axes that another operand has by itself. */
function operandsOf(node: Node): readonly Node[] {
  const { operation: { op }, inputs, shape } = node;
  if (!isElementwise(op)) return matrixVector(node) ?? inputs;
  const operands = inputs.map(withoutBroadcast);
  const axes = Math.max(...operands.map((operand) => operand.shape.length));
  const spread = Array.from(
    { length: axes },
    (_, axis) =>
      Math.max(
        ...operands.map((operand) => operand.shape[operand.shape.length - axes + axis] ?? 1),
      ),
  );
  return spread.join() === shape.join() ? operands : inputs;
}

/** The matrix [post, pre] and the vector [pre] of a product that is written as a sum; undefined for other values. */
function matrixVector({ operation, inputs: [product] }: Node): readonly [Node, Node] | undefined {
  if (operation.op !== "reduce" || operation.kind !== "sum" || operation.axes.join() !== "pre") {
    return undefined;
  }
  if (product!.operation.op !== "multiply" || product!.shape.length !== 2) return undefined;
  const [matrix, spread] = product!.inputs as [Node, Node];
  const row = withoutBroadcast(spread);
  const vector = row.operation.op === "reshape" ? row.inputs[0]! : row;
  const fits = vector.shape.length === 1 && vector.shape[0] === product!.shape[1] &&
    row.shape[0] === 1 && withoutBroadcast(matrix).shape.join() === product!.shape.join();
  return fits ? [matrix, vector] : undefined;
}

/** What a value repeats. */
export const withoutBroadcast = (node: Node): Node =>
  node.operation.op === "broadcast" ? withoutBroadcast(node.inputs[0]!) : node;

function reduction(
  { kind, axes }: Extract<Operation, { op: "reduce" }>,
  { of, text }: { of: Node; text: string },
): string {
  if (axes.includes("time")) throw new RangeError("a sum over all steps is no value of a step");
  // A batch of one sequence is that sequence, and no more than one of the value's own axes is summed over.
  const own = axes.find((axis) => axis !== "sequence");
  if (own === undefined) return text;
  const axis = of.shape.length === 2 && own === "pre" ? 1 : 0;
  return `np.${kind}(${text}, axis=${axis})`;
}

function constantText(value: number): string {
  if (Number.isNaN(value)) return "np.nan";
  if (!Number.isFinite(value)) return value > 0 ? "np.inf" : "(-np.inf)";
  const text = Object.is(value, -0)
    ? "-0.0"
    : Number.isInteger(value) && Math.abs(value) < 1e15
    ? `${value}.0`
    : String(value);
  return text.startsWith("-") ? `(${text})` : text;
}

/** A shape as a tuple of Python. */
export const tuple = (shape: Shape): string =>
  shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(", ")})`;
