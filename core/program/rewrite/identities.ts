/**
 * Identities that make an expression smaller before it becomes a node, which keeps derived gradients
 * small. Only `build` applies them. The first that fits wins.
 */
import { sameShape, type Shape } from "../../axes.ts";
import { type Node, numberOf, type Operation } from "../node.ts";
import { isElementwise, meaningOf, type Op } from "../operations.ts";

/** What is about to become a node. Its operands may still have to be repeated to `shape`. */
export interface Expression {
  readonly operation: Operation;
  readonly inputs: readonly Node[];
  readonly shape: Shape;
}

/** A rule that replaces an expression by an equal one. */
export interface Identity {
  /** The operations that it rewrites. */
  readonly of: readonly Op[];
  /** The rule as a formula. */
  readonly identity: string;
  /** For which values both sides are equal to the last bit. */
  readonly exact: string;
  /** What stands for the expression, repeated to its shape; undefined where the rule does not fit. */
  readonly apply: (
    expression: Expression,
    build: (expression: Expression) => Node,
  ) => Node | number | undefined;
}

const always = "always";
const finite = "for finite values, up to the sign of zero";

const value = ({ inputs }: Expression, operand: number): number | undefined =>
  numberOf(inputs[operand]!);

function knownNumber({ operation: { op }, inputs }: Expression): number | undefined {
  const numbers = inputs.map(numberOf).filter((number) => number !== undefined);
  return isElementwise(op) && numbers.length === inputs.length
    ? meaningOf(op)(...numbers)
    : undefined;
}

/** The part of a concatenation that a slice takes, if it takes a whole one. */
function wholePart({ operation, inputs: [vector], shape }: Expression): Node | undefined {
  if (operation.op !== "slice" || vector!.operation.op !== "concat") return undefined;
  let start = 0;
  for (const part of vector!.inputs) {
    if (start === operation.start && part.shape[0] === shape[0]) return part;
    start += part.shape[0]!;
  }
  return undefined;
}

/** x, if a value is 1 + x. */
function besideOne({ operation: { op }, inputs: [a, b] }: Node): Node | undefined {
  if (op !== "add") return undefined;
  return numberOf(a!) === 1 ? b : numberOf(b!) === 1 ? a : undefined;
}

/** The input of the input, if both come from the same operation. */
const before = ({ operation, inputs: [input] }: Expression): Node | undefined =>
  input!.operation.op === operation.op ? input!.inputs[0] : undefined;

const ifSameShape = ({ inputs: [input], shape }: Expression): Node | undefined =>
  sameShape(input!.shape, shape) ? input : undefined;

export const identities = {
  "plus zero": {
    of: ["add"],
    identity: "x + 0 = 0 + x = x",
    exact: finite,
    apply: (e) => value(e, 0) === 0 ? e.inputs[1] : value(e, 1) === 0 ? e.inputs[0] : undefined,
  },
  "minus zero": {
    of: ["subtract"],
    identity: "x - 0 = x",
    exact: always,
    apply: (e) => value(e, 1) === 0 ? e.inputs[0] : undefined,
  },
  "zero minus": {
    of: ["subtract"],
    identity: "0 - x = -x",
    exact: finite,
    apply: (e, build) => {
      if (value(e, 0) !== 0) return undefined;
      const [, x] = e.inputs as [Node, Node];
      return build({ operation: { op: "negate" }, inputs: [x], shape: x.shape });
    },
  },
  "times zero": {
    of: ["multiply"],
    identity: "0 x = x 0 = 0",
    exact: finite,
    apply: (e) => value(e, 0) === 0 || value(e, 1) === 0 ? 0 : undefined,
  },
  "times one": {
    of: ["multiply"],
    identity: "1 x = x 1 = x",
    exact: always,
    apply: (e) => value(e, 0) === 1 ? e.inputs[1] : value(e, 1) === 1 ? e.inputs[0] : undefined,
  },
  "zero divided": {
    of: ["divide"],
    identity: "0 / x = 0",
    exact: "for finite values but 0",
    apply: (e) => value(e, 0) === 0 ? 0 : undefined,
  },
  "divided by one": {
    of: ["divide"],
    identity: "x / 1 = x",
    exact: always,
    apply: (e) => value(e, 1) === 1 ? e.inputs[0] : undefined,
  },
  "known numbers": {
    of: ["add", "subtract", "multiply", "divide", "negate"],
    identity: "2 + 3 = 5",
    exact: "in float64, rounded to float32 once",
    apply: knownNumber,
  },
  "negated twice": { of: ["negate"], identity: "-(-x) = x", exact: always, apply: before },
  "known condition": {
    of: ["where"],
    identity: "where(1, x, y) = x, where(0, x, y) = y",
    exact: always,
    apply: (e) => {
      const condition = value(e, 0);
      return condition === undefined ? undefined : e.inputs[condition !== 0 ? 1 : 2];
    },
  },
  "one outcome": {
    of: ["where"],
    identity: "where(c, x, x) = x",
    exact: always,
    apply: ({ inputs: [, yes, no] }) => yes === no ? yes : undefined,
  },
  "logarithm of a sigmoid": {
    of: ["log"],
    identity: "log(sigmoid(x)) = -softplus(-x)",
    exact: "up to rounding; in float32 sigmoid(x) is 0 below -104, and 1 from 17 on",
    apply: ({ inputs: [inner], shape }, build) => {
      if (inner!.operation.op !== "sigmoid") return undefined;
      const unary = (op: "negate" | "softplus", x: Node) =>
        build({ operation: { op }, inputs: [x], shape });
      return unary("negate", unary("softplus", unary("negate", inner!.inputs[0]!)));
    },
  },
  "logarithm of one and a power": {
    of: ["log", "log1p"],
    identity: "log(1 + exp(x)) = softplus(x)",
    exact: "up to rounding; in float32 exp(x) is infinite from 89 on, and lost beside 1 below -17",
    apply: ({ operation: { op }, inputs: [inner], shape }, build) => {
      const power = op === "log1p" ? inner! : besideOne(inner!);
      return power?.operation.op === "exp"
        ? build({ operation: { op: "softplus" }, inputs: power.inputs, shape })
        : undefined;
    },
  },
  "number without gradient": {
    of: ["stopGradient"],
    identity: "stopGradient(2) = 2",
    exact: always,
    apply: ({ inputs: [x] }) => numberOf(x!) === undefined ? undefined : x,
  },
  "already of every sequence": {
    of: ["perSequence"],
    identity: "perSequence(x) = x, if every sequence has its own x",
    exact: always,
    apply: ({ inputs: [x] }) => x!.hasBatchAxis ? x : undefined,
  },
  "transposed twice": { of: ["transpose"], identity: "(Aᵀ)ᵀ = A", exact: always, apply: before },
  "whole slice": {
    of: ["slice"],
    identity: "slice(x, 0, n) = x of n elements",
    exact: always,
    apply: ifSameShape,
  },
  "slice of one part": {
    of: ["slice"],
    identity: "slice(concat(x, y), 0, n) = x of n elements",
    exact: always,
    apply: wholePart,
  },
  "one part": {
    of: ["concat"],
    identity: "concat(x) = x",
    exact: always,
    apply: ({ inputs }) => inputs.length === 1 ? inputs[0] : undefined,
  },
  "shape kept": {
    of: ["reshape"],
    identity: "reshape(x, shape of x) = x",
    exact: always,
    apply: ifSameShape,
  },
  "reshaped twice": {
    of: ["reshape"],
    identity: "reshape(reshape(x, s), t) = reshape(x, t)",
    exact: always,
    apply: (e, build) => {
      const source = before(e);
      return source && build({ ...e, inputs: [source] });
    },
  },
  "sum of one": {
    of: ["reduce"],
    identity: "sum(x, repeated to one element) = x",
    exact: always,
    apply: ({ operation, inputs: [vector] }) => {
      const fits = operation.op === "reduce" && operation.kind === "sum" &&
        operation.axes.join() === "post" && vector!.shape.join() === "1" &&
        vector!.operation.op === "broadcast" && vector!.inputs[0]!.shape.length === 0;
      return fits ? vector!.inputs[0] : undefined;
    },
  },
} as const satisfies Readonly<Record<string, Identity>>;

const byOperation = new Map<Op, readonly Identity[]>();
for (const rule of Object.values<Identity>(identities)) {
  for (const op of rule.of) byOperation.set(op, [...byOperation.get(op) ?? [], rule]);
}

/** What the first identity that fits makes of an expression; undefined if none does. */
export function simplified(
  expression: Expression,
  build: (expression: Expression) => Node,
): Node | number | undefined {
  for (const { apply } of byOperation.get(expression.operation.op) ?? []) {
    const result = apply(expression, build);
    if (result !== undefined) return result;
  }
  return undefined;
}
