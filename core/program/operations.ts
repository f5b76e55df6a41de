/**
 * Every operation of a graph, described once. All sets of operations elsewhere are derived from these
 * records, so a table that forgets an operation is a type error.
 *
 * An elementwise operation also needs a gradient (`core/autodiff/rules.ts`), a text in each
 * backend's `operation_text.ts` unless it is a library function, and a domain to be tested on
 * (`core/testing/operation_domains.ts`).
 */
import {
  gelu,
  geluDerivative,
  hypot,
  nearestFinite,
  nearestWhole,
  power,
  sigmoid,
  softplus,
} from "../numerics/float64_functions.ts";

/** No inputs: memory, numbers, positions. */
interface Leaf {
  readonly class: "leaf";
  /** Whether its value changes from step to step. (That of a load does if its slot does.) */
  readonly changesEachStep: boolean;
  /** Operations that an element takes when it is computed inline. */
  readonly cost: number;
  /** Whether back-propagation through time keeps a vector of its values: see `Elementwise`. */
  readonly keptOnTape: boolean;
}

/** The numbers of its inputs, in other places. */
interface Movement {
  readonly class: "movement";
  /** Operations that an element takes for each input when it is computed inline. */
  readonly cost: number;
  /**
   * Whether elements stay in order, though they may be repeated. Such a value needs no memory: its input
   * has it.
   */
  readonly keepsOrder: boolean;
  /** Whether the value has all elements of one input, and no others. */
  readonly keepsAll: boolean;
  /** Whether a gradient flows through. */
  readonly differentiable: boolean;
}

/** Made of many elements of its inputs. */
interface Reduction {
  readonly class: "reduction";
}

/**
 * What an operation gives where an operand is NaN, on every backend:
 * - "NaN": NaN;
 * - 0: 0, since no comparison with NaN holds;
 * - "chosen": NaN where a NaN is chosen; a condition that is NaN is not 0, and chooses the second operand;
 * - "unless zero": NaN, but 0 where an operand whose zero is strong is 0.
 *
 * A reduction gives NaN if any of its elements is NaN. A movement moves NaN as any number.
 */
type NanRule = "NaN" | 0 | "chosen" | "unless zero";

/** A function of one element of each input. */
interface Elementwise {
  readonly class: "elementwise";
  readonly arity: 1 | 2 | 3;
  /** Operations that an element takes when it is computed inline, roughly. */
  readonly cost: number;
  /** Whether a gradient flows through; if not, the function is piecewise constant. */
  readonly differentiable: boolean;
  /**
   * Whether back-propagation through time keeps a vector of its values instead of computing them
   * again. A high cost is not enough. Quotients and roots are as slow, but they are often made of values
   * that are on the tape already, and each value on the tape takes memory for every step.
   */
  readonly keptOnTape: boolean;
  /** Whether backends call a function of this project (`core/wgsl`, `core/wat`). */
  readonly library: boolean;
  /** What NaN becomes. */
  readonly ofNaN: NanRule;
  /**
   * Whether a finite operand may give infinity or NaN: it is a pole or outside the domain, or the function
   * grows faster than any power.
   */
  readonly singular: boolean;
  /** The function in float64. */
  readonly meaning: (...operands: number[]) => number;
}

type OperationRecord = Leaf | Movement | Reduction | Elementwise;

const leaf = { class: "leaf", changesEachStep: false, cost: 0, keptOnTape: false } as const;
const movement = {
  class: "movement",
  cost: 0,
  keepsOrder: true,
  keepsAll: true,
  differentiable: true,
} as const;
const simple = {
  class: "elementwise",
  cost: 1,
  differentiable: true,
  keptOnTape: false,
  library: false,
  ofNaN: "NaN",
  singular: false,
} as const;
const piecewise = { ...simple, differentiable: false } as const;
const comparison = { ...piecewise, ofNaN: 0 } as const;
const slow = { ...simple, cost: 8 } as const;
const library = { ...slow, keptOnTape: true, library: true } as const;
const singular = { singular: true } as const;
const unary = { arity: 1 } as const;
const binary = { arity: 2 } as const;
const ternary = { arity: 3 } as const;

export const operations = {
  load: leaf,
  constant: leaf,
  /** 0, 1, 2, ... along a vector. */
  iota: leaf,
  /** t, the number of the step inside its sequence. */
  step: { ...leaf, changesEachStep: true },
  /** b, the number of the sequence inside its batch. */
  sequence: leaf,
  /** Numbers of a stream, drawn from the key in a slot: each is a Philox block of its own. */
  random: { ...leaf, changesEachStep: true, cost: 40, keptOnTape: true },

  broadcast: movement,
  /** Between vector(n), matrix(n, 1) and matrix(1, n); the elements stay in place. */
  reshape: movement,
  transpose: { ...movement, keepsOrder: false },
  slice: { ...movement, keepsOrder: false, keepsAll: false },
  /** A lane computes an element of every part and chooses among them. */
  concat: { ...movement, cost: 2, keepsOrder: false, keepsAll: false },
  /** A value that sequences share, as one that each sequence has: a sum over the batch counts it B times. */
  perSequence: movement,
  stopGradient: { ...movement, differentiable: false },

  reduce: { class: "reduction" },
  /** Σ over q of a_iq b_qj; the products have three indices, and are never stored. */
  matmul: { class: "reduction" },

  // A sign costs nothing: it becomes part of what follows.
  negate: { ...simple, ...unary, cost: 0, meaning: (x: number): number => -x },
  abs: { ...simple, ...unary, meaning: Math.abs },
  sqrt: { ...slow, ...singular, ...unary, meaning: Math.sqrt },
  exp: { ...library, ...singular, ...unary, meaning: Math.exp },
  expm1: { ...library, ...singular, ...unary, meaning: Math.expm1 },
  log: { ...library, ...singular, ...unary, meaning: Math.log },
  tanh: { ...library, ...unary, meaning: Math.tanh },
  sigmoid: { ...library, ...unary, meaning: sigmoid },
  softplus: { ...library, ...unary, meaning: softplus },
  gelu: { ...library, ...unary, meaning: gelu },
  geluDerivative: { ...library, ...unary, keptOnTape: false, meaning: geluDerivative },
  log1p: { ...library, ...singular, ...unary, meaning: Math.log1p },
  cos: { ...library, ...unary, meaning: Math.cos },
  sin: { ...library, ...unary, meaning: Math.sin },
  /** An infinity becomes the largest float32 of its sign. The slope is 1 everywhere. */
  toFinite: { ...simple, ...unary, meaning: nearestFinite },
  sign: { ...piecewise, ...unary, meaning: Math.sign },
  floor: { ...piecewise, ...unary, meaning: Math.floor },
  /** Of two nearest whole numbers the even one. */
  round: { ...piecewise, ...unary, meaning: nearestWhole },
  /** 1 where the exponent bits say neither NaN nor infinity. */
  finite: { ...comparison, ...unary, meaning: (x: number): number => Number.isFinite(x) ? 1 : 0 },

  add: { ...simple, ...binary, meaning: (a: number, b: number): number => a + b },
  subtract: { ...simple, ...binary, meaning: (a: number, b: number): number => a - b },
  multiply: { ...simple, ...binary, meaning: (a: number, b: number): number => a * b },
  divide: { ...slow, ...singular, ...binary, meaning: (a: number, b: number): number => a / b },
  pow: { ...library, ...singular, ...binary, meaning: power },
  hypot: { ...library, ...binary, keptOnTape: false, meaning: hypot },
  // Gradients are made of these: in a zero that is strong, nothing of the other operand is left.
  /** a b; 0 where a is 0, whatever b is. */
  strongProduct: {
    ...simple,
    ...binary,
    ofNaN: "unless zero",
    meaning: (a: number, b: number): number => a === 0 ? 0 : a * b,
  },
  /** a b; 0 where a or b is 0, whatever the other is. */
  doublyStrongProduct: {
    ...simple,
    ...binary,
    ofNaN: "unless zero",
    meaning: (a: number, b: number): number => a === 0 || b === 0 ? 0 : a * b,
  },
  /** a / b; 0 where a is 0, whatever b is. */
  strongQuotient: {
    ...slow,
    ...singular,
    ...binary,
    ofNaN: "unless zero",
    meaning: (a: number, b: number): number => a === 0 ? 0 : a / b,
  },
  maximum: { ...simple, ...binary, meaning: Math.max },
  minimum: { ...simple, ...binary, meaning: Math.min },
  less: { ...comparison, ...binary, meaning: (a: number, b: number): number => a < b ? 1 : 0 },
  lessEqual: {
    ...comparison,
    ...binary,
    meaning: (a: number, b: number): number => a <= b ? 1 : 0,
  },
  equal: { ...comparison, ...binary, meaning: (a: number, b: number): number => a === b ? 1 : 0 },

  where: {
    ...simple,
    ...ternary,
    ofNaN: "chosen",
    meaning: (condition: number, yes: number, no: number): number => condition !== 0 ? yes : no,
  },
} as const satisfies Readonly<Record<string, OperationRecord>>;

type Operations = typeof operations;
/** The names of the operations whose record has these attributes. */
type Named<Attributes> = {
  [Op in keyof Operations]: Operations[Op] extends Attributes ? Op : never;
}[keyof Operations];

/** Name of an operation. */
export type Op = keyof Operations;
export type LeafOp = Named<{ class: "leaf" }>;
export type MovementOp = Named<{ class: "movement" }>;
export type ReductionOp = Named<{ class: "reduction" }>;
export type ElementwiseOp = Named<{ class: "elementwise" }>;
/** What a gradient flows through; of a reduction, that depends on its kind and axes. */
export type DifferentiableOp = Named<{ differentiable: true }> | ReductionOp;
/** What backends call a function of this project for. */
export type LibraryOp = Named<{ library: true }>;

const namesOf = <Name extends Op>(has: (record: OperationRecord) => boolean): readonly Name[] =>
  (Object.keys(operations) as Op[]).filter((op) => has(operations[op])) as Name[];

export const elementwiseOps: readonly ElementwiseOp[] = namesOf((r) => r.class === "elementwise");
export const libraryOps: readonly LibraryOp[] = namesOf((r) =>
  r.class === "elementwise" && r.library
);

/** Whether an operation is a library function. */
export const isLibraryFunction = (op: string): op is LibraryOp =>
  (libraryOps as readonly string[]).includes(op);

/** Name of a library function in `core/wgsl`; in `core/wat` a $ stands in front of it. */
export const libraryName = (op: LibraryOp): string =>
  `hebb_${op.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)}`;

/** A table with an entry for each library function. */
export const libraryTable = <T>(make: (op: LibraryOp) => T): Readonly<Record<LibraryOp, T>> =>
  Object.fromEntries(libraryOps.map((op) => [op, make(op)])) as Record<LibraryOp, T>;

/** The record of an operation. */
export const recordOf = (op: Op): OperationRecord => operations[op];

export const isElementwise = (op: Op): op is ElementwiseOp =>
  operations[op].class === "elementwise";
export const isMovement = (op: Op): op is MovementOp => operations[op].class === "movement";
export const isLeaf = (op: Op): op is LeafOp => operations[op].class === "leaf";
export const isReduction = (op: Op): op is ReductionOp => operations[op].class === "reduction";

/** Whether a gradient can flow through. */
export function isDifferentiable(op: Op): op is DifferentiableOp {
  const record = recordOf(op);
  return record.class === "reduction" || record.class !== "leaf" && record.differentiable;
}

/** Whether a value changes from step to step, whatever it is made of. */
export function changesEachStep(op: Op): boolean {
  const record = recordOf(op);
  return record.class === "leaf" && record.changesEachStep;
}

/** Whether back-propagation through time keeps a vector of these values. */
export function isKeptOnTape(op: Op): boolean {
  const record = recordOf(op);
  return (record.class === "elementwise" || record.class === "leaf") && record.keptOnTape;
}

/** Whether the value has all elements of one input, so that its gradient is rearranged like it. */
export function onlyRearranges(op: Op): boolean {
  const record = recordOf(op);
  return record.class === "movement" && record.keepsAll && record.differentiable;
}

/** An elementwise operation as a function in float64, of however many operands. */
export const meaningOf = (op: ElementwiseOp): (...operands: number[]) => number =>
  operations[op].meaning as (...operands: number[]) => number;
