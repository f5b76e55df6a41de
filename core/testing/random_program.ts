/** Random loops over states that read and overwrite each other, for the scheduler to get wrong. */
import fc from "fast-check";
import { type Extents, type Shape, sizeOf } from "../axes.ts";
import { createProgram, type Program } from "../program/program.ts";
import { build, compute, show, type Tree } from "./naive.ts";
import { seededValues } from "./seeded_values.ts";

export interface Sizes {
  readonly n: number;
  readonly m: number;
}

interface Declared {
  readonly kind: "scalar" | "n" | "m" | "nn" | "nm";
  readonly shared?: boolean;
}

/** The memory of every random program. */
const memory: Readonly<Record<string, Declared>> = {
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

function shapeOf(kind: Declared["kind"], { n, m }: Sizes): Shape {
  return { scalar: [] as const, n: [n], m: [m], nn: [n, n], nm: [n, m] }[kind] as Shape;
}

/** What every stored slot becomes; slots that are missing are not stored. */
export type Stores = Readonly<Record<string, Tree>>;

/** Arbitrary expressions of every kind, `shared/<kind>` for values that all sequences share. */
function expressions(sizes: Sizes): (name: string) => fc.Arbitrary<Tree> {
  const kinds = ["scalar", "n", "m", "nn", "nm"] as const;
  const loads = (kind: Declared["kind"], shared: boolean) =>
    Object.entries(memory)
      .filter(([, each]) => each.kind === kind && (!shared || each.shared))
      .map(([name]): Tree => ({ name, shape: shapeOf(kind, sizes) }));
  const { ...ties } = fc.letrec<Record<string, Tree>>((tie) => {
    const all: Record<string, fc.Arbitrary<Tree>> = {};
    for (const shared of [false, true]) {
      const of = (kind: string) => tie(shared ? `shared/${kind}` : kind);
      for (const kind of kinds) {
        const shape = shapeOf(kind, sizes);
        const node = (op: string, ...parts: string[]) =>
          fc.tuple(...parts.map(of)).map((trees): Tree => ({ op, of: trees, shape }));
        const leaves = loads(kind, shared);
        const mean = tie(kind).map((tree): Tree => ({ op: "batchMean", of: [tree], shape }));
        const either = ["add", "sub", "mul", "max"].map((op) => node(op, kind, kind));
        const one = ["half", "neg", "tanh", "sigmoid"].map((op) => node(op, kind));
        const own: fc.Arbitrary<Tree>[] = [...either, ...one, node("where", kind, kind, kind)];
        if (kind === "scalar") {
          own.push(
            node("dot", "n", "n"),
            node("sum", "nm"),
            node("sum", "n"),
            node("largest", "n"),
          );
        } else own.push(node("mul", kind, "scalar"));
        if (kind === "n") {
          own.push(node("matvec", "nn", "n"), node("matvec", "nm", "m"), node("vecmat", "n", "nn"));
        }
        if (kind === "m") own.push(node("vecmat", "n", "nm"));
        if (kind === "n" || kind === "m") {
          own.push(node("softmax", kind), node("roll", kind), node("first", kind));
        }
        if (kind === "nn" || kind === "nm") {
          const pre = kind === "nn" ? "n" : "m";
          own.push(
            node("outer", "n", pre),
            node("addRow", kind, pre),
            node("mulColumn", kind, "n"),
          );
        }
        if (kind === "nn") own.push(node("transpose", "nn"), node("transpose", "nn"));
        const leaf = leaves.length > 0 ? fc.constantFrom(...leaves) : mean;
        const inner = shared ? [mean, ...own] : own;
        all[shared ? `shared/${kind}` : kind] = fc.oneof(
          { maxDepth: 4, depthIdentifier: "expression" },
          leaf,
          ...inner,
        );
      }
    }
    return all;
  });
  return (name) => ties[name]!;
}

/** Arbitrary simultaneous assignments. */
export function arbitraryStores(sizes: Sizes): fc.Arbitrary<Stores> {
  const of = expressions(sizes);
  const entries = Object.entries(memory).map(([name, { kind, shared }]) =>
    [name, of(shared ? `shared/${kind}` : kind)] as const
  );
  return fc.record(Object.fromEntries(entries), { requiredKeys: [] })
    .filter((stores) => Object.keys(stores).length > 0) as fc.Arbitrary<Stores>;
}

export const showStores = (stores: Stores): string =>
  Object.entries(stores).map(([name, tree]) => `${name} <- ${show(tree)}`).join("; ");

/** The program: `train` assigns `stores` once a step. */
export function programOf(
  stores: Stores,
  { sizes, extents }: { sizes: Sizes; extents: Extents },
): Program {
  const builder = createProgram(extents);
  for (const [name, { kind, shared = false }] of Object.entries(memory)) {
    builder.slot(name, { kind: "parameter", shape: shapeOf(kind, sizes), hasBatchAxis: !shared });
  }
  builder.stage("train", { name: "step", loop: "forward" }, (stage) => {
    const { sequences } = extents;
    for (const [name, tree] of Object.entries(stores)) {
      stage.store(name, build(tree, { sequences, load: stage.load }));
    }
  });
  return builder.build();
}

/** First values of all memory, in [-1, 1]. */
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

/** Runs the assignments directly, T times: the meaning of the program, without the program. */
export function runNaively(
  stores: Stores,
  values: ReadonlyMap<string, Float64Array>,
  { sizes, extents }: { sizes: Sizes; extents: Extents },
): Map<string, Float64Array> {
  const { replicas, sequences, steps } = extents;
  let now = new Map(values);
  for (let step = 0; step < steps; step++) {
    const next = new Map(now);
    for (const [name, tree] of Object.entries(stores)) {
      const size = sizeOf(tree.shape);
      const copies = memory[name]!.shared ? 1 : sequences;
      const result = new Float64Array(replicas * copies * size);
      for (let p = 0; p < replicas; p++) {
        const load = (slot: string, b: number) => {
          const { kind, shared } = memory[slot]!;
          const length = sizeOf(shapeOf(kind, sizes));
          const offset = (shared ? p : p * sequences + b) * length;
          return Array.from(now.get(slot)!.subarray(offset, offset + length));
        };
        for (let b = 0; b < copies; b++) {
          result.set(compute(tree, { b, sequences, load }), (p * copies + b) * size);
        }
      }
      next.set(name, result);
    }
    now = next;
  }
  return now;
}

/** Whether all numbers stay small enough for float32 to follow. */
export function isTame(values: ReadonlyMap<string, Float64Array>): boolean {
  return [...values.values()].every((each) => each.every((value) => Math.abs(value) < 100));
}
