/** Times of PyTorch and JAX on the workloads, beside ours. */
import { listPeers, timePeer } from "../../bench/race/peers.ts";
import type { Row } from "../../bench/race/row.ts";
import { markdownTable, threeDigits } from "./markdown_table.ts";

/** `torch.compile` is left out: on a GPU it compiles for minutes. */
const engines = ["torch", "jax"];

const REPEATS = 7;

/**
 * A table of times, or a sentence that says why there are none.
 *
 * @param times milliseconds of ours, by workload.
 */
export async function checkPeers(
  times: ReadonlyMap<string, number>,
  { python, device, leftMs }: { python: string; device: "cpu" | "cuda"; leftMs: () => number },
): Promise<string> {
  const rows: Row[] = [];
  const problems = new Map<string, string>();
  try {
    const known = await listPeers(python);
    for (const [workload, its] of known) {
      for (const engine of engines) {
        const isWanted = times.has(workload) && its.includes(engine) && !problems.has(engine);
        if (!isWanted || leftMs() <= 0) continue;
        const threads = navigator.hardwareConcurrency;
        const row = await timePeer({ workload, engine }, {
          python,
          threads,
          repeats: REPEATS,
          device,
        });
        if ("problem" in row) problems.set(engine, row.problem);
        else rows.push(row);
      }
    }
  } catch (error) {
    problems.set(engines.join(" and "), (error as Error).message);
  }
  const cells = rows.map(({ workload, engine, version, device, ms }) => [
    workload,
    `${engine} ${version}, ${device}`,
    threeDigits(ms),
    threeDigits(ms / times.get(workload)!),
  ]);
  return [
    ...cells.length > 0
      ? [markdownTable(["workload", "engine", "ms", "in multiples of ours"], cells)]
      : [],
    ...[...problems].map(([engine, problem]) => `${engine}: not measured, ${problem}`),
  ].join("\n\n") || "Not measured, the time is up.";
}
