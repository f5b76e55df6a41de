/** Settings of runs that take a moment, and what two equal runs have in common. */
import { join } from "node:path";
import { readLatestCheckpoint } from "../../store/files/checkpoint.ts";
import { readMetrics } from "../../store/files/metrics.ts";

/** A network of a few units; `--device` is for the caller to add. */
export const tinyArguments = [
  "train",
  "--task=1_small_palindrome_vary",
  "--hidden-size=3",
  "--num-layers=1",
  "--input-mode=last_one",
  "--enable-recurrence",
  "--batch-size=2",
  "--evaluation-sequences=4",
  "--test-sequences=4",
  "--progress=none",
];

/** Everything in the folder of a run that does not depend on the clock. */
export function outcome(folder: string): unknown {
  const { iteration, tensors, metadata: { seconds: _, ...metadata } } = readLatestCheckpoint(
    folder,
  );
  const rows = [...readMetrics(join(folder, "metrics.jsonl"))].map(({ seconds: _, ...row }) => row);
  const { iterations, sequences, end_reason, metrics } = JSON.parse(
    Deno.readTextFileSync(join(folder, "status.json")),
  );
  return {
    iteration,
    tensors,
    metadata,
    rows,
    status: { iterations, sequences, end_reason, metrics },
  };
}

/** Waits until `condition` holds. A software driver on a busy machine compiles for half a minute. */
export async function until(condition: () => boolean, seconds = 120): Promise<void> {
  const end = performance.now() + 1000 * seconds;
  while (!condition()) {
    if (performance.now() > end) throw new Error(`nothing happened in ${seconds} s`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** Bytes of a file, 0 if it is not there. */
export function sizeOfFile(path: string): number {
  try {
    return Deno.statSync(path).size;
  } catch {
    return 0;
  }
}
