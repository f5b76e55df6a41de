/** Runs expressions once on the float64 reference. */
import { type Extents, type Shape, sizeOf } from "../axes.ts";
import type { Engine } from "../backends/backend.ts";
import { referenceBackend } from "../backends/reference/reference.ts";
import type { Value } from "../program/elementwise.ts";
import { createProgram } from "../program/program.ts";
import { seededValues } from "./seeded_values.ts";

/** A value that an expression is given: [P, B?, ...shape], or drawn from U(low, high). */
export interface Given {
  readonly shape: Shape;
  readonly hasBatchAxis?: boolean;
  readonly values?: ArrayLike<number>;
  readonly low?: number;
  readonly high?: number;
}
export type Values<G> = { readonly [K in keyof G]: Value };

export const single: Extents = { replicas: 1, sequences: 1, steps: 1 };

export interface PreparedStage {
  readonly engine: Engine;
  /** What the given slots hold. */
  readonly values: ReadonlyMap<string, Float64Array>;
  run(): Promise<Map<string, ArrayLike<number>>>;
}

/** Makes a program of one stage that stores every value that `write` returns under its name. */
export async function prepareStage<G extends Readonly<Record<string, Given>>>(
  given: G,
  write: (values: Values<G>) => Readonly<Record<string, Value>>,
  { extents = single, loop = false }: { extents?: Extents; loop?: boolean } = {},
): Promise<PreparedStage> {
  const builder = createProgram(extents);
  for (const [name, { shape, hasBatchAxis }] of Object.entries(given)) {
    builder.slot(name, { kind: "parameter", shape, hasBatchAxis });
  }
  let outputs: string[] = [];
  builder.stage("main", { name: "main", loop: loop ? "forward" : "none" }, (stage) => {
    const loads = Object.fromEntries(Object.keys(given).map((name) => [name, stage.load(name)]));
    const results = write(loads as Values<G>);
    outputs = Object.keys(results).map((name) => `result/${name}`);
    for (const [name, value] of Object.entries(results)) {
      const { shape, hasBatchAxis } = value;
      builder.slot(`result/${name}`, { kind: "state", shape, hasBatchAxis });
      stage.store(`result/${name}`, value);
    }
  });
  const engine = await referenceBackend().prepare(builder.build());
  const values = new Map<string, Float64Array>();
  Object.entries(given).forEach(
    ([name, { shape, hasBatchAxis, values: own, low, high }], index) => {
      const size = sizeOf(shape) * extents.replicas * (hasBatchAxis ? extents.sequences : 1);
      const drawn = own
        ? Float64Array.from(own)
        : seededValues(size, { seed: 11 + index, low: low ?? -1, high: high ?? 1 });
      values.set(name, drawn);
      engine.write(name, drawn);
    },
  );
  return {
    engine,
    values,
    async run() {
      await engine.run("main", { iterations: 1 });
      const read = await engine.read(outputs);
      return new Map([...read].map(([name, value]) => [name.slice("result/".length), value]));
    },
  };
}

/** The one result of an expression, as plain numbers. */
export async function evaluate<G extends Readonly<Record<string, Given>>>(
  given: G,
  write: (values: Values<G>) => Value,
  options: { extents?: Extents; loop?: boolean } = {},
): Promise<number[]> {
  const prepared = await prepareStage(given, (values) => ({ value: write(values) }), options);
  return Array.from((await prepared.run()).get("value")!);
}
