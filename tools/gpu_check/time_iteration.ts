/** Times training iterations on a device whose results take long to come back. */
import type { Backend } from "../../core/backends/backend.ts";
import { initialValues } from "../../core/backends/initial_values.ts";
import { isPersistent } from "../../core/backends/layout.ts";
import type { Workload } from "../../bench/workloads.ts";
import type { Program } from "../../core/program/program.ts";

/** Most iterations that are submitted before their end is waited for. */
const MOST_RUNS = 4096;

/**
 * Milliseconds of one training iteration: the least of three series, less the wait for a result.
 *
 * @param seriesMs about how long a series takes.
 */
export async function timeIteration(
  backend: Backend,
  { program, inputs }: { program: Program; inputs: Workload["inputs"] },
  seriesMs: number,
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
  await series(1);
  const wait = await least(0);
  let runs = 1;
  for (let took = await series(1); took < seriesMs + wait && runs < MOST_RUNS;) {
    runs *= 2;
    took = await series(runs);
  }
  return Math.max(await least(runs) - wait, 0) / runs;
}
