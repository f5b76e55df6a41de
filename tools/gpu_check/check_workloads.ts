/** Measured times of workloads beside the model of memory traffic, and times of replicas. */
import { attractor, type Workload } from "../../bench/workloads.ts";
import { errorLine } from "../../config/error_line.ts";
import type { Backend } from "../../core/backends/backend.ts";
import { programTraffic, totalTraffic } from "../../core/backends/webgpu/program_traffic.ts";
import { markdownTable, threeDigits } from "./markdown_table.ts";
import { type Effort, NoTimeError, timeIteration } from "./time_iteration.ts";

/** Rows of a table, each made by a measurement; one that fails, or has no time, says so. */
async function measureRows<T>(
  items: readonly T[],
  { leftMs, nameOf, rowOf }: {
    leftMs: () => number;
    nameOf: (item: T) => string;
    rowOf: (item: T) => Promise<string[]>;
  },
): Promise<{ rows: string[][]; passed: boolean }> {
  let passed = true;
  const rows: string[][] = [];
  for (const item of items) {
    try {
      if (leftMs() <= 0) throw new NoTimeError();
      rows.push([nameOf(item), ...await rowOf(item)]);
    } catch (error) {
      const isLate = error instanceof NoTimeError;
      passed &&= isLate;
      rows.push([
        nameOf(item),
        isLate ? "not measured, the time is up" : `**${errorLine(error)}**`,
      ]);
    }
  }
  return { rows, passed };
}

/**
 * Times one iteration of each workload.
 *
 * @param bandwidth of the memory, in bytes a millisecond.
 */
export async function checkWorkloads(
  workloads: readonly Workload[],
  { backend, bandwidth, effort }: { backend: Backend; bandwidth: number; effort: Effort },
): Promise<{ table: string; passed: boolean; times: ReadonlyMap<string, number> }> {
  const times = new Map<string, number>();
  const { rows, passed } = await measureRows(workloads, {
    leftMs: effort.leftMs,
    nameOf: ({ name }) => name,
    async rowOf({ name, build, inputs }) {
      const program = build(backend.name);
      const traffic = totalTraffic(programTraffic(program, "train"));
      const ms = await timeIteration(backend, { program, inputs }, effort);
      times.set(name, ms);
      const [model, floor] = [32 * traffic.sectors / bandwidth, traffic.floorBytes / bandwidth];
      const figures = [ms, model, ms / model, floor, ms / floor].map(threeDigits);
      return [String(traffic.launches), threeDigits(traffic.floorBytes / 1e6), ...figures];
    },
  });
  const columns = ["workload", "launches", "floor, MB", "measured, ms", "model, ms"]
    .concat("measured / model", "floor, ms", "measured / floor");
  return { table: markdownTable(columns, rows), passed, times };
}

/** Times one iteration of 1 to `most` replicas of the attractor network at once. */
export async function checkReplicas(
  most: number,
  { backend, effort }: { backend: Backend; effort: Effort },
): Promise<{ table: string; passed: boolean }> {
  /** Milliseconds of one replica beside the ones measured last. */
  let each = 0;
  const counts = [1, 4, 16, 64, 256, 1024, 4096].filter((count) => count <= most);
  const { rows, passed } = await measureRows(counts, {
    leftMs: effort.leftMs,
    nameOf: String,
    async rowOf(count) {
      if (2 * count * each > effort.leftMs()) throw new NoTimeError();
      const { build, inputs } = attractor(count);
      const ms = await timeIteration(backend, { program: build(), inputs }, effort);
      each = ms / count;
      return [threeDigits(ms), threeDigits(1e3 / each)];
    },
  });
  return {
    table: markdownTable(["replicas", "measured, ms", "replicas trained, 1/s"], rows),
    passed,
  };
}
