/** Checks the result of a program against the float64 reference, then times it. */
import type { Backend, Engine } from "../core/backends/backend.ts";
import { initialValues } from "../core/backends/initial_values.ts";
import { isPersistent } from "../core/backends/layout.ts";
import { referenceBackend } from "../core/backends/reference/reference.ts";
import type { Program } from "../core/program/program.ts";
import { createBatches } from "../core/training/batches.ts";
import { procedureCost } from "../core/schedule/cost.ts";
import { hoistInvariants } from "../core/schedule/hoist_invariants.ts";
import { relativeRms } from "../core/testing/relative_rms.ts";
import type { Task } from "../core/training/task.ts";

/** What one bench reports. */
export interface Timing {
  /** Milliseconds of one training iteration. */
  readonly ms: number;
  readonly sequenceStepsPerSecond: number;
  /** Rates by the counts of `procedureCost`. */
  readonly gigabytesPerSecond: number;
  readonly gigaflopsPerSecond: number;
  /** Largest relative RMS error of a parameter after two iterations. */
  readonly error: number;
}

const BOUND = 1e-5;
const ITERATIONS = 2;

/** Prepares a program with first values and a batch of its task. */
async function start(
  backend: Backend,
  { program, task }: { program: Program; task: Task },
): Promise<Engine> {
  const seeds = Array.from({ length: program.extents.replicas }, (_, index) => index + 1);
  const engine = await backend.prepare(program, { chunk: ITERATIONS });
  for (const slot of program.slots.values()) {
    if (isPersistent(slot)) engine.write(slot.name, initialValues(program, slot.name, seeds));
  }
  const batches = createBatches(program, task, { seeds, chunk: ITERATIONS });
  batches.draw("train", { first: 0, iterations: ITERATIONS }).forEach((values, name) =>
    engine.write(name, values)
  );
  return engine;
}

/**
 * Prepares an engine, and checks the parameters after two iterations.
 *
 * @throws Error that names the parameter, if its relative RMS error is above 1e-5.
 */
export async function checkedEngine(
  backend: Backend,
  work: { name: string; program: Program; task: Task },
): Promise<{ engine: Engine; error: number }> {
  const { program, name } = work;
  const engine = await start(backend, work);
  const reference = await start(referenceBackend(), work);
  const names = [...program.slots.values()].filter(({ kind }) => kind === "parameter").map((slot) =>
    slot.name
  );
  for (const trained of [engine, reference]) await trained.run("train", { iterations: ITERATIONS });
  const [actual, expected] = [await engine.read(names), await reference.read(names)];
  reference.close();
  let error = 0;
  for (const slot of names) {
    const slotError = relativeRms(actual.get(slot)!, expected.get(slot)!);
    if (!(slotError <= BOUND)) {
      throw new Error(`${name}: ${slot} is off by ${slotError} (relative RMS), allowed ${BOUND}`);
    }
    error = Math.max(error, slotError);
  }
  return { engine, error };
}

/** Times an iteration: the median of at least 5 runs, over half a second. */
export async function timeIteration(engine: Engine, error: number): Promise<Timing> {
  const times: number[] = [];
  const began = performance.now();
  while (times.length < 5 || performance.now() - began < 500 && times.length < 100) {
    const before = performance.now();
    await engine.run("train", { iterations: ITERATIONS });
    await engine.read(["metrics/train"]);
    times.push((performance.now() - before) / ITERATIONS);
  }
  const ms = times.sort((a, b) => a - b)[Math.floor(times.length / 2)]!;
  const { replicas, sequences, steps } = engine.program.extents;
  const { operations, bytes } = procedureCost(hoistInvariants(engine.program), "train");
  return {
    ms,
    sequenceStepsPerSecond: replicas * sequences * steps / ms * 1e3,
    gigabytesPerSecond: bytes / ms / 1e6,
    gigaflopsPerSecond: operations / ms / 1e6,
    error,
  };
}
