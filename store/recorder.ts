/** Writes what a run does into its folder, in an order that survives a kill at any moment. */
import { join } from "node:path";
import type { Program } from "../core/program/program.ts";
import { writeCheckpoint } from "./files/checkpoint.ts";
import type { CheckpointContent } from "./files/checkpoint_format.ts";
import type { EndReason } from "../core/training/exit_codes.ts";
import { openMetricsLog } from "./files/metrics.ts";
import { writeStatus } from "./files/status.ts";
import { openEventFile } from "./files/tfevents.ts";
import { meanOf, type Metrics } from "../core/training/sums.ts";
import type { PassedLevel, TrainResult, TrainRow } from "../core/training/train_options.ts";
import type { Replica } from "../config/replicas.ts";
import { writeLevel } from "./level_files.ts";

export interface Recorder {
  row(row: TrainRow): void;
  checkpoint(content: CheckpointContent): void;
  level(passed: PassedLevel): void;
  /** The last status of a run that ended as it should. */
  end(result: TrainResult): void;
  /** The last status of a run that an error ended; never throws. */
  fail(message: string): void;
}

/** Replicas whose own curves go to TensorBoard; beyond, only their mean does. */
const MOST_CURVES = 16;

/**
 * Opens the files that grow, and states that the run is running.
 *
 * @param options.start where the run starts, or goes on from
 */
export function openRecorder(
  folder: string,
  { run, device, isNew, start, program, replicas }: {
    run: string;
    device: string;
    isNew: boolean;
    start: TrainRow;
    program: Program;
    replicas: readonly Replica[];
  },
): Recorder {
  const resumeAt = start.iteration;
  // A run that was killed before its first checkpoint starts anew over the rows it had.
  const metrics = openMetricsLog(join(folder, "metrics.jsonl"), { resumeAt });
  const events = openEventFile(folder, isNew ? {} : { resumeAt });
  let latest = start;
  const write = (
    { iteration, sequences, seconds, values }: TrainRow,
    end: EndReason | null,
    message?: string,
  ) =>
    writeStatus(folder, {
      run,
      state: end === null ? "running" : "finished",
      end_reason: end,
      iterations: iteration,
      sequences,
      seconds,
      device,
      metrics: values,
      ...message === undefined ? {} : { message },
    });
  const close = () => {
    metrics.close();
    events.close();
  };
  write(start, null);
  return {
    row(row) {
      latest = row;
      metrics.append(row);
      events.append({ step: row.iteration, values: curves(row.values) });
      write(row, null);
    },
    checkpoint(content) {
      // Rows that a checkpoint stands for are on the disk before it is.
      metrics.sync();
      events.sync();
      writeCheckpoint(folder, content);
    },
    level: (passed) => writeLevel(folder, passed, { program, replicas }),
    end({ endReason, message, iterations, sequences, seconds, metrics: values }) {
      close();
      write({ iteration: iterations, sequences, seconds, values }, endReason, message);
    },
    fail(message) {
      try {
        close();
        write(latest, "failed", message);
      } catch {
        // The disk may be what failed; the first error is the one to report.
      }
    },
  };
}

/** A mean for every metric, and each replica's own value beside it. */
function curves(values: Metrics): Record<string, number> {
  const flat: Record<string, number> = {};
  for (const [name, value] of Object.entries(values)) {
    flat[name] = meanOf(value);
    if (typeof value === "number" || value.length > MOST_CURVES) continue;
    value.forEach((number, replica) => flat[`${name}/replica_${replica}`] = number);
  }
  return flat;
}
