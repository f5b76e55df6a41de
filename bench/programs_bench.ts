/**
 * `deno task bench`: checks every program on every backend against the float64 reference, then times it.
 *
 * HEBB_BENCH=TEXT runs only the cases whose name has TEXT in it.
 */
import type { Backend } from "../core/backends/backend.ts";
import { openBackend } from "../core/backends/open_backend.ts";
import { benchCases } from "./cases.ts";
import { checkedEngine, timeIteration } from "./check_then_time.ts";

const only = Deno.env.get("HEBB_BENCH") ?? "";

async function open(device: "reference" | "cpu" | "gpu"): Promise<Backend | undefined> {
  try {
    return (await openBackend({ device, allowSoftwareAdapter: true })).backend;
  } catch (error) {
    console.log(`skipped ${device}: ${(error as Error).message}`);
    return undefined;
  }
}

for (const device of ["reference", "cpu", "gpu"] as const) {
  const backend = await open(device);
  if (!backend) continue;
  console.log(`${backend.name}: ${backend.description}`);
  for (const work of benchCases(only)) {
    const { engine, error } = await checkedEngine(backend, work);
    const timing = await timeIteration(engine, error);
    console.log(
      `  ${work.name.padEnd(26)} ${timing.ms.toFixed(3).padStart(9)} ms` +
        `${timing.sequenceStepsPerSecond.toExponential(2).padStart(11)} sequence-steps/s` +
        `${timing.gigabytesPerSecond.toFixed(2).padStart(8)} GB/s` +
        `${timing.gigaflopsPerSecond.toFixed(2).padStart(8)} GFLOP/s` +
        `   error ${error.toExponential(1)}`,
    );
    Deno.bench({
      name: `${work.name} on ${backend.name}`,
      group: work.name,
      baseline: device === "reference",
      async fn() {
        await engine.run("train", { iterations: 1 });
        await engine.read(["metrics/train"]);
      },
    });
  }
}
