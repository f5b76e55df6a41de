/** Runs that seem to train: every update adds rows to their logs and changes their status. */
import { join } from "node:path";
import { lockRunFolder } from "../../store/files/run_lock.ts";
import { simulateRun } from "../../store/index/testing/simulated_run.ts";
import { writeLog } from "./write_log.ts";

export interface TrainingRuns {
  readonly names: readonly string[];
  /** Moves all runs on by one update. @param now milliseconds since 1970. */
  advance(now: number): void;
  end(): void;
}

const rowsAnUpdate = 10;

/** Begins some runs below a folder. */
export function beginRuns(root: string, count: number): TrainingRuns {
  const names = Array.from({ length: count }, (_, index) => `run-${index}`);
  const unlocks = names.map((name) => {
    simulateRun(join(root, name), {
      endReason: null,
      settings: ["training.seeds=1,2", "training.iterations=1000000"],
      metrics: { "eval/loss": [1, 2] },
    });
    return lockRunFolder(join(root, name));
  });
  let rows = 0;
  return {
    names,
    advance(now) {
      for (const name of names) {
        writeLog(join(root, name), { from: rows, to: rows + rowsAnUpdate });
        const path = join(root, name, "status.json");
        const status = JSON.parse(Deno.readTextFileSync(path));
        const change = { iterations: rows + rowsAnUpdate, updated: new Date(now).toISOString() };
        // Without the care of a real run, which waits for the disk.
        Deno.writeTextFileSync(path, JSON.stringify({ ...status, ...change }));
      }
      rows += rowsAnUpdate;
    },
    end: () => unlocks.forEach((unlock) => unlock()),
  };
}
