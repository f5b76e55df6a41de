/** Judges the newest checkpoint of a run on held-out sequences. */
import type { Backend } from "../../core/backends/backend.ts";
import type { Checkpoint } from "../../store/files/checkpoint_format.ts";
import { createBatches } from "../../core/training/batches.ts";
import { runChunk } from "../../core/training/chunk.ts";
import { createChunkSizer } from "../../core/training/chunk_sizer.ts";
import { serveSignals } from "../../core/training/serve_signals.ts";
import { createSums } from "../../core/training/sums.ts";
import type { Replica } from "../../config/replicas.ts";
import type { RunConfig } from "../../config/run_config.ts";
import { buildRun, type Run } from "../../config/build/build_run.ts";
import { commonBound } from "../../store/common_bound.ts";
import { chooseChunk } from "../../config/build/memory.ts";
import { judgementsOf, type SequenceEvaluation } from "./evaluation.ts";
import { UsageError } from "../../config/usage_error.ts";
import { openEngine } from "../../config/build/open_engine.ts";
import { loadTensors } from "../../store/stored_run.ts";

export type SequenceJudgements = Pick<
  SequenceEvaluation,
  "updates" | "sequences" | "score" | "chance" | "best_loss" | "networks"
>;

/**
 * Runs the updater's own `evaluate`, in batches as in training: a rule that learns inside a sequence
 * is part of the network that it trains.
 *
 * @param options.sequences for each replica; the last batch is filled up.
 * @param options.say takes a line for every tenth.
 */
export async function judgeSequences(
  checkpoint: Checkpoint,
  { config, backend, sequences, replicas, chosen, say }: {
    config: RunConfig;
    backend: Backend;
    sequences: number;
    /** All of the run, and which are told of. */
    replicas: readonly Replica[];
    chosen: readonly Replica[];
    say: (line: string) => void;
  },
): Promise<SequenceJudgements> {
  const { training } = config;
  const { task, tasks, loss, program } = build(config);
  const asked = { ...config, training: { ...training, test_sequences: sequences } };
  const engine = await openEngine(backend, program, { chunk: chooseChunk(program, asked) });
  try {
    loadTensors(engine, checkpoint);
    const seeds = replicas.map(({ seed }) => seed);
    const batches = createBatches(program, tasks, { seeds, chunk: engine.chunk });
    const rounds = Math.ceil(sequences / training.batch_size);
    const chunkSizer = createChunkSizer(engine.chunk);
    const sums = createSums(program, "evaluate");
    let tenth = 0;
    for (let first = 0; first < rounds;) {
      const iterations = Math.min(chunkSizer.length(), rounds - first);
      const range = { procedure: "evaluate", split: "test", first, iterations } as const;
      const chunk = () => runChunk(engine, batches, { ...range, restore: true });
      sums.add(await chunkSizer.time(chunk), iterations);
      first += iterations;
      const now = Math.floor(10 * first / rounds);
      if (now > tenth) say(`judged ${first * training.batch_size} sequences of each network`);
      tenth = now;
      await serveSignals();
    }
    return {
      updates: checkpoint.iteration,
      sequences: rounds * training.batch_size,
      score: task.score,
      chance: commonBound(tasks, "chance") ?? null,
      best_loss: commonBound(tasks, "bestLoss") ?? null,
      networks: judgementsOf(sums, loss).flatMap((judgement, index) => {
        const replica = replicas[index]!;
        const { seed, label } = replica;
        return chosen.includes(replica) ? [{ seed, label, ...judgement }] : [];
      }),
    };
  } finally {
    engine.close();
  }
}

function build(config: RunConfig): Run {
  try {
    return buildRun(config);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new UsageError(error.message, { cause: error });
  }
}
