/**
 * Back-propagation through time (Werbos, 1990) as stages of a program.
 *
 * The forward loop keeps on a tape what the reverse loop cannot recompute elementwise, the state
 * before each step and the results of reductions, and vectors of functions that are slow to compute.
 * The reverse loop carries one adjoint a state. Gradients that are sums of outer products are not
 * added up in the loop: their two factors are kept, and one product over all steps (and sequences)
 * makes the gradient at the end.
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
import { isKeptOnTape } from "../program/operations.ts";
import type { ProgramBuilder, StageBuilder } from "../program/program.ts";
import { type OuterProduct, separate, terms } from "../program/rewrite/outer_products.ts";
import { transplanter } from "../program/transplant.ts";
import { frontierOf, invariantsOf } from "./invariants.ts";
import { type Gradient, sumOverBatch, vjp } from "./vjp.ts";

/** One traced step, as far as gradients need it. */
export interface ScanStep {
  readonly state: Readonly<Record<string, Node>>;
  readonly nextState: Readonly<Record<string, Node>>;
  /** Loss of one sequence at this step. */
  readonly loss: Node;
}

/** The gradient of a trained slot, in a stage after the reverse loop; undefined if there is none. */
export type GradientOf = (stage: StageBuilder, slot: string) => Node | undefined;

/** A part of the gradient of one invariant value. */
type Piece =
  & { readonly of: Node }
  & (
    /** Σ over steps (and sequences) of post ⊗ pre. */
    | { readonly post: Node; readonly pre: Node }
    /** Added up in the loop. */
    | { readonly sum: Node }
  );

function piecesOf(node: Node, { perSequence, shared }: Gradient): Piece[] {
  const pieces: Piece[] = [];
  const rest: Node[] = [];
  for (const term of perSequence ? terms(perSequence) : []) {
    const product = separate(term);
    if (product) pieces.push({ of: node, ...product });
    else rest.push(term);
  }
  if (rest.length > 0) pieces.push({ of: node, sum: rest.reduce((a, b) => add(a, b)) });
  if (shared) pieces.push({ of: node, sum: shared });
  return pieces;
}

/** Whether a value of a forward step cannot be computed again elementwise, or not as cheaply as read. */
function isWorthTape({ operation, shape }: Node): boolean {
  return operation.op === "reduce" ||
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

/**
 * Adds the forward loop, the turn and the reverse loop to a procedure.
 *
 * @param write traces one step into the forward loop and stores what it needs.
 * @param truncate gradients flow back over at most this many steps at a time (0: all of them).
 * @returns how to get gradients in the stages that follow.
 */
export function throughTime(
  builder: ProgramBuilder,
  procedure: string,
  { write, truncate = 0 }: { write: (stage: StageBuilder) => ScanStep; truncate?: number },
): GradientOf {
  const adjoint = (name: string) => `${procedure}/adjoint/${name}`;
  const tapeName = (node: Node) =>
    `${procedure}/tape/${node.operation.op === "load" ? node.operation.slot.name : node.id}`;
  // What is on the tape already is not kept again.
  const factorName = (node: Node) =>
    tape.has(node) ? tapeName(node) : `${procedure}/factor/${node.id}`;
  const sumName = (piece: { of: Node; sum: Node }) =>
    `${procedure}/sum/${piece.of.id}/${piece.sum.id}`;

  const adjoints = new Map<string, Node>();
  const pieces: Piece[] = [];
  let tape = new Set<Node>();
  /** Factors that are the same at every step: a sum of vectors is enough (columns, fixed inputs). */
  let fixedFactors = new Set<Node>();

  builder.stage(procedure, { name: "forward", loop: "forward" }, (stage) => {
    const { state, nextState, loss } = write(stage);
    for (const [name, { shape }] of Object.entries(state)) {
      builder.slot(adjoint(name), { kind: "state", shape, hasBatchAxis: true });
    }
    // A loss that the sequences share counts once for each, a scalar state for all its elements.
    const lossOfEach = perSequence(loss);
    const next = Object.entries(nextState).map(([name, value]) =>
      [name, broadcast(value, state[name]!.shape)] as const
    );
    const roots = [...next.map(([, value]) => value), lossOfEach];
    const nodes = reachable(roots);
    const fixed = invariantsOf(nodes);
    const frontier = frontierOf(nodes, { fixed, roots });
    const batchWeight = constant(stage.graph, 1 / builder.extents.sequences);
    const gradients = vjp(
      [
        { value: lossOfEach, cotangent: batchWeight },
        ...next.map(([name, value]) => ({ value, cotangent: stage.load(adjoint(name)) })),
      ],
      [...Object.values(state), ...frontier],
    );
    for (const [name, node] of Object.entries(state)) {
      adjoints.set(name, gradients.get(node)?.perSequence ?? constant(stage.graph, 0));
    }
    for (const node of frontier) {
      const gradient = gradients.get(node);
      if (gradient) pieces.push(...piecesOf(node, gradient));
    }
    const needed = pieces.flatMap((piece) =>
      "sum" in piece ? [piece.sum] : [piece.post, piece.pre]
    );
    fixedFactors = invariantsOf(reachable(needed));
    tape = tapeOf([...adjoints.values(), ...needed], { forward: new Set(nodes), fixed });
    for (const node of tape) {
      const { shape, hasBatchAxis } = node;
      builder.slot(tapeName(node), { kind: "tape", shape, hasBatchAxis, hasTimeAxis: true });
      stage.store(tapeName(node), node);
    }
  });

  builder.stage(procedure, { name: "turn" }, (stage) => {
    for (const name of adjoints.keys()) stage.store(adjoint(name), 0);
    for (const piece of pieces) {
      if (!("sum" in piece)) continue;
      const { shape } = piece.of;
      const { hasBatchAxis } = piece.sum;
      builder.slot(sumName(piece), { kind: "state", shape, hasBatchAxis });
      stage.store(sumName(piece), 0);
    }
  });

  builder.stage(procedure, { name: "reverse", loop: "reverse" }, (stage) => {
    const move = transplanter(
      stage.graph,
      (node) => tape.has(node) ? stage.load(tapeName(node)) : undefined,
    );
    const time = stepIndex(constant(stage.graph, 0));
    const beyond = truncate > 0 &&
      // Devices may round a quotient down: half a step more keeps it above the whole number.
      equal(sub(time, mul(truncate, floor(div(add(time, 0.5), truncate)))), 0);
    for (const [name, node] of adjoints) {
      stage.store(adjoint(name), beyond ? where(beyond, 0, move(node)) : move(node));
    }
    const kept = new Set<Node>();
    for (const piece of pieces) {
      if ("sum" in piece) {
        stage.store(sumName(piece), add(stage.load(sumName(piece)), move(piece.sum)));
        continue;
      }
      for (const factor of isSumOfVectors(piece) ? [piece.post] : [piece.post, piece.pre]) {
        if (kept.has(factor) || tape.has(factor)) continue;
        kept.add(factor);
        const { shape, hasBatchAxis } = factor;
        builder.slot(factorName(factor), { kind: "tape", shape, hasBatchAxis, hasTimeAxis: true });
        stage.store(factorName(factor), move(factor));
      }
    }
  });

  function isSumOfVectors({ post, pre }: OuterProduct): boolean {
    return fixedFactors.has(pre) && !fixedFactors.has(post) && post.hasBatchAxis;
  }

  function valueOf(piece: Piece, stage: StageBuilder): Node {
    if ("sum" in piece) {
      const sum = stage.load(sumName(piece));
      return sum.hasBatchAxis && !piece.of.hasBatchAxis ? batchSum(sum) : sum;
    }
    const axes: ReduceAxis[] = piece.of.hasBatchAxis ? ["time"] : ["time", "sequence"];
    const post = stage.load(factorName(piece.post));
    if (isSumOfVectors(piece)) {
      const pre = transplanter(stage.graph, () => undefined)(piece.pre);
      if (!pre.hasBatchAxis) return outer(reduce(post, { axes }), pre);
      const product = outer(reduce(post, { axes: ["time"] }), pre);
      return piece.of.hasBatchAxis ? product : batchSum(product);
    }
    const pre = stage.load(factorName(piece.pre));
    return reduce(outer(post, pre), { axes });
  }

  return (stage, slot) => {
    const parameter = stage.load(slot);
    const rebuild = transplanter(stage.graph, () => undefined);
    const seeds = pieces.map((piece) => ({
      value: rebuild(piece.of),
      cotangent: valueOf(piece, stage),
    })).filter(({ value }) => reachable([value]).includes(parameter));
    const gradient = vjp(seeds, [parameter]).get(parameter);
    if (!gradient) return undefined;
    return parameter.hasBatchAxis ? gradient.perSequence : sumOverBatch(gradient);
  };
}
