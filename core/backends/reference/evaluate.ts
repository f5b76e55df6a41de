/**
 * Evaluates one node at a time in float64: the plain meaning of every operation, in loops.
 *
 * A value is an array [T?, P, B?, ...shape] with a stride per axis. A value without an axis has the
 * stride 0 there: shared values are read again for every sequence, not copied.
 */
import { type Extents, sizeOf } from "../../axes.ts";
import type { Draw, Node } from "../../program/node.ts";
import { isElementwise, isMovement, meaningOf } from "../../program/operations.ts";
import { drawNumber, KEY_SIZE } from "../../program/random_keys.ts";

/** Where the value of a node lies. */
export interface ArrayView {
  array: Float64Array;
  /** Index of the first element; that of a load moves with every step. */
  base: number;
  readonly timeStride: number;
  readonly replicaStride: number;
  readonly sequenceStride: number;
}

/** The iteration and step that are running; the engine advances them. */
export interface Clock {
  iteration: number;
  step: number;
}

/** Number of elements of a node's value: T? P B? size(shape). */
export const viewSize = (node: Node, { replicas, sequences, steps }: Extents): number =>
  sizeOf(node.shape) * (node.hasBatchAxis ? sequences : 1) * replicas *
  (node.hasTimeAxis ? steps : 1);

/** Allocates the value of a node. */
export function allocate(node: Node, extents: Extents): ArrayView {
  const { replicas, sequences } = extents;
  const size = sizeOf(node.shape);
  const sequenceStride = node.hasBatchAxis ? size : 0;
  const replicaStride = node.hasBatchAxis ? size * sequences : size;
  const timeStride = node.hasTimeAxis ? replicaStride * replicas : 0;
  const array = new Float64Array(viewSize(node, extents));
  return { array, base: 0, timeStride, replicaStride, sequenceStride };
}

/** Computes the elements of one step, replica and sequence, from the offsets of result and inputs. */
type Block = (o: number, a: number, b: number, c: number) => void;

interface Arrays {
  readonly target: Float64Array;
  readonly inputs: readonly Float64Array[];
}

interface Evaluation {
  readonly out: ArrayView;
  readonly inputs: readonly ArrayView[];
  readonly extents: Extents;
  readonly clock: Clock;
}

/** Makes the function that computes a node into `out`, from the views of its inputs. */
export function evaluator(node: Node, evaluation: Evaluation): () => void {
  const { out, inputs, extents, clock } = evaluation;
  const { operation } = node;
  const target = out.array;
  const sequences = node.hasBatchAxis ? extents.sequences : 1;
  switch (operation.op) {
    case "load":
      throw new TypeError("A load is read in place");
    case "constant":
      target.fill(operation.value);
      return () => {};
    case "sequence":
      return () => {
        for (let index = 0; index < target.length; index++) target[index] = index % sequences;
      };
    case "iota":
      return everywhere(node, evaluation, (o) => {
        for (let i = 0; i < node.shape[0]!; i++) target[o + i] = i;
      });
    case "step":
      return everywhere(node, evaluation, (o) => {
        target[o] = clock.step;
      });
    case "random":
      return draws(node, operation, evaluation);
    case "concat":
      return concatenation(node, { out, inputs, extents });
    case "reduce":
      return reduction(node, { out, input: inputs[0]!, extents });
  }
  const arrays = { target, inputs: inputs.map(({ array }) => array) };
  return everywhere(node, evaluation, blockOf(node, arrays));
}

/** Makes the function that draws random numbers; the view of the keys stands in place of an input. */
function draws(node: Node, draw: Draw, evaluation: Evaluation): () => void {
  const { out, inputs: [keys], clock } = evaluation;
  const size = sizeOf(node.shape);
  return everywhere(node, evaluation, (o, a) => {
    const key = keys!.array.subarray(a, a + KEY_SIZE);
    for (let i = 0; i < size; i++) {
      out.array[o + i] = drawNumber(draw, { key, element: i, step: clock.step });
    }
  });
}

/** Makes the function that calls `block` for every (t, p, b). */
function everywhere(node: Node, { out, inputs, extents }: Evaluation, block: Block): () => void {
  const steps = node.hasTimeAxis ? extents.steps : 1;
  const sequences = node.hasBatchAxis ? extents.sequences : 1;
  const offset = (view: ArrayView | undefined, t: number, p: number, b: number) =>
    view ? view.base + t * view.timeStride + p * view.replicaStride + b * view.sequenceStride : 0;
  return () => {
    for (let t = 0; t < steps; t++) {
      for (let p = 0; p < extents.replicas; p++) {
        for (let b = 0; b < sequences; b++) {
          block(
            offset(out, t, p, b),
            offset(inputs[0], t, p, b),
            offset(inputs[1], t, p, b),
            offset(inputs[2], t, p, b),
          );
        }
      }
    }
  };
}

/** A movement reads its element (i, j) at start + i row + j column of its input. */
interface Source {
  readonly row: number;
  readonly column: number;
  readonly start: number;
}

const sameOrder = (columns: number): Source => ({ row: columns, column: 1, start: 0 });

/** Rows and columns of a value; a vector is one row. */
const sizesOf = ({ shape }: Node): readonly [number, number] =>
  shape.length === 2 ? shape : [1, shape[0] ?? 1];

function sourceOf(node: Node): Source {
  const { operation, inputs: [input] } = node;
  const [rows, columns] = sizesOf(node);
  switch (operation.op) {
    case "broadcast": {
      const [sourceRows, sourceColumns] = sizesOf(input!);
      return {
        row: sourceRows === 1 ? 0 : sourceColumns,
        column: sourceColumns === 1 ? 0 : 1,
        start: 0,
      };
    }
    case "transpose":
      return { row: 1, column: rows, start: 0 };
    case "slice":
      return { ...sameOrder(columns), start: operation.start };
    case "reshape":
    case "perSequence":
    case "stopGradient":
      return sameOrder(columns);
    default:
      throw new TypeError(`A ${operation.op} is no movement of one input`);
  }
}

function movement(node: Node, { target, inputs }: Arrays): Block {
  const [rows, columns] = sizesOf(node);
  const { row, column, start } = sourceOf(node);
  const [x] = inputs as [Float64Array];
  return (o, a) => {
    for (let i = 0; i < rows; i++) {
      for (let j = 0; j < columns; j++) {
        target[o + i * columns + j] = x[a + start + i * row + j * column]!;
      }
    }
  };
}

function blockOf(node: Node, arrays: Arrays): Block {
  const { op } = node.operation;
  if (op === "matmul") return matrixProduct(node, arrays);
  return isMovement(op) ? movement(node, arrays) : elementwise(node, arrays);
}

function elementwise({ operation, shape }: Node, { target, inputs }: Arrays): Block {
  if (!isElementwise(operation.op)) throw new TypeError(`Unexpected ${operation.op}`);
  const f = meaningOf(operation.op);
  const size = sizeOf(shape);
  const [x, y, z] = inputs as [Float64Array, Float64Array, Float64Array];
  if (inputs.length === 1) {
    return (o, a) => {
      for (let i = 0; i < size; i++) target[o + i] = f(x[a + i]!);
    };
  }
  if (inputs.length === 2) {
    return (o, a, b) => {
      for (let i = 0; i < size; i++) target[o + i] = f(x[a + i]!, y[b + i]!);
    };
  }
  return (o, a, b, c) => {
    for (let i = 0; i < size; i++) target[o + i] = f(x[a + i]!, y[b + i]!, z[c + i]!);
  };
}

function concatenation(
  node: Node,
  { out, inputs, extents }: { out: ArrayView; inputs: readonly ArrayView[]; extents: Extents },
): () => void {
  let start = 0;
  const parts = node.inputs.map((part, index) => {
    const copy = evaluator(
      {
        ...part,
        operation: { op: "reshape" },
        inputs: [part],
        hasBatchAxis: node.hasBatchAxis,
        hasTimeAxis: node.hasTimeAxis,
      },
      {
        out: { ...out, base: start },
        inputs: [inputs[index]!],
        extents,
        clock: { iteration: 0, step: 0 },
      },
    );
    start += part.shape[0]!;
    return copy;
  });
  return () => parts.forEach((copy) => copy());
}

function matrixProduct(node: Node, { target, inputs }: Arrays): Block {
  const [rows, columns] = sizesOf(node);
  const [, shared] = sizesOf(node.inputs[0]!);
  const [x, y] = inputs as [Float64Array, Float64Array];
  return (o, a, b) => {
    for (let i = 0; i < rows; i++) {
      for (let j = 0; j < columns; j++) {
        let sum = 0;
        for (let q = 0; q < shared; q++) sum += x[a + i * shared + q]! * y[b + q * columns + j]!;
        target[o + i * columns + j] = sum;
      }
    }
  };
}

function reduction(
  node: Node,
  { out, input, extents }: { out: ArrayView; input: ArrayView; extents: Extents },
): () => void {
  if (node.operation.op !== "reduce") throw new TypeError("Expected a reduction");
  const { axes, kind } = node.operation;
  const source = node.inputs[0]!;
  const size = sizeOf(node.shape);
  const [rows, columns] = source.shape.length === 2 ? source.shape : [source.shape[0] ?? 1, 1];
  // Along "pre" the reduced elements are neighbours, along "post" a row apart.
  const length = axes.includes("pre") ? columns : axes.includes("post") ? rows : 1;
  const stride = axes.includes("pre") ? 1 : columns;
  const next = axes.includes("pre") ? columns : 1;
  const innerSteps = axes.includes("time") && source.hasTimeAxis ? extents.steps : 1;
  const innerSequences = axes.includes("sequence") ? extents.sequences : 1;
  return () => {
    for (let t = 0; t < (node.hasTimeAxis ? extents.steps : 1); t++) {
      for (let p = 0; p < extents.replicas; p++) {
        for (let b = 0; b < (node.hasBatchAxis ? extents.sequences : 1); b++) {
          const o = out.base + t * out.timeStride + p * out.replicaStride + b * out.sequenceStride;
          for (let i = 0; i < size; i++) {
            let result = kind === "sum" ? 0 : -Infinity;
            for (let s = 0; s < innerSteps; s++) {
              for (let q = 0; q < innerSequences; q++) {
                const a = input.base + (t + s) * input.timeStride + p * input.replicaStride +
                  (b + q) * input.sequenceStride + i * next;
                for (let j = 0; j < length; j++) {
                  const value = input.array[a + j * stride]!;
                  result = kind === "sum" ? result + value : Math.max(result, value);
                }
              }
            }
            out.array[o + i] = result;
          }
        }
      }
    }
  };
}
