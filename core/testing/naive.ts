/**
 * Random expressions as plain trees. `build` writes a tree in the step language; `compute` evaluates it
 * directly, element by element, and so says what the program should give.
 */
import type { Shape } from "../axes.ts";
import type { Value } from "../program/elementwise.ts";
import * as language from "../program/language.ts";

/** A load of a slot, or an operation on other trees; `shape` is that of its value. */
export type Tree =
  | { readonly name: string; readonly shape: Shape }
  | { readonly op: string; readonly of: readonly Tree[]; readonly shape: Shape };

/** An operation of a tree: in the step language, and on arrays of elements. */
interface Meaning {
  readonly build: (...x: Value[]) => Value;
  readonly compute: (shapes: readonly Shape[], ...x: readonly number[][]) => number[];
}

const map = (f: (...x: number[]) => number, build: Meaning["build"]): Meaning => ({
  build,
  compute: (_, ...x) => {
    const length = Math.max(...x.map((operand) => operand.length));
    return Array.from(
      { length },
      (_, i) => f(...x.map((operand) => operand.length === 1 ? operand[0]! : operand[i]!)),
    );
  },
});
const sumOf = (x: readonly number[]) => x.reduce((a, b) => a + b, 0);

const meanings: Readonly<Record<string, Meaning>> = {
  add: map((a, b) => a! + b!, language.add),
  sub: map((a, b) => a! - b!, language.sub),
  mul: map((a, b) => a! * b!, language.mul),
  max: map(Math.max, language.maximum),
  half: map((a) => a! / 2, (a) => language.mul(a!, 0.5)),
  neg: map((a) => -a!, (a) => language.neg(a!)),
  tanh: map(Math.tanh, (a) => language.tanh(a!)),
  sigmoid: map((a) => 1 / (1 + Math.exp(-a!)), (a) => language.sigmoid(a!)),
  where: map((c, a, b) => c! < 0.1 ? a! : b!, (c, a, b) => {
    return language.where(language.less(c!, 0.1), a!, b!);
  }),
  outer: {
    build: (a, b) => language.outer(a!, b!),
    compute: (_, a, b) => a!.flatMap((x) => b!.map((y) => x * y)),
  },
  addRow: {
    build: (a, v) => language.add(a!, language.row(v!)),
    compute: (_, a, v) => a!.map((x, i) => x + v![i % v!.length]!),
  },
  mulColumn: {
    build: (a, v) => language.mul(language.column(v!), a!),
    compute: (_, a, v) => a!.map((x, i) => x * v![Math.floor(i / (a!.length / v!.length))]!),
  },
  transpose: {
    build: (a) => language.transpose(a!),
    compute: ([shape], a) => {
      const [post, pre] = shape as readonly [number, number];
      return Array.from(
        { length: a!.length },
        (_, i) => a![(i % post) * pre + Math.floor(i / post)]!,
      );
    },
  },
  matvec: {
    build: (a, v) => language.matvec(a!, v!),
    compute: ([shape], a, v) =>
      Array.from(
        { length: shape![0]! },
        (_, i) => sumOf(v!.map((x, j) => a![i * v!.length + j]! * x)),
      ),
  },
  vecmat: {
    build: (v, a) => language.vecmat(v!, a!),
    compute: ([, shape], v, a) => {
      const pre = shape![1]!;
      return Array.from({ length: pre }, (_, j) => sumOf(v!.map((x, i) => a![i * pre + j]! * x)));
    },
  },
  matmul: {
    build: (a, b) => language.matmul(a!, b!),
    compute: ([, shape], a, b) => {
      const [inner, columns] = shape as readonly [number, number];
      return Array.from({ length: a!.length / inner * columns }, (_, index) => {
        const [i, j] = [Math.floor(index / columns), index % columns];
        return sumOf(
          b!.flatMap((y, at) =>
            at % columns === j ? [a![i * inner + Math.floor(at / columns)]! * y] : []
          ),
        );
      });
    },
  },
  dot: {
    build: (a, b) => language.dot(a!, b!),
    compute: (_, a, b) => [sumOf(a!.map((x, i) => x * b![i]!))],
  },
  sum: { build: (a) => language.sum(a!), compute: (_, a) => [sumOf(a!)] },
  largest: { build: (a) => language.max(a!), compute: (_, a) => [Math.max(...a!)] },
  softmax: {
    build: (a) => language.softmax(a!),
    compute: (_, a) => {
      const powers = a!.map((x) => Math.exp(x - Math.max(...a!)));
      return powers.map((x) => x / sumOf(powers));
    },
  },
  /** Every element one place on; the last one comes first. */
  roll: {
    build: (a) => {
      const n = a!.shape[0]!;
      if (n === 1) return a!;
      return language.concat(language.slice(a!, n - 1, 1), language.slice(a!, 0, n - 1));
    },
    compute: (_, a) => [a!.at(-1)!, ...a!.slice(0, -1)],
  },
  /** The first element everywhere. */
  first: {
    build: (a) => language.mul(language.filled(a!, 1, a!.shape), language.slice(a!, 0, 1)),
    compute: (_, a) => a!.map(() => a![0]!),
  },
};

/** Writes a tree in the step language. */
export function build(
  tree: Tree,
  { sequences, load }: { sequences: number; load: (name: string) => Value },
): Value {
  if ("name" in tree) return load(tree.name);
  const operands = tree.of.map((operand) => build(operand, { sequences, load }));
  if (tree.op === "batchMean") return language.batchMean(operands[0]!);
  return meanings[tree.op]!.build(...operands);
}

/** The elements of a tree in sequence b. */
export function compute(
  tree: Tree,
  { b, sequences, load }: {
    b: number;
    sequences: number;
    load: (name: string, b: number) => number[];
  },
): number[] {
  if ("name" in tree) return load(tree.name, b);
  if (tree.op === "batchMean") {
    const bySequence = Array.from(
      { length: sequences },
      (_, q) => compute(tree.of[0]!, { b: q, sequences, load }),
    );
    return bySequence[0]!.map((_, i) =>
      sumOf(bySequence.map((elements) => elements[i]!)) / sequences
    );
  }
  return meanings[tree.op]!.compute(
    tree.of.map(({ shape }) => shape),
    ...tree.of.map((operand) => compute(operand, { b, sequences, load })),
  );
}

/** The tree in one line, as a failing test shows it. */
export function show(tree: Tree): string {
  return "name" in tree ? tree.name : `${tree.op}(${tree.of.map(show).join(", ")})`;
}
