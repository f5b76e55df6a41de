/** Runs a program on several engines from the same start, and compares the results. */
import assert from "node:assert/strict";
import type { Backend, Engine, Values } from "../backends/backend.ts";
import { initialValues } from "../backends/initial_values.ts";
import { isPersistent, slotSize } from "../backends/layout.ts";
import type { Slot } from "../program/node.ts";
import type { Program } from "../program/program.ts";
import { isKeySlot } from "../program/random_keys.ts";
import { randomStream, streamOf } from "../random.ts";
import { createBatches } from "../training/batches.ts";
import type { Task } from "../training/task.ts";
import { relativeRms } from "./relative_rms.ts";

/** The program with only some of its procedures, so that fewer kernels are compiled. */
export function onlyProcedures(program: Program, names: readonly string[]): Program {
  const procedures = new Map([...program.procedures].filter(([name]) => names.includes(name)));
  return { ...program, procedures };
}

/** Random inputs of a slot; its name says whether they are symbols, masks or numbers. */
function inputValues(
  slot: Slot,
  { size, symbols }: { size: number; symbols: number },
): Float32Array {
  const random = randomStream({ seed: 7, stream: streamOf(slot.name) });
  return Float32Array.from({ length: size }, (_, index) => {
    if (isKeySlot(slot)) return random.below(1 << 16);
    if (slot.name === "symbol" || slot.name === "target") return random.below(symbols);
    // Every fifth step is padding, never the first one.
    if (slot.name === "mask") return index % 5 === 4 ? 0 : 1;
    if (slot.name === "recall" || slot.name === "last") return random.below(2);
    return 2 * random.uniform() - 1;
  });
}

/** What an engine starts from. */
export interface TwinStart {
  /** P seeds of first values. */
  readonly seeds: readonly number[];
  /** Number of symbols that random inputs are drawn from; default: 2. */
  readonly symbols?: number;
  /** Makes the inputs; default: they are random numbers. */
  readonly task?: Task;
  /** Whether parameters are drawn as the program declares them; else they are filled as inputs are. */
  readonly drawn?: boolean;
}

/**
 * Writes first values and inputs, and NaN everywhere else: a program must not read what nobody has set.
 * Counts start at 0.
 */
export function writeStart(
  engine: Engine,
  { seeds, symbols = 2, task, drawn = true }: TwinStart,
): void {
  const { program, chunk } = engine;
  for (const [name, slot] of program.slots) {
    const size = slotSize(slot, program.extents, chunk);
    if (slot.kind === "input" || slot.kind === "parameter" && !drawn) {
      engine.write(name, inputValues(slot, { size, symbols }));
    } else if (isPersistent(slot)) engine.write(name, initialValues(program, name, seeds));
    else {
      engine.write(name, new Float32Array(size).fill(name.startsWith("count/") ? 0 : NaN));
    }
  }
  if (!task) return;
  createBatches(program, task, { seeds, chunk }).draw("train", { first: 0, iterations: chunk })
    .forEach((values, name) => engine.write(name, values));
}

/** The slots that are compared: persistent ones, probes, and the metrics of the program's procedures. */
export function keptSlots({ slots, procedures }: Program): string[] {
  const metrics = [...procedures.values()].flat().flatMap(({ stores }) =>
    stores.flatMap(({ slot }) => slot.kind === "metric" ? [slot.name] : [])
  );
  return [...slots.values()].filter((slot) => isPersistent(slot) || slot.name.startsWith("probe/"))
    .map(({ name }) => name)
    .concat(metrics);
}

/** How a program is run. */
export interface TwinOptions extends TwinStart {
  readonly procedures?: readonly string[];
  /** Iterations of every procedure, all in one call. */
  readonly iterations?: number;
}

/** Runs procedures on a backend. @returns the values of `keptSlots`. */
export async function trainOn(
  backend: Backend,
  whole: Program,
  { procedures = ["train"], iterations = 3, ...start }: TwinOptions,
): Promise<Map<string, Values>> {
  const program = onlyProcedures(whole, procedures);
  const engine = await backend.prepare(program, { chunk: iterations });
  writeStart(engine, start);
  for (const procedure of procedures) {
    await engine.run(procedure, { iterations, restore: procedure === "evaluate" });
  }
  const left = await engine.read(keptSlots(program));
  engine.close();
  return left;
}

/**
 * Fails unless all slots agree, and names every slot that does not.
 *
 * @param bound on the relative rms error of a slot.
 * @param floor least rms that an error is relative to, for small sums of large numbers.
 */
export function assertTwins(
  actual: ReadonlyMap<string, Values>,
  expected: ReadonlyMap<string, Values>,
  { bound, what, floor }: { bound: number; what: string; floor?: number },
): void {
  const wrong: string[] = [];
  for (const [name, value] of expected) {
    const error = relativeRms(actual.get(name)!, value, { floor });
    if (!(error <= bound)) wrong.push(`${name}: ${error}`);
  }
  assert.equal(wrong.length, 0, `${what}: relative rms above ${bound}\n  ${wrong.join("\n  ")}`);
}
