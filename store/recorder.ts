/** Writes rows, checkpoints and status of a run, in an order that survives a kill at any moment. */
import { join } from "node:path";
import type { Program } from "../core/program/program.ts";
import { writeCheckpoint } from "./files/checkpoint.ts";
import type { CheckpointContent } from "./files/checkpoint_format.ts";
import type { BestNetworks, FollowedMetric } from "../core/training/followed_metric.ts";
import type { Divergence } from "../core/training/divergence.ts";
import type { EndReason } from "../core/training/exit_codes.ts";
import { openMetricsLog } from "./files/metrics.ts";
import { writeStatus } from "./files/status.ts";
import type { PassedLevel, TrainResult, TrainRow } from "../core/training/train_options.ts";
import type { Replica } from "../config/replicas.ts";
import { writeBest } from "./best_file.ts";
import { writeLevel } from "./level_files.ts";
import { openIndexNotes } from "./index/index_notes.ts";
import { openTensorboardLog } from "./tensorboard_log.ts";

export interface Recorder {
  /** The newest row, and the replicas that have diverged so far. */
  latest(): TrainRow & { readonly divergences: readonly Divergence[] };
  row(row: TrainRow): void;
  checkpoint(content: CheckpointContent): void;
  /** Writes the best networks. @param moment the checkpoint of this moment, and the metric that they are best by. */
  best(best: BestNetworks, moment: { content: CheckpointContent; metric: FollowedMetric }): void;
  level(level: PassedLevel): void;
  /** Notes a replica that has diverged, for every status from now on. */
  diverged(divergence: Divergence): void;
  /** Writes the last status of a run that ended as it should; if that cannot be written, of one that failed. */
  end(result: TrainResult): void;
  /** Writes the last status of a run that something else ended, such as an error; never throws. */
  abandon(reason: EndReason, message: string): void;
}

/**
 * Opens the metrics and TensorBoard files, and writes the status "running".
 *
 * @param options.isNew false: the files continue those of earlier starts.
 * @param options.divergences replicas that diverged before.
 * @param options.start the row that the run starts or continues from.
 */
export function openRecorder(
  folder: string,
  { config, run, device, score, isNew, start, divergences = [], program, replicas }: {
    /** As it is stored. */
    config: object;
    run: string;
    device: string;
    /** The metric that the task is about. */
    score: string;
    isNew: boolean;
    start: TrainRow;
    divergences?: readonly Divergence[] | undefined;
    program: Program;
    replicas: readonly Replica[];
  },
): Recorder {
  const resumeAt = start.iteration;
  // Also for a new run: if it was killed before its first checkpoint, its rows are overwritten.
  const metrics = openMetricsLog(join(folder, "metrics.jsonl"), { resumeAt });
  const events = openTensorboardLog(folder, {
    config,
    program,
    replicas,
    resumeAt: isNew ? undefined : resumeAt,
  });
  const index = openIndexNotes(folder);
  let latest = start;
  let diverged = divergences;
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
      memory: Deno.memoryUsage().rss,
      score,
      metrics: values,
      ...diverged.length === 0 ? {} : { diverged },
      ...message === undefined ? {} : { message },
    });
  const close = () => doAll(() => metrics.close(), () => events.close());
  const abandon = (reason: EndReason, message: string) => {
    try {
      doAll(close, () => write(latest, reason, message));
    } catch {
      // The disk may be what failed, and the reason is the error to report.
    }
    index.note();
  };
  write(start, null);
  index.note();
  return {
    latest: () => ({ ...latest, divergences: diverged }),
    row(row) {
      latest = row;
      metrics.append(row);
      events.row(row);
      write(row, null);
    },
    checkpoint(content) {
      // The rows before a checkpoint must be on the disk before it is.
      events.checkpoint(content);
      metrics.sync();
      events.sync();
      writeCheckpoint(folder, content);
      index.note();
    },
    best(best, moment) {
      metrics.sync();
      writeBest(folder, best, moment);
    },
    diverged(divergence) {
      diverged = [...diverged, divergence].sort((a, b) => a.replica - b.replica);
    },
    level: (level) => writeLevel(folder, level, { program, replicas }),
    end({ endReason, message, iterations, sequences, seconds, metrics: values }) {
      try {
        events.end(iterations, values, endReason);
        close();
        write({ iteration: iterations, sequences, seconds, values }, endReason, message);
        index.note();
      } catch (error) {
        abandon("failed", (error as Error).message);
        throw error;
      }
    },
    abandon,
  };
}

/** Does every step, also after one that failed. @throws the first error: those after it may follow from it. */
function doAll(...steps: readonly (() => void)[]): void {
  const errors: unknown[] = [];
  for (const step of steps) {
    try {
      step();
    } catch (error) {
      errors.push(error);
    }
  }
  if (errors.length > 0) throw errors[0];
}
