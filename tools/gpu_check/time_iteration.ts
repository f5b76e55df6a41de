/** Times training iterations on a device whose results take long to come back. */
import type { Backend } from "../../core/backends/backend.ts";
import { initialValues } from "../../core/backends/initial_values.ts";
import { isPersistent } from "../../core/backends/layout.ts";
import type { Workload } from "../../bench/workloads.ts";
import type { Program } from "../../core/program/program.ts";

/** Most iterations that are submitted before their end is waited for. */
const MOST_RUNS = 4096;

/** What limits the measurements. */
export interface Effort {
  /** About how long a series of iterations takes; there are about ten. */
  readonly seriesMs: number;
  /** The time that is left: what would take longer is not measured. */
  readonly leftMs: () => number;
}

/** The time is up, or would be. */
export class NoTimeError extends Error {
  override readonly name = "NoTimeError";
}

/**
 * Milliseconds of one training iteration: the least of three series, less the wait for a result; of one where
 * there is little time left.
 *
 * @throws NoTimeError if there is not even time for that.
 */
export async function timeIteration(
  backend: Backend,
  { program, inputs }: { program: Program; inputs: Workload["inputs"] },
  { seriesMs, leftMs }: Effort,
): Promise<number> {
  using engine = await backend.prepare(program);
  const seeds = Array.from({ length: program.extents.replicas }, (_, replica) => replica + 1);
  for (const slot of program.slots.values()) {
    if (isPersistent(slot)) engine.write(slot.name, initialValues(program, slot.name, seeds));
  }
  inputs(program).forEach((values, slot) => engine.write(slot, values));
  const series = async (runs: number) => {
    const started = performance.now();
    for (let run = 0; run < runs; run++) await engine.run("train", { iterations: 1 });
    await engine.read(["metrics/train"]);
    return performance.now() - started;
  };
  const least = async (runs: number) =>
    Math.min(await series(runs), await series(runs), await series(runs));
  const first = await series(1);
  if (first > leftMs()) throw new NoTimeError();
  const wait = await least(0);
  let runs = 1;
  let took = await series(1);
  if (8 * took > leftMs()) return Math.max(took - wait, 0);
  for (; took < seriesMs + wait && runs < MOST_RUNS;) {
    runs *= 2;
    took = await series(runs);
  }
  return Math.max(await least(runs) - wait, 0) / runs;
}
