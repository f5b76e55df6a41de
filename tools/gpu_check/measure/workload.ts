/** A workload: what the model of memory traffic says of it, and how long a training iteration takes. */
import { attractor, published, type Workload, workloads } from "../../../bench/workloads.ts";
import type { Engine } from "../../../core/backends/backend.ts";
import { initialValues } from "../../../core/backends/initial_values.ts";
import { isPersistent } from "../../../core/backends/layout.ts";
import { programTraffic, totalTraffic } from "../../../core/backends/webgpu/program_traffic.ts";
import { webgpuBackend } from "../../../core/backends/webgpu/webgpu.ts";
import type { Program } from "../../../core/program/program.ts";
import type { Say } from "./say.ts";
import { type Estimate, timeRuns } from "./time_runs.ts";

/** What is said of a workload, of a training iteration. */
export interface WorkloadFacts extends Estimate {
  readonly launches: number;
  readonly barriers: number;
  /** Bytes that have to move, and those of all sectors that lanes touch. */
  readonly floorBytes: number;
  readonly sectorBytes: number;
  /** Memory of the device. */
  readonly memoryBytes: number;
  /** Seconds from the start of the process to the first result: kernels are printed and compiled. */
  readonly firstSeconds: number;
}

/** A workload by its name; the attractor network has any number of replicas. */
function findWorkload(name: string): Workload {
  const [, replicas] = /^attractor-n64-t1000-r(\d+)$/.exec(name) ?? [];
  if (replicas) return attractor(Number(replicas));
  return [published, ...workloads].find((workload) => workload.name === name)!;
}

/** Says what is known, as soon as it is: of a slow iteration the model first, then one, then more of them. */
export async function measureWorkload(
  say: Say,
  { name, seriesMs }: { name: string; seriesMs: number },
): Promise<void> {
  const { build, inputs } = findWorkload(name);
  const program = build("gpu");
  const { launches, barriers, floorBytes, sectors } = totalTraffic(
    programTraffic(program, "train"),
  );
  say({ launches, barriers, floorBytes, sectorBytes: 32 * sectors });
  using backend = await webgpuBackend({ allowSoftware: true });
  using engine = await backend.prepare(program);
  say({ memoryBytes: [...engine.memory.values()].reduce((sum, bytes) => sum + bytes, 0) });
  writeAll(engine, inputs(program));
  const series = async (runs: number) => {
    const started = performance.now();
    for (let run = 0; run < runs; run++) await engine.run("train", { iterations: 1 });
    const hostMs = performance.now() - started;
    await engine.read(["metrics/train"]);
    return { ms: performance.now() - started, hostMs };
  };
  await series(1);
  say({ firstSeconds: performance.now() / 1e3 });
  for await (const estimate of timeRuns(series, seriesMs)) say({ ...estimate });
}

/** Gives all lasting slots their first values, and the inputs theirs. */
function writeAll(engine: Engine, inputs: ReturnType<Workload["inputs"]>): void {
  const { program }: { program: Program } = engine;
  const seeds = Array.from({ length: program.extents.replicas }, (_, replica) => replica + 1);
  for (const slot of program.slots.values()) {
    if (isPersistent(slot)) engine.write(slot.name, initialValues(program, slot.name, seeds));
  }
  inputs.forEach((values, slot) => engine.write(slot, values));
}
