/** Runs one stage on any backend, from given numbers. */
import type { Shape } from "../axes.ts";
import type { Backend, Values } from "../backends/backend.ts";
import type { Value } from "../program/elementwise.ts";
import type { SlotKind } from "../program/node.ts";
import { createProgram, type Program } from "../program/program.ts";

/** A number, vector or matrix of each sequence. */
interface StageInput {
  readonly shape: Shape;
  readonly values: readonly number[];
  /** Default: "parameter". */
  readonly kind?: SlotKind;
}

/** What a stage reads, and the results that it makes of it. */
export interface StageCase {
  readonly sequences: number;
  readonly inputs: Readonly<Record<string, StageInput>>;
  readonly write: (inputs: Readonly<Record<string, Value>>) => Readonly<Record<string, Value>>;
}

const RESULT = "result/";

function programOf({ sequences, inputs, write }: StageCase): Program {
  const builder = createProgram({ replicas: 1, sequences, steps: 1 });
  for (const [name, { shape, kind = "parameter" }] of Object.entries(inputs)) {
    builder.slot(name, { kind, shape, hasBatchAxis: true });
  }
  builder.stage("main", { name: "main" }, (stage) => {
    const loads = Object.keys(inputs).map((name) => [name, stage.load(name)] as const);
    for (const [name, value] of Object.entries(write(Object.fromEntries(loads)))) {
      const { shape, hasBatchAxis } = value;
      builder.slot(RESULT + name, { kind: "optimizer", shape, hasBatchAxis });
      stage.store(RESULT + name, value);
    }
  });
  return builder.build();
}

/** The results of a stage, by name. */
export async function runStage(backend: Backend, stage: StageCase): Promise<Map<string, Values>> {
  const program = programOf(stage);
  const engine = await backend.prepare(program);
  for (const [name, { values }] of Object.entries(stage.inputs)) {
    engine.write(name, Float32Array.from(values));
  }
  await engine.run("main", { iterations: 1 });
  const results = [...program.slots.keys()].filter((name) => name.startsWith(RESULT));
  const read = await engine.read(results);
  engine.close();
  return new Map([...read].map(([name, values]) => [name.slice(RESULT.length), values]));
}
