/**
 * Back-propagation through time (Werbos, 1990) as stages of a program.
 *
 * The forward loop keeps on a tape what the reverse loop cannot recompute elementwise: the state
 * before each step and the results of reductions. It also keeps vectors of functions that are slow to
 * compute. The reverse loop carries one adjoint a state. Gradients that are sums of outer products are
 * not added up in the loop: their two factors are kept, and one product over all steps (and sequences)
 * makes the gradient at the end.
 * In a program of segments the tape has room for one of them, see `checkpoints.ts`.
 */
import {
  add,
  batchSum,
  div,
  equal,
  floor,
  mul,
  outer,
  perSequence,
  reduce,
  stepIndex,
  sub,
  where,
} from "../program/language.ts";
import { broadcast, constant, type Node, reachable, type ReduceAxis } from "../program/node.ts";
import { isKeptOnTape, isReduction } from "../program/operations.ts";
import type { ProgramBuilder, StageBuilder } from "../program/program.ts";
import { transplanter } from "../program/transplant.ts";
import {
  type GradientPart,
  isSum,
  partsOf,
  type ProductPart,
  type SumPart,
  valuesOf,
} from "./gradient_parts.ts";
import { replay, restore, storeCheckpoint } from "./checkpoints.ts";
import { frontierOf, invariantsOf } from "./invariants.ts";
import { sumOverBatch, vjp } from "./vjp.ts";

/** One traced step, as far as gradients need it. */
export interface ScanStep {
  /** The state before the step. */
  readonly state: Readonly<Record<string, Node>>;
  /** The state after the step. */
  readonly nextState: Readonly<Record<string, Node>>;
  /** Loss of one sequence at this step. */
  readonly loss: Node;
}

/** The gradient of a trained slot, in a stage after the reverse loop; undefined if there is none. */
export type GradientOf = (stage: StageBuilder, slot: string) => Node | undefined;

/** What the forward loop was traced to; the nodes are of its graph. */
interface TracedForward {
  /** The adjoint of each state before the step, by the adjoints after it. */
  readonly adjoints: ReadonlyMap<string, Node>;
  /** Gradients of the frontier. */
  readonly parts: readonly GradientPart[];
  /** What is kept of the steps. */
  readonly tape: ReadonlySet<Node>;
  /** Factors that are the same at every step: a sum of vectors is enough (columns, fixed inputs). */
  readonly fixedFactors: ReadonlySet<Node>;
  readonly names: SlotNames;
}

/** How the slots of a procedure are called. */
interface SlotNames {
  /** The adjoint of a state. */
  adjoint(state: string): string;
  /** A forward value on the tape. */
  tape(node: Node): string;
  /** A factor of outer products; a forward value on the tape is not kept again. */
  factor(node: Node): string;
  /** What the reverse loop adds up. */
  sum(part: SumPart): string;
}

function slotNames(procedure: string, tape: ReadonlySet<Node>): SlotNames {
  const tapeName = (node: Node) =>
    `${procedure}/tape/${node.operation.op === "load" ? node.operation.slot.name : node.id}`;
  return {
    adjoint: (state) => `${procedure}/adjoint/${state}`,
    tape: tapeName,
    factor: (node) => tape.has(node) ? tapeName(node) : `${procedure}/factor/${node.id}`,
    sum: ({ of, sum }) => `${procedure}/sum/${of.id}/${sum.id}`,
  };
}

/**
 * Adds the forward loop, the turn and the reverse loop to a procedure; with checkpoints if the program has
 * segments (`Extents`).
 *
 * @param write traces one step into the forward loop and stores what it needs.
 * @param truncate gradients flow back over at most this many steps at a time (0: all of them).
 * @returns how to get gradients in the stages that follow.
 * @example
 * const gradientOf = throughTime(builder, "train", { write: (stage) => traceStep(stage) });
 * builder.stage("train", { name: "finish" }, (stage) => descend(stage, gradientOf(stage, "w")));
 */
export function throughTime(
  builder: ProgramBuilder,
  procedure: string,
  { write, truncate = 0 }: { write: (stage: StageBuilder) => ScanStep; truncate?: number },
): GradientOf {
  let step: ScanStep;
  let traced: TracedForward;
  const hasSegments = builder.extents.segment !== undefined;
  const [onward, back] = hasSegments ? ["forward", "reverse"] as const : [];
  builder.stage(procedure, { name: "forward", loop: "forward", segments: onward }, (stage) => {
    step = write(stage);
    traced = traceForward(stage, { builder, procedure, step });
    if (!hasSegments) return keepTape(stage, traced);
    // Added while `forward` is still being written, so it stands before it.
    builder.stage(procedure, { name: "checkpoint", segments: onward }, (stage) => {
      storeCheckpoint(stage, { builder, procedure, ...step });
    });
  });
  builder.stage(procedure, { name: "turn" }, (stage) => turn(stage, builder, traced));
  if (hasSegments) {
    builder.stage(procedure, { name: "restore", segments: back }, (stage) => {
      restore(stage, { builder, procedure, ...step });
    });
    builder.stage(procedure, { name: "replay", loop: "forward", segments: back }, (stage) => {
      keepTape(stage, traced, replay(stage, { procedure, ...step }));
    });
  }
  builder.stage(procedure, { name: "reverse", loop: "reverse", segments: back }, (stage) => {
    stepBack(stage, { builder, traced, truncate });
  });
  return (stage, slot) => gradientIn(stage, slot, traced);
}

/** Differentiates the step, and declares the tape of what the reverse loop needs of it. */
function traceForward(
  stage: StageBuilder,
  { builder, procedure, step: { state, nextState, loss } }: {
    builder: ProgramBuilder;
    procedure: string;
    step: ScanStep;
  },
): TracedForward {
  const tape = new Set<Node>();
  const names = slotNames(procedure, tape);
  for (const [name, { shape }] of Object.entries(state)) {
    builder.slot(names.adjoint(name), { kind: "state", shape, hasBatchAxis: true });
  }
  // A loss that the sequences share counts once for each, a scalar state for all its elements.
  const sequenceLoss = perSequence(loss);
  const next = Object.entries(nextState).map(([name, value]) =>
    [name, broadcast(value, state[name]!.shape)] as const
  );
  const roots = [...next.map(([, value]) => value), sequenceLoss];
  const nodes = reachable(roots);
  const fixed = invariantsOf(nodes);
  const frontier = frontierOf(nodes, { fixed, roots });
  const batchWeight = constant(stage.graph, 1 / builder.extents.sequences);
  const gradients = vjp(
    [
      { value: sequenceLoss, cotangent: batchWeight },
      ...next.map(([name, value]) => ({ value, cotangent: stage.load(names.adjoint(name)) })),
    ],
    [...Object.values(state), ...frontier],
  );
  const adjoints = new Map(
    Object.entries(state).map(([name, node]) =>
      [name, gradients.get(node)?.perSequence ?? constant(stage.graph, 0)] as const
    ),
  );
  const parts = frontier.flatMap((node) => {
    const gradient = gradients.get(node);
    return gradient ? partsOf(node, gradient) : [];
  });
  const needed = parts.flatMap(valuesOf);
  const forward = new Set(nodes);
  for (const node of tapeOf([...adjoints.values(), ...needed], { forward, fixed })) tape.add(node);
  const fixedFactors = invariantsOf(reachable(needed));
  const traced = { adjoints, parts, tape, fixedFactors, names };
  const factors = new Set(parts.flatMap((part) => isSum(part) ? [] : factorsOf(part, traced)));
  for (const node of tape) {
    const { shape, hasBatchAxis } = node;
    // The products at the end read their factors of all steps.
    const room = builder.extents.segment && !factors.has(node) ? "oneSegment" : undefined;
    builder.slot(names.tape(node), { kind: "tape", shape, hasBatchAxis, hasTimeAxis: true, room });
  }
  return traced;
}

/** Stores the tape of a step; `move` finds values of the forward step in the stage. */
function keepTape(
  stage: StageBuilder,
  { tape, names }: TracedForward,
  move = (node: Node) => node,
): void {
  for (const node of tape) stage.store(names.tape(node), move(node));
}

/** Whether a value of a forward step cannot be computed again elementwise, or not as cheaply as read. */
function isWorthTape({ operation, shape }: Node): boolean {
  return isReduction(operation.op) ||
    operation.op === "load" && operation.slot.kind === "state" ||
    isKeptOnTape(operation.op) && shape.length < 2;
}

/** The forward values that the reverse loop needs and that are kept for it. */
function tapeOf(
  roots: readonly Node[],
  { forward, fixed }: { forward: ReadonlySet<Node>; fixed: ReadonlySet<Node> },
): Set<Node> {
  const tape = new Set<Node>();
  const seen = new Set<Node>();
  const visit = (node: Node) => {
    if (seen.has(node)) return;
    seen.add(node);
    if (forward.has(node) && !fixed.has(node) && isWorthTape(node)) tape.add(node);
    else node.inputs.forEach(visit);
  };
  roots.forEach(visit);
  return tape;
}

/** Begins the way back: adjoints and sums are 0. */
function turn(
  stage: StageBuilder,
  builder: ProgramBuilder,
  { adjoints, parts, names }: TracedForward,
): void {
  for (const name of adjoints.keys()) stage.store(names.adjoint(name), 0);
  for (const part of parts.filter(isSum)) {
    const { of: { shape }, sum: { hasBatchAxis } } = part;
    builder.slot(names.sum(part), { kind: "state", shape, hasBatchAxis });
    stage.store(names.sum(part), 0);
  }
}

/** One step of the reverse loop: the adjoints before it, its sums, and the factors of its products. */
function stepBack(
  stage: StageBuilder,
  { builder, traced, truncate }: {
    builder: ProgramBuilder;
    traced: TracedForward;
    truncate: number;
  },
): void {
  const { adjoints, parts, tape, names } = traced;
  const move = transplanter(
    stage.graph,
    (node) => tape.has(node) ? stage.load(names.tape(node)) : undefined,
  );
  const time = stepIndex(constant(stage.graph, 0));
  const isCut = truncate > 0 && isMultiple(time, truncate);
  for (const [name, node] of adjoints) {
    stage.store(names.adjoint(name), isCut ? where(isCut, 0, move(node)) : move(node));
  }
  const kept = new Set<Node>(tape);
  for (const part of parts) {
    if (isSum(part)) {
      stage.store(names.sum(part), add(stage.load(names.sum(part)), move(part.sum)));
      continue;
    }
    for (const factor of factorsOf(part, traced)) {
      if (kept.has(factor)) continue;
      kept.add(factor);
      const { shape, hasBatchAxis } = factor;
      builder.slot(names.factor(factor), { kind: "tape", shape, hasBatchAxis, hasTimeAxis: true });
      stage.store(names.factor(factor), move(factor));
    }
  }
}

/** 1 at every `interval` steps from the first, else 0. */
function isMultiple(time: Node, interval: number): Node {
  // Devices may round a quotient down: half a step more keeps it above the whole number.
  return equal(sub(time, mul(interval, floor(div(add(time, 0.5), interval)))), 0);
}

/** Whether a sum of post vectors over the steps is enough, since pre is the same at all of them. */
const isSumOfVectors = (
  { post, pre }: ProductPart,
  { fixedFactors }: Pick<TracedForward, "fixedFactors">,
): boolean => fixedFactors.has(pre) && !fixedFactors.has(post) && post.hasBatchAxis;

/** The factors of a product that are kept of all steps. */
const factorsOf = (part: ProductPart, traced: Pick<TracedForward, "fixedFactors">): Node[] =>
  isSumOfVectors(part, traced) ? [part.post] : [part.post, part.pre];

/** The gradient of a slot in a stage after the loops. */
function gradientIn(stage: StageBuilder, slot: string, traced: TracedForward): Node | undefined {
  const parameter = stage.load(slot);
  const rebuild = transplanter(stage.graph, () => undefined);
  const seeds = traced.parts.map((part) => ({
    value: rebuild(part.of),
    cotangent: totalOf(part, stage, traced),
  })).filter(({ value }) => reachable([value]).includes(parameter));
  const gradient = vjp(seeds, [parameter]).get(parameter);
  if (!gradient) return undefined;
  return parameter.hasBatchAxis ? gradient.perSequence : sumOverBatch(gradient);
}

/** A part of a gradient, added up over all steps, and over the sequences if they share the value. */
function totalOf(part: GradientPart, stage: StageBuilder, traced: TracedForward): Node {
  const { names } = traced;
  if (isSum(part)) {
    const sum = stage.load(names.sum(part));
    return sum.hasBatchAxis && !part.of.hasBatchAxis ? batchSum(sum) : sum;
  }
  const axes: ReduceAxis[] = part.of.hasBatchAxis ? ["time"] : ["time", "sequence"];
  const post = stage.load(names.factor(part.post));
  if (isSumOfVectors(part, traced)) {
    const pre = transplanter(stage.graph, () => undefined)(part.pre);
    if (!pre.hasBatchAxis) return outer(reduce(post, { axes }), pre);
    const product = outer(reduce(post, { axes: ["time"] }), pre);
    return part.of.hasBatchAxis ? product : batchSum(product);
  }
  const pre = stage.load(names.factor(part.pre));
  return reduce(outer(post, pre), { axes });
}
