/** Logs of runs that nobody has trained. */
import { join } from "node:path";

export interface WrittenLog {
  /** Numbers of the first row, and of the row behind the last. */
  readonly from?: number;
  readonly to: number;
  /** Networks [2]. */
  readonly networks?: number;
}

/** Appends rows to the log of the run in a folder: losses that fall, accuracies that rise. */
export function writeLog(folder: string, { from = 0, to, networks = 2 }: WrittenLog): void {
  const file = Deno.openSync(join(folder, "metrics.jsonl"), { append: true, create: true });
  const encoder = new TextEncoder();
  try {
    for (let start = from; start < to; start += 10_000) {
      const count = Math.min(10_000, to - start);
      const lines = Array.from({ length: count }, (_, index) => rowAt(start + index, networks));
      file.writeSync(encoder.encode(lines.join("")));
    }
  } finally {
    file.close();
  }
}

function rowAt(row: number, networks: number): string {
  const each = (valueOf: (network: number) => number) =>
    `[${Array.from({ length: networks }, (_, network) => valueOf(network))}]`;
  const iteration = row + 1;
  return `{"iteration":${iteration},"sequences":${4 * iteration},"seconds":${iteration / 10},` +
    `"train/loss":${each((network) => (network + 2) / Math.sqrt(iteration))},` +
    `"eval/loss":${each((network) => (network + 2.5) / Math.sqrt(iteration))},` +
    `"eval/accuracy":${each((network) => 1 - 1 / (iteration + network + 1))}}\n`;
}
