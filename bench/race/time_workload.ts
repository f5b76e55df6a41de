import { initialValues } from "../../core/backends/initial_values.ts";
import { isPersistent } from "../../core/backends/layout.ts";
import type { Backend } from "../../core/backends/backend.ts";
import type { Workload } from "../workloads.ts";
import type { Row } from "./row.ts";

/** Before it is timed: V8 compiles a function again, and better, only after it has run for a while. */
const WARM_UP_MS = 1500;
const WARM_UP_RUNS = 3;

const round = (ms: number): number => Math.round(ms * 1e4) / 1e4;

/** Times one training iteration of a workload. */
export async function timeWorkload(
  { build, inputs, name }: Workload,
  { backend, threads, repeats }: { backend: Backend; threads: number; repeats: number },
): Promise<Row> {
  const program = build(backend.name);
  const engine = await backend.prepare(program);
  const seeds = Array.from({ length: program.extents.replicas }, (_, replica) => replica + 1);
  for (const slot of program.slots.values()) {
    if (isPersistent(slot)) engine.write(slot.name, initialValues(program, slot.name, seeds));
  }
  inputs(program).forEach((input, slot) => engine.write(slot, input));
  const once = async () => {
    const started = performance.now();
    await engine.run("train", { iterations: 1 });
    // A GPU has only been given its work until something is read.
    if (backend.name === "gpu") await engine.read(["metrics/train"]);
    return performance.now() - started;
  };
  const warm = performance.now() + WARM_UP_MS;
  for (let run = 0; run < WARM_UP_RUNS || performance.now() < warm; run++) await once();
  const times: number[] = [];
  for (let repeat = 0; repeat < repeats; repeat++) times.push(await once());
  times.sort((a, b) => a - b);
  engine.close();
  return {
    workload: name,
    engine: "hebb",
    version: "0.1.0",
    device: backend.name,
    threads,
    ms: round(times[Math.floor(repeats / 2)]!),
    min_ms: round(times[0]!),
    max_ms: round(times.at(-1)!),
    repeats,
  };
}
