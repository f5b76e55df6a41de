/** Correct first, then fast: a program's result is checked against float64 before it is timed. */
import type { Backend, Engine } from "../core/backends/backend.ts";
import { initialValues } from "../core/backends/initial_values.ts";
import { isPersistent } from "../core/backends/layout.ts";
import { referenceBackend } from "../core/backends/reference/reference.ts";
import type { Program } from "../core/program/program.ts";
import { createBatches } from "../core/training/batches.ts";
import { procedureCost } from "../core/schedule/cost.ts";
import { relativeRms } from "../core/testing/relative_rms.ts";
import type { Task } from "../core/training/task.ts";

export interface Timing {
  /** Milliseconds of one training iteration. */
  readonly ms: number;
  readonly sequenceStepsPerSecond: number;
  /** From the plan's own counts. */
  readonly gigabytesPerSecond: number;
  readonly gigaflopsPerSecond: number;
  /** Largest relative RMS against float64 after two iterations. */
  readonly error: number;
}

const BOUND = 1e-5;
const ITERATIONS = 2;

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
 * Prepares an engine whose result was checked.
 *
 * @throws Error naming the slot whose relative RMS against float64 is above 1e-5.
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
  for (const each of [engine, reference]) await each.run("train", { iterations: ITERATIONS });
  const [ours, expected] = [await engine.read(names), await reference.read(names)];
  reference.close();
  let error = 0;
  for (const slot of names) {
    const each = relativeRms(ours.get(slot)!, expected.get(slot)!);
    if (!(each <= BOUND)) {
      throw new Error(`${name}: ${slot} is off by ${each} (relative RMS), allowed ${BOUND}`);
    }
    error = Math.max(error, each);
  }
  return { engine, error };
}

/** Median of a few runs of one iteration, waited for. */
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
  const { operations, bytes } = procedureCost(engine.program, "train");
  return {
    ms,
    sequenceStepsPerSecond: replicas * sequences * steps / ms * 1e3,
    gigabytesPerSecond: bytes / ms / 1e6,
    gigaflopsPerSecond: operations / ms / 1e6,
    error,
  };
}
