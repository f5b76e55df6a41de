/** Random loops over states that read and overwrite each other, to find faults of the scheduler. */
import fc from "fast-check";
import { type Extents, type Shape, sizeOf } from "../axes.ts";
import { createProgram, type Program } from "../program/program.ts";
import { build, compute, show, type Tree } from "./naive.ts";
import { seededValues } from "./seeded_values.ts";

/** The two extents of all shapes. */
export interface Sizes {
  readonly n: number;
  readonly m: number;
}

/** Shapes of values: scalar, vectors [n] and [m], matrices [n, n] and [n, m]. */
const kinds = ["scalar", "n", "m", "nn", "nm"] as const;
type Kind = typeof kinds[number];

/** The memory of every random program: shapes in n and m, and whether sequences share it. */
const memory: Readonly<Record<string, { kind: Kind; shared?: boolean }>> = {
  a: { kind: "scalar" },
  b: { kind: "scalar" },
  u: { kind: "n" },
  v: { kind: "n" },
  w: { kind: "m" },
  H: { kind: "nn" },
  K: { kind: "nn" },
  G: { kind: "nm" },
  bias: { kind: "n", shared: true },
  S: { kind: "nn", shared: true },
};

function shapeOf(kind: Kind, { n, m }: Sizes): Shape {
  return { scalar: [] as const, n: [n], m: [m], nn: [n, n], nm: [n, m] }[kind] as Shape;
}

/** The expression that is stored in each slot; slots without one are not stored. */
export type Stores = Readonly<Record<string, Tree>>;

/** Elementwise operations, and how many operands of one kind they take. */
const elementwise = [
  ...["add", "sub", "mul", "max"].map((op) => ({ op, arity: 2 })),
  ...["half", "neg", "tanh", "sigmoid"].map((op) => ({ op, arity: 1 })),
  { op: "where", arity: 3 },
];

/** The other operations, by the kind of their result: name, then the kinds of their operands. */
const operations: Readonly<Record<Kind, readonly (readonly [string, ...Kind[]])[]>> = {
  scalar: [["dot", "n", "n"], ["sum", "nm"], ["sum", "n"], ["largest", "n"]],
  n: [
    ["mul", "n", "scalar"],
    ["matvec", "nn", "n"],
    ["matvec", "nm", "m"],
    ["vecmat", "n", "nn"],
    ["softmax", "n"],
    ["roll", "n"],
    ["first", "n"],
  ],
  m: [
    ["mul", "m", "scalar"],
    ["vecmat", "n", "nm"],
    ["softmax", "m"],
    ["roll", "m"],
    ["first", "m"],
  ],
  nn: [
    ["mul", "nn", "scalar"],
    ["outer", "n", "n"],
    ["addRow", "nn", "n"],
    ["mulColumn", "nn", "n"],
    ["matmul", "nn", "nn"],
    // Listed twice, to be drawn twice as often.
    ["transpose", "nn"],
    ["transpose", "nn"],
  ],
  nm: [
    ["mul", "nm", "scalar"],
    ["outer", "n", "m"],
    ["addRow", "nm", "m"],
    ["mulColumn", "nm", "n"],
    ["matmul", "nn", "nm"],
  ],
};

/** The arbitrary of a kind, `shared/<kind>` for values that all sequences share. */
const arbitraryName = (kind: Kind, shared: boolean) => shared ? `shared/${kind}` : kind;

/** Arbitrary expressions of every kind, shared and not. */
function expressions(sizes: Sizes): (kind: Kind, shared: boolean) => fc.Arbitrary<Tree> {
  const loads = (kind: Kind, shared: boolean) =>
    Object.entries(memory)
      .filter(([, slot]) => slot.kind === kind && (!shared || slot.shared))
      .map(([name]): Tree => ({ name, shape: shapeOf(kind, sizes) }));
  const arbitraries = fc.letrec<Record<string, Tree>>((tie) => {
    const arbitraryOf = (kind: Kind, shared: boolean): fc.Arbitrary<Tree> => {
      const shape = shapeOf(kind, sizes);
      const node = (op: string, operands: readonly Kind[]) =>
        fc.tuple(...operands.map((operand) => tie(arbitraryName(operand, shared))))
          .map((of): Tree => ({ op, of, shape }));
      const mean = tie(kind).map((tree): Tree => ({ op: "batchMean", of: [tree], shape }));
      const nodes = [
        ...shared ? [mean] : [],
        ...elementwise.map(({ op, arity }) => node(op, Array(arity).fill(kind))),
        ...operations[kind].map(([op, ...operands]) => node(op, operands)),
      ];
      const leaves = loads(kind, shared);
      const leaf = leaves.length > 0 ? fc.constantFrom(...leaves) : mean;
      return fc.oneof({ maxDepth: 4, depthIdentifier: "expression" }, leaf, ...nodes);
    };
    return Object.fromEntries(
      [false, true].flatMap((shared) =>
        kinds.map((kind) => [arbitraryName(kind, shared), arbitraryOf(kind, shared)])
      ),
    );
  });
  return (kind, shared) => arbitraries[arbitraryName(kind, shared)]!;
}

/** Arbitrary simultaneous assignments. */
export function arbitraryStores(sizes: Sizes): fc.Arbitrary<Stores> {
  const of = expressions(sizes);
  const entries = Object.entries(memory).map(([name, { kind, shared = false }]) =>
    [name, of(kind, shared)] as const
  );
  return fc.record(Object.fromEntries(entries), { requiredKeys: [] })
    .filter((stores) => Object.keys(stores).length > 0) as fc.Arbitrary<Stores>;
}

/** The assignments in one line, as a failing test shows them. */
export const showStores = (stores: Stores): string =>
  Object.entries(stores).map(([name, tree]) => `${name} <- ${show(tree)}`).join("; ");

/** The program whose procedure `train` makes the assignments at every step, in segments if there are any. */
export function programOf(
  stores: Stores,
  { sizes, extents }: { sizes: Sizes; extents: Extents },
): Program {
  const builder = createProgram(extents);
  for (const [name, { kind, shared = false }] of Object.entries(memory)) {
    builder.slot(name, { kind: "parameter", shape: shapeOf(kind, sizes), hasBatchAxis: !shared });
  }
  const segments = extents.segment === undefined ? undefined : "forward";
  builder.stage("train", { name: "step", loop: "forward", segments }, (stage) => {
    const { sequences } = extents;
    for (const [name, tree] of Object.entries(stores)) {
      stage.store(name, build(tree, { sequences, load: stage.load }));
    }
  });
  return builder.build();
}

/** First values of all memory, in [-1, 1] and exact in float32. */
export function firstValues(
  { sizes, extents }: { sizes: Sizes; extents: Extents },
): Map<string, Float64Array> {
  return new Map(
    Object.entries(memory).map(([name, { kind, shared }], index) => {
      const size = extents.replicas * (shared ? 1 : extents.sequences) *
        sizeOf(shapeOf(kind, sizes));
      return [name, Float64Array.from(seededValues(size, { seed: index }), Math.fround)];
    }),
  );
}

/** Makes the assignments T times on plain arrays, without the program: what it should give. */
export function runNaively(
  stores: Stores,
  values: ReadonlyMap<string, Float64Array>,
  { sizes, extents }: { sizes: Sizes; extents: Extents },
): Map<string, Float64Array> {
  const { replicas, sequences, steps } = extents;
  let current = new Map(values);
  for (let step = 0; step < steps; step++) {
    const next = new Map(current);
    for (const [name, tree] of Object.entries(stores)) {
      const size = sizeOf(tree.shape);
      const copies = memory[name]!.shared ? 1 : sequences;
      const result = new Float64Array(replicas * copies * size);
      for (let p = 0; p < replicas; p++) {
        const load = (slot: string, b: number) => {
          const { kind, shared } = memory[slot]!;
          const length = sizeOf(shapeOf(kind, sizes));
          const offset = (shared ? p : p * sequences + b) * length;
          return Array.from(current.get(slot)!.subarray(offset, offset + length));
        };
        for (let b = 0; b < copies; b++) {
          result.set(compute(tree, { b, sequences, load }), (p * copies + b) * size);
        }
      }
      next.set(name, result);
    }
    current = next;
  }
  return current;
}

/** Whether all numbers stay small enough for float32 to follow. */
export function isTame(values: ReadonlyMap<string, Float64Array>): boolean {
  return [...values.values()].every((array) => array.every((value) => Math.abs(value) < 100));
}
