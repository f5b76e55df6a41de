/** Chunks of iterations on a device: sequences in, rows of metrics out. */
import type { Engine, Values } from "../backends/backend.ts";
import type { Playable } from "../program/closed_loop.ts";
import { sequenceSlot } from "../program/sequence_slot.ts";
import { loadBatches } from "./open_batches.ts";
import type { Split } from "./task.ts";
import { type Batches, batchOf } from "./batches.ts";
import { heldOutOf } from "./held_out.ts";
import { serveSignals } from "./serve_signals.ts";
import type { SequenceCounts } from "./sequence_counts.ts";
import { createSums, type Sums } from "./sums.ts";
import type { TrainingSession } from "./training_session.ts";

/** Draws, uploads and runs a chunk of iterations. @returns its rows of metrics, [K, P, M]. */
export async function runChunk(
  engine: Engine,
  batches: Batches,
  { procedure, split, first, iterations, restore = false }: {
    procedure: Playable;
    split: Split;
    first: number;
    iterations: number;
    restore?: boolean;
  },
): Promise<Values> {
  await loadBatches(engine, batches, { procedure, split, first, iterations });
  await engine.run(procedure, { iterations, restore });
  const slot = `metrics/${procedure}`;
  return (await engine.read([slot])).get(slot)!;
}

/**
 * Evaluates the network on held-out sequences; the engine restores the slots that they change.
 *
 * @param restore false: what a batch changes is there for the next one, and stays. Default: true.
 * @param sequences at least so many per replica, since the batches are whole; no more than the tasks hold out: what
 *   fills up the last batch then repeats others, and does not count.
 * @returns sums of the metrics, and the reason to stop if there was one meanwhile.
 */
export async function evaluate<Reason>(
  engine: Engine,
  { tasks, batches, chunkSizer }: Pick<TrainingSession, "tasks" | "batches" | "chunkSizer">,
  { split, sequences, restore = true, counts, onBatches, shouldStop }: {
    split: Split;
    sequences: number;
    restore?: boolean;
    /** Takes the counts of each sequence. */
    counts?: SequenceCounts;
    /** Told how many batches of all are judged. */
    onBatches?: (done: number, all: number) => void;
    shouldStop?: (() => Reason | undefined) | undefined;
  },
): Promise<{ sums: Sums; reason?: Reason }> {
  const sums = createSums(engine.program, "evaluate");
  const batch = batchOf(engine.program);
  const limit = heldOutOf(tasks, split);
  const batchCount = Math.ceil(Math.min(sequences, limit) / batch);
  for (let first = 0; first < batchCount;) {
    const iterations = Math.min(chunkSizer.length(), batchCount - first);
    const range = { procedure: "evaluate", split, first, iterations, restore } as const;
    const rows = await chunkSizer.time(() => runChunk(engine, batches, range));
    first += iterations;
    const surplus = Math.max(0, first * batch - limit);
    sums.add(rows, surplus > 0 ? iterations - 1 : iterations);
    if (surplus > 0) sums.add(await lastRow(engine, { iterations, counted: batch - surplus }), 1);
    await counts?.read(engine, iterations);
    onBatches?.(first, batchCount);
    await serveSignals();
    const reason = shouldStop?.();
    if (reason !== undefined) return { sums, reason };
  }
  return { sums };
}

/** The row of the last batch of a run of `evaluate`, [P, M], of its first sequences alone. */
async function lastRow(
  engine: Engine,
  { iterations, counted }: { iterations: number; counted: number },
): Promise<Values> {
  const { metrics, extents: { replicas, sequences } } = engine.program;
  const width = metrics.get("evaluate")!.length;
  const each = (await engine.read([sequenceSlot])).get(sequenceSlot)!;
  return Float64Array.from({ length: replicas * width }, (_, index) => {
    const [replica, metric] = [Math.floor(index / width), index % width];
    const start = ((iterations - 1) * replicas + replica) * sequences;
    let total = 0;
    for (let b = 0; b < counted; b++) total += each[(start + b) * width + metric]!;
    return total;
  });
}
