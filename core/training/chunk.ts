/** Chunks of iterations on a device: sequences in, rows of metrics out. */
import type { Engine, Values } from "../backends/backend.ts";
import type { Playable } from "../program/closed_loop.ts";
import { loadBatches } from "./open_batches.ts";
import type { Split } from "./task.ts";
import { type Batches, batchOf } from "./batches.ts";
import type { ChunkSizer } from "./chunk_sizer.ts";
import { serveSignals } from "./serve_signals.ts";
import type { SequenceCounts } from "./sequence_counts.ts";
import { createSums, type Sums } from "./sums.ts";

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
 * @param sequences at least so many per replica: the batches are whole.
 * @returns sums of the metrics, or the reason to stop if there is one meanwhile.
 */
export async function evaluate<Reason>(
  engine: Engine,
  { batches, chunkSizer }: { batches: Batches; chunkSizer: ChunkSizer },
  { split, sequences, counts, shouldStop }: {
    split: Split;
    sequences: number;
    /** Takes the counts of each sequence. */
    counts?: SequenceCounts;
    shouldStop?: (() => Reason | undefined) | undefined;
  },
): Promise<{ sums: Sums } | { reason: Reason }> {
  const sums = createSums(engine.program, "evaluate");
  const batchCount = Math.ceil(sequences / batchOf(engine.program));
  for (let first = 0; first < batchCount;) {
    const iterations = Math.min(chunkSizer.length(), batchCount - first);
    const range = { procedure: "evaluate", split, first, iterations, restore: true } as const;
    sums.add(await chunkSizer.time(() => runChunk(engine, batches, range)), iterations);
    await counts?.read(engine, iterations);
    first += iterations;
    await serveSignals();
    const reason = shouldStop?.();
    if (reason !== undefined) return { reason };
  }
  return { sums };
}
