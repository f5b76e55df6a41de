/** Runs expressions once, by default on the float64 reference. */
import { type Extents, type Shape, sizeOf } from "../axes.ts";
import type { Backend, Engine } from "../backends/backend.ts";
import { referenceBackend } from "../backends/reference/reference.ts";
import type { Value } from "../program/elementwise.ts";
import { createProgram } from "../program/program.ts";
import { seededValues } from "./seeded_values.ts";

/** An input of an expression: `values` [P, B?, ...shape], or numbers from U(low, high), by default ±1. */
export interface TestInput {
  readonly shape: Shape;
  readonly hasBatchAxis?: boolean;
  readonly values?: ArrayLike<number>;
  readonly low?: number;
  readonly high?: number;
}
/** The inputs in the graph of the stage, by name. */
export type Values<G> = { readonly [K in keyof G]: Value };

/** One replica, one sequence, one step. */
export const single: Extents = { replicas: 1, sequences: 1, steps: 1 };

/** A stage on a backend, ready to run. */
export interface PreparedStage {
  readonly engine: Engine;
  /** First values of the inputs. */
  readonly values: ReadonlyMap<string, Float64Array>;
  /** Runs the stage. @returns the results, by name. */
  run(): Promise<Map<string, ArrayLike<number>>>;
}

/** Prepares a program of one stage, which stores every value that `write` returns under its name. */
export async function prepareStage<G extends Readonly<Record<string, TestInput>>>(
  inputs: G,
  write: (values: Values<G>) => Readonly<Record<string, Value>>,
  { extents = single, loop = false, backend = referenceBackend() }: {
    extents?: Extents;
    loop?: boolean;
    backend?: Backend;
  } = {},
): Promise<PreparedStage> {
  const builder = createProgram(extents);
  for (const [name, { shape, hasBatchAxis }] of Object.entries(inputs)) {
    builder.slot(name, { kind: "parameter", shape, hasBatchAxis });
  }
  let outputs: string[] = [];
  builder.stage("main", { name: "main", loop: loop ? "forward" : "none" }, (stage) => {
    const loads = Object.fromEntries(Object.keys(inputs).map((name) => [name, stage.load(name)]));
    const results = write(loads as Values<G>);
    outputs = Object.keys(results).map((name) => `result/${name}`);
    for (const [name, value] of Object.entries(results)) {
      const { shape, hasBatchAxis } = value;
      builder.slot(`result/${name}`, { kind: "state", shape, hasBatchAxis });
      stage.store(`result/${name}`, value);
    }
  });
  const engine = await backend.prepare(builder.build());
  const values = new Map<string, Float64Array>();
  Object.entries(inputs).forEach(([name, input], index) => {
    const { shape, hasBatchAxis, low, high } = input;
    const size = sizeOf(shape) * extents.replicas * (hasBatchAxis ? extents.sequences : 1);
    const first = input.values
      ? Float64Array.from(input.values)
      : seededValues(size, { seed: 11 + index, low: low ?? -1, high: high ?? 1 });
    values.set(name, first);
    engine.write(name, first);
  });
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

/** The result of one expression, as plain numbers. */
export async function evaluate<G extends Readonly<Record<string, TestInput>>>(
  inputs: G,
  write: (values: Values<G>) => Value,
  options: { extents?: Extents; loop?: boolean } = {},
): Promise<number[]> {
  const prepared = await prepareStage(inputs, (values) => ({ value: write(values) }), options);
  return Array.from((await prepared.run()).get("value")!);
}
