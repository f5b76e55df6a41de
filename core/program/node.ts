/**
 * The typed graph that everything is derived from: one node is one value of one step.
 *
 * Nodes are immutable. A graph stores equal expressions once, so two values are equal if they are the
 * same node.
 */
import { describeShape, sameShape, type Shape } from "../axes.ts";
import type { ElementwiseOp, Op } from "./operations.ts";

/** What a reduction runs over: the value's own axes, the batch, or (outside loops) the steps. */
export type ReduceAxis = "post" | "pre" | "sequence" | "time";

/** How random numbers are distributed: in [0, 1), or normally with mean 0 and deviation 1. */
export type Distribution = "uniform" | "normal";

/** Which random numbers a node draws. */
export interface Draw {
  /** Holds the keys: see `core/program/random_keys.ts`. */
  readonly slot: Slot;
  /** u32; other streams give independent numbers. */
  readonly stream: number;
  readonly distribution: Distribution;
}

/** What only some operations need to know besides their inputs. */
interface Details {
  readonly load: { readonly slot: Slot };
  readonly constant: { readonly value: number };
  readonly slice: { readonly start: number };
  readonly random: Draw;
  readonly reduce: { readonly kind: "sum" | "max"; readonly axes: readonly ReduceAxis[] };
}

type OperationOf<Name extends Op> = Name extends keyof Details
  ? { readonly op: Name } & Details[Name]
  : { readonly op: Name };

/** One of `operations`, with its details. */
export type Operation = OperationOf<Exclude<Op, ElementwiseOp>> | { readonly op: ElementwiseOp };

/** What a slot holds decides its life: which are saved, reset, uploaded, read back. */
export type SlotKind =
  /** Trained slow or fast weights: saved in checkpoints. */
  | "parameter"
  /** Drawn or given once and never changed: masks, feedback, rates. Saved. */
  | "constant"
  /** Moments and counters of an optimizer. Saved. */
  | "optimizer"
  /** Activity and traces: set anew at the start of every iteration. */
  | "state"
  /** Written by the host for every iteration. */
  | "input"
  /** Kept from the forward steps for the reverse steps and the deferred products. */
  | "tape"
  /** Read back by the host, one row an iteration. */
  | "metric";

/** A named place in memory, [K?, T?, P, B?, ...shape]. */
export interface Slot {
  /** Unique in its program. Names of parameters and states are those of the model. */
  readonly name: string;
  /** What it holds. */
  readonly kind: SlotKind;
  /** Its shape without the axes K, T, P and B. */
  readonly shape: Shape;
  /** Has the B axis. */
  readonly hasBatchAxis: boolean;
  /** Has the T axis. */
  readonly hasTimeAxis: boolean;
  /**
   * Of a slot with the T axis that stages use segment by segment: whether it has room for the steps of one segment
   * alone, [S, P, B?, ...shape], or for one value of each segment, [T / S, P, B?, ...shape]. Default: for all steps.
   */
  readonly room?: "oneSegment" | "eachSegment";
  /** Has the K axis: one entry for every iteration of a chunk (inputs and metrics). */
  readonly hasChunkAxis: boolean;
  /** The diagonal keeps its first value whatever is learned. */
  readonly fixedDiagonal?: boolean;
  /** Of an input: its name in the task, where that is not its own. */
  readonly given?: string;
  /** Of an input: what it is where the task does not give it; without, the task has to. */
  readonly missing?: number;
}

/** A value of one step: a scalar, vector(n) or matrix(post, pre) of one sequence. */
export interface Node {
  /** Its number in the graph; inputs have smaller ones. */
  readonly id: number;
  /**
   * What it computes. Only core reads it.
   *
   * @ignore
   */
  readonly operation: Operation;
  /** What it is computed from. */
  readonly inputs: readonly Node[];
  /** Scalar `[]`, vector `[n]` or matrix `[post, pre]`. */
  readonly shape: Shape;
  /** Whether the value differs between sequences (else it is one per replica). */
  readonly hasBatchAxis: boolean;
  /** Whether the value still carries the T axis (loads of per-step slots outside a loop). */
  readonly hasTimeAxis: boolean;
  /** The graph of its stage; values of two stages cannot be combined. */
  readonly graph: Graph;
}

/** The nodes of one stage. Equal ones are stored once. */
export interface Graph {
  /** Inside a loop over steps a per-step slot is read at t; outside it is read whole. */
  readonly insideLoop: boolean;
  /** B, for means over the batch. */
  readonly sequences: number;
  /** Every node, by number. */
  readonly nodes: Node[];
  /** Every node, by its operation, inputs and shape as text. */
  readonly byKey: Map<string, Node>;
  /** Layers recorded by `linear`, in the order of the equations. */
  readonly layers: LinearLayer[];
  /** Who asked for each node last, while a trace is run again to find a line (`placeOf`). */
  places?: Map<Node, Error> | undefined;
}

/** What a layer is for, as far as a local learning rule has to know. */
export type LayerRole =
  /** Inside the network: a local rule projects the output error to it. */
  | "hidden"
  /** Makes the next recurrent activity. */
  | "recurrent"
  /** Makes the output: its error is the output error. */
  | "output"
  /** A second output that adds to the error (self-gradient). */
  | "selfGradient";

/** Where and how fast the weights of a layer change inside a sequence; all [post, pre]. */
export interface Plasticity {
  /** 1 on highly plastic weights, else 0. */
  readonly mask: Node;
  /** Factor on the update: plast_clip on the mask, 1 elsewhere. */
  readonly rate: Node;
  /** Share of a weight that is lost before every update. */
  readonly forgetting: Node;
  /** 1 - forgetting, where it has been computed already. */
  readonly keep?: Node;
}

/** One recorded layer: output = weight · input + bias, activity = f(output). */
export interface LinearLayer {
  /** Unique in its model. */
  readonly name: string;
  /** What it is for. */
  readonly role: LayerRole;
  /** W, [post, pre]. */
  readonly weight: Node;
  /** b, [post]. */
  readonly bias: Node | undefined;
  /** x, [pre]. */
  readonly input: Node;
  /** W x + b, [post]. */
  readonly output: Node;
  /** f(W x + b), [post]; undefined: the layer does not say its activation function f. */
  readonly activity?: Node;
  /** How its fast weights change; undefined: they are slow. */
  readonly plasticity: Plasticity | undefined;
}

/** A graph without nodes. */
export function createGraph(insideLoop: boolean, sequences = 1): Graph {
  return { insideLoop, sequences, nodes: [], byKey: new Map(), layers: [] };
}

/** An operation as text; equal operations have equal texts, in any graph. */
export function operationKey(operation: Operation): string {
  switch (operation.op) {
    case "load":
      return `load ${operation.slot.name}`;
    case "constant":
      return `constant ${Object.is(operation.value, -0) ? "-0" : operation.value}`;
    case "slice":
      return `slice ${operation.start}`;
    case "reduce":
      return `reduce ${operation.kind} ${operation.axes.join()}`;
    case "random":
      return `random ${operation.distribution} ${operation.stream} ${operation.slot.name}`;
    default:
      return operation.op;
  }
}

/**
 * Adds a node, or returns the equal one that the graph already has.
 *
 * @throws TypeError if an input belongs to another graph, where its number means another node.
 */
export function addNode(
  graph: Graph,
  operation: Operation,
  { inputs, shape }: { inputs: readonly Node[]; shape: Shape },
): Node {
  if (inputs.some((input) => input.graph !== graph)) {
    throw new TypeError(`${operation.op}: got a value of another stage; load it in this one`);
  }
  const key = `${operationKey(operation)}|${inputs.map(({ id }) => id).join()}|${shape.join()}`;
  const equal = graph.byKey.get(key);
  if (equal) {
    graph.places?.set(equal, new Error());
    return equal;
  }
  const axes = operation.op === "reduce" ? operation.axes : [];
  const node: Node = {
    id: graph.nodes.length,
    operation,
    inputs,
    shape,
    hasBatchAxis: operation.op === "load" || operation.op === "random"
      ? operation.slot.hasBatchAxis
      : operation.op === "perSequence" ||
        operation.op === "sequence" ||
        inputs.some((input) => input.hasBatchAxis) && !axes.includes("sequence"),
    hasTimeAxis: operation.op === "load"
      ? operation.slot.hasTimeAxis && !graph.insideLoop
      : inputs.some((input) => input.hasTimeAxis) && !axes.includes("time"),
    graph,
  };
  graph.nodes.push(node);
  graph.byKey.set(key, node);
  return node;
}

/** What a slot holds when the stage begins. */
export function loadSlot(graph: Graph, slot: Slot): Node {
  return addNode(graph, { op: "load", slot }, { inputs: [], shape: slot.shape });
}

/** A number in a graph: scalar. */
export function constant(graph: Graph, value: number): Node {
  return addNode(graph, { op: "constant", value }, { inputs: [], shape: [] });
}

/**
 * Repeats a value along axes where its extent is 1 or missing.
 *
 * @throws RangeError if the shapes do not fit so.
 */
export function broadcast(node: Node, shape: Shape): Node {
  if (sameShape(node.shape, shape)) return node;
  const fits = node.shape.length === 0 ||
    node.shape.length === shape.length &&
      node.shape.every((extent, axis) => extent === 1 || extent === shape[axis]);
  if (!fits) {
    throw new RangeError(
      `cannot broadcast ${describeShape(node.shape)} to ${describeShape(shape)}`,
    );
  }
  return addNode(node.graph, { op: "broadcast" }, { inputs: [node], shape });
}

/** The number that every element of a node is, if the graph says so: a constant, or one repeated. */
export function numberOf(node: Node): number | undefined {
  if (node.operation.op === "constant") return node.operation.value;
  return node.operation.op === "broadcast" ? numberOf(node.inputs[0]!) : undefined;
}

/** The nodes that `roots` need, inputs before users. */
export function reachable(roots: Iterable<Node>): Node[] {
  const seen = new Set<Node>();
  const stack = [...roots];
  while (stack.length > 0) {
    const node = stack.pop()!;
    if (seen.has(node)) continue;
    seen.add(node);
    stack.push(...node.inputs);
  }
  // Ids grow in creation order, and a node is created after its inputs.
  return [...seen].sort((a, b) => a.id - b.id);
}
