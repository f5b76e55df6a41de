/** Gradients of the loss of a whole sequence: derived, and by central differences. */
import { type Extents, type Shape, sizeOf } from "../axes.ts";
import { throughTime } from "../autodiff/through_time.ts";
import type { Engine } from "../backends/backend.ts";
import { referenceBackend } from "../backends/reference/reference.ts";
import type { Value } from "../program/elementwise.ts";
import { describeInput, type InputDeclarations } from "../program/input.ts";
import { add, batchMean, filled } from "../program/language.ts";
import { createProgram, type Program } from "../program/program.ts";
import { centralDifferences } from "./central_differences.ts";
import { seededValues } from "./seeded_values.ts";

type Named = Readonly<Record<string, Value>>;

/** Equations of one step, and what they need. */
export interface Recurrence {
  readonly parameters: Readonly<Record<string, { shape: Shape; fast?: boolean }>>;
  readonly state: Readonly<Record<string, Shape>>;
  readonly inputs: InputDeclarations;
  readonly step: (x: { p: Named; s: Named; x: Named }) => { state: Named; loss: Value };
}

/**
 * A program with the procedure `train`: loads the state from `first/<state>`, runs the recurrence,
 * leaves the mean loss in `loss` and the gradient of every parameter in `d/<parameter>`.
 */
export function recurrenceProgram(
  { parameters, state, inputs, step }: Recurrence,
  { extents, truncate = 0 }: { extents: Extents; truncate?: number },
): Program {
  const builder = createProgram(extents);
  for (const [name, { shape, fast = false }] of Object.entries(parameters)) {
    builder.slot(name, { kind: "parameter", shape, hasBatchAxis: fast });
    builder.slot(`d/${name}`, { kind: "optimizer", shape, hasBatchAxis: fast });
  }
  for (const [name, shape] of Object.entries(state)) {
    builder.slot(name, { kind: "state", shape, hasBatchAxis: true });
    builder.slot(`first/${name}`, { kind: "constant", shape, hasBatchAxis: true });
  }
  for (const [name, declaration] of Object.entries(inputs)) {
    const { shape, perStep } = describeInput(declaration);
    builder.slot(name, { kind: "input", shape, hasBatchAxis: true, hasTimeAxis: perStep });
  }
  builder.slot("losses", { kind: "state", hasBatchAxis: true });
  builder.slot("loss", { kind: "metric" });
  builder.stage("train", { name: "reset" }, (stage) => {
    for (const name of Object.keys(state)) stage.store(name, stage.load(`first/${name}`));
    stage.store("losses", 0);
  });
  const gradientOf = throughTime(builder, "train", {
    truncate,
    write(stage) {
      const load = (from: object): Named =>
        Object.fromEntries(Object.keys(from).map((name) => [name, stage.load(name)]));
      const before = load(state);
      const { state: nextState, loss } = step({ p: load(parameters), s: before, x: load(inputs) });
      for (const [name, value] of Object.entries(nextState)) stage.store(name, value);
      stage.store("losses", add(stage.load("losses"), loss));
      return { state: before, nextState, loss };
    },
  });
  builder.stage("train", { name: "finish" }, (stage) => {
    for (const name of Object.keys(parameters)) {
      const parameter = stage.load(name);
      const gradient = gradientOf(stage, name) ?? filled(parameter, 0, parameter.shape);
      stage.store(`d/${name}`, gradient);
    }
    stage.store("loss", batchMean(stage.load("losses")));
  });
  return builder.build();
}

/** Fills parameters, first states and inputs with numbers from U(-1, 1) times `scale`. */
export function fillRecurrence(engine: Engine, scale = 0.8): Map<string, Float64Array> {
  const values = new Map<string, Float64Array>();
  const { slots, extents } = engine.program;
  let seed = 100;
  for (const [name, slot] of slots) {
    if (slot.kind !== "parameter" && slot.kind !== "constant" && slot.kind !== "input") continue;
    const size = sizeOf(slot.shape) * extents.replicas *
      (slot.hasBatchAxis ? extents.sequences : 1) *
      (slot.hasTimeAxis ? extents.steps : 1);
    const drawn = seededValues(size, { seed: seed++, low: -scale, high: scale });
    values.set(name, drawn);
    engine.write(name, drawn);
  }
  return values;
}

/** Gradients by parameter: derived, and by central differences. */
export interface TwoGradients {
  readonly derived: ReadonlyMap<string, ArrayLike<number>>;
  readonly central: ReadonlyMap<string, readonly number[]>;
}

/** Both gradients of the mean over sequences of the loss summed over steps. */
export async function gradientsThroughTime(
  recurrence: Recurrence,
  { extents, truncate = 0 }: { extents: Extents; truncate?: number },
): Promise<TwoGradients> {
  const engine = await referenceBackend().prepare(
    recurrenceProgram(recurrence, { extents, truncate }),
  );
  const values = fillRecurrence(engine);
  const names = Object.keys(recurrence.parameters);
  await engine.run("train", { iterations: 1 });
  const read = await engine.read(names.map((name) => `d/${name}`));
  const lossWith = async (name: string, moved: Float64Array) => {
    engine.write(name, moved);
    await engine.run("train", { iterations: 1 });
    const losses = (await engine.read(["loss"])).get("loss")!;
    return Array.from(losses).reduce((a, b) => a + b, 0);
  };
  const central = new Map<string, number[]>();
  for (const name of names) {
    const base = values.get(name)!;
    const gradient = await centralDifferences(base, (moved) => lossWith(name, moved));
    engine.write(name, base);
    central.set(name, gradient);
  }
  engine.close();
  return { derived: new Map(names.map((name) => [name, read.get(`d/${name}`)!])), central };
}
