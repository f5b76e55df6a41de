/**
 * One node at a time in float64: the plain meaning of every operation, in loops.
 *
 * A value is laid out [T?, P, B?, ...shape]; `ArrayView` says where, so that shared values are
 * read again for every sequence instead of being copied.
 */
import { type Extents, sizeOf } from "../../axes.ts";
import type { Node } from "../../program/node.ts";
import { meaningOf } from "../../program/operations.ts";

export interface ArrayView {
  array: Float64Array;
  /** First element; loads move it every step. */
  base: number;
  readonly timeStride: number;
  readonly replicaStride: number;
  readonly sequenceStride: number;
}

/** The iteration and step that run; the engine moves it on. */
export interface Clock {
  iteration: number;
  step: number;
}

/** Numbers in a node's value. */
export const viewSize = (node: Node, { replicas, sequences, steps }: Extents): number =>
  sizeOf(node.shape) * (node.hasBatchAxis ? sequences : 1) * replicas *
  (node.hasTimeAxis ? steps : 1);

/** Makes room for a node's value. */
export function allocate(node: Node, extents: Extents): ArrayView {
  const { replicas, sequences } = extents;
  const size = sizeOf(node.shape);
  const sequenceStride = node.hasBatchAxis ? size : 0;
  const replicaStride = node.hasBatchAxis ? size * sequences : size;
  const timeStride = node.hasTimeAxis ? replicaStride * replicas : 0;
  const array = new Float64Array(viewSize(node, extents));
  return { array, base: 0, timeStride, replicaStride, sequenceStride };
}

/** Makes the function that computes a node into `out` from the views of its inputs. */
export function evaluator(
  node: Node,
  { out, inputs, extents, clock }: {
    out: ArrayView;
    inputs: readonly ArrayView[];
    extents: Extents;
    clock: Clock;
  },
): () => void {
  const { operation, shape } = node;
  const size = sizeOf(shape);
  const steps = node.hasTimeAxis ? extents.steps : 1;
  const sequences = node.hasBatchAxis ? extents.sequences : 1;

  /** Calls `body` with the offsets of the result and of each input, for every (t, p, b). */
  function everywhere(body: (o: number, a: number, b: number, c: number) => void): () => void {
    const offset = (view: ArrayView | undefined, t: number, p: number, b: number) =>
      view ? view.base + t * view.timeStride + p * view.replicaStride + b * view.sequenceStride : 0;
    return () => {
      for (let t = 0; t < steps; t++) {
        for (let p = 0; p < extents.replicas; p++) {
          for (let b = 0; b < sequences; b++) {
            body(
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

  const target = out.array;
  const [x, y, z] = inputs.map((view) => view.array) as [
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  switch (operation.op) {
    case "load":
      throw new TypeError("A load is read in view");
    case "constant":
      target.fill(operation.value);
      return () => {};
    case "iota":
      return everywhere((o) => {
        for (let i = 0; i < size; i++) target[o + i] = i;
      });
    case "step":
      return everywhere((o) => {
        target[o] = clock.step;
      });
    case "sequence":
      return () => {
        for (let index = 0; index < target.length; index++) target[index] = index % sequences;
      };
    case "broadcast": {
      const source = node.inputs[0]!.shape;
      const [rows = 1, columns = 1] = shape.length === 2 ? shape : [1, ...shape];
      const columnStride = source.at(-1) === undefined || source.at(-1) === 1 ? 0 : 1;
      const rowStride = source.length < 2 || source[0] === 1 ? 0 : source[1]!;
      return everywhere((o, a) => {
        for (let i = 0; i < rows; i++) {
          for (let j = 0; j < columns; j++) {
            target[o + i * columns + j] = x[a + i * rowStride + j * columnStride]!;
          }
        }
      });
    }
    case "transpose": {
      const [rows, columns] = shape as readonly [number, number];
      return everywhere((o, a) => {
        for (let i = 0; i < rows; i++) {
          for (let j = 0; j < columns; j++) target[o + i * columns + j] = x[a + j * rows + i]!;
        }
      });
    }
    case "slice":
      return everywhere((o, a) => {
        for (let i = 0; i < size; i++) target[o + i] = x[a + operation.start + i]!;
      });
    case "concat":
      return concatenation(node, { out, inputs, extents });
    case "reduce":
      return reduction(node, { out, input: inputs[0]!, extents });
    case "reshape":
    case "perSequence":
    case "stopGradient":
      return everywhere((o, a) => {
        for (let i = 0; i < size; i++) target[o + i] = x[a + i]!;
      });
    default: {
      const f = meaningOf(operation.op);
      if (node.inputs.length === 1) {
        return everywhere((o, a) => {
          for (let i = 0; i < size; i++) target[o + i] = f(x[a + i]!);
        });
      }
      if (node.inputs.length === 2) {
        return everywhere((o, a, b) => {
          for (let i = 0; i < size; i++) target[o + i] = f(x[a + i]!, y[b + i]!);
        });
      }
      return everywhere((o, a, b, c) => {
        for (let i = 0; i < size; i++) target[o + i] = f(x[a + i]!, y[b + i]!, z[c + i]!);
      });
    }
  }
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
