/** Folders of runs that nobody has trained, for tests of lists. */
import { join } from "node:path";
import { setAssignment } from "../../../config/config_file.ts";
import { resolveConfig } from "../../../config/resolve_config.ts";
import type { EndReason } from "../../../core/training/exit_codes.ts";
import { writeConfig } from "../../files/config_file.ts";
import { writeJsonFile } from "../../files/json_file.ts";
import { writeStatus } from "../../files/status.ts";

export interface SimulatedRun {
  /** As for `--set`. */
  readonly settings?: readonly string[];
  /** Default: completed; null: it says that it is running. */
  readonly endReason?: EndReason | null;
  readonly metrics?: Readonly<Record<string, number | readonly number[]>>;
  /** ISO 8601, UTC. */
  readonly started?: string;
  readonly forkedFrom?: string;
}

const defaultStart = "2030-04-01T09:30:00.000Z";

/** Writes config, environment and status of a run into a new folder. */
export function simulateRun(folder: string, run: SimulatedRun = {}): void {
  const { settings = [], endReason = "completed", metrics = {}, started = defaultStart } = run;
  Deno.mkdirSync(folder, { recursive: true });
  const assignments = ["training.iterations=100", ...settings].map(setAssignment);
  writeConfig(folder, resolveConfig(assignments).config);
  if (run.forkedFrom !== undefined) {
    const lineage = { kind: "fork", from: run.forkedFrom, iteration: 50 };
    writeJsonFile(join(folder, "lineage.json"), lineage);
  }
  writeJsonFile(join(folder, "environment.json"), {
    started,
    command_line: ["hebb", "train"],
  });
  simulateStatus(folder, { endReason, metrics });
}

/** Writes the status of a run anew. */
export function simulateStatus(
  folder: string,
  { endReason, metrics, iterations = 100 }:
    & Required<Pick<SimulatedRun, "endReason" | "metrics">>
    & { iterations?: number },
): void {
  writeStatus(folder, {
    run: "simulated",
    state: endReason === null ? "running" : "finished",
    end_reason: endReason,
    ...{ iterations, sequences: 4 * iterations, seconds: iterations / 10, device: "cpu" },
    score: "accuracy",
    metrics,
  });
}
