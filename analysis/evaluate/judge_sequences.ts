/** Judges the newest checkpoint of a run on held-out sequences. */
import type { Backend } from "../../core/backends/backend.ts";
import type { Checkpoint } from "../../store/files/checkpoint_format.ts";
import { metricFacts } from "../../core/losses/metric_facts.ts";
import { longestChunk, openBatches } from "../../core/training/open_batches.ts";
import { evaluate } from "../../core/training/chunk.ts";
import { createChunkSizer } from "../../core/training/chunk_sizer.ts";
import { heldOutOf } from "../../core/training/held_out.ts";
import { createSequenceCounts } from "../../core/training/sequence_counts.ts";
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
  | "updates"
  | "sequences"
  | "all_held_out"
  | "score"
  | "metrics"
  | "chance"
  | "best_loss"
  | "networks"
>;

/**
 * Judges all networks of a checkpoint with the procedure `evaluate` of their updater, in batches as in
 * training. A rule that learns inside a sequence so stays part of the network.
 *
 * @param options.sequences for each replica; the last batch is filled up. No more than `Task.heldOut` count.
 * @param options.replicas [P], all replicas of the run.
 * @param options.chosen the replicas whose judgements are returned.
 * @param options.say receives a line for every tenth of the sequences.
 * @throws UsageError if the network cannot be built, or memory does not suffice.
 */
export async function judgeSequences(
  checkpoint: Checkpoint,
  { config, backend, sequences, replicas, chosen, say }: {
    config: RunConfig;
    backend: Backend;
    sequences: number;
    replicas: readonly Replica[];
    chosen: readonly Replica[];
    say: (line: string) => void;
  },
): Promise<SequenceJudgements> {
  const { training } = config;
  const { task, tasks, loss, program } = build(config);
  const testConfig = { ...config, training: { ...training, test_sequences: sequences } };
  const engine = await openEngine(backend, program, { chunk: chooseChunk(program, testConfig) });
  try {
    loadTensors(engine, checkpoint);
    const seeds = replicas.map(({ seed }) => seed);
    const batches = openBatches(program, tasks, { seeds, chunk: engine.chunk });
    const chunkSizer = createChunkSizer(longestChunk(engine, batches));
    const counts = createSequenceCounts(program, heldOutOf(tasks, "test"));
    let lastTenth = 0;
    const { sums } = await evaluate(engine, { tasks, batches, chunkSizer }, {
      split: "test",
      sequences,
      counts,
      onBatches(done, all) {
        const tenth = Math.floor(10 * done / all);
        if (tenth > lastTenth) say(`judged ${counts.sequences} sequences of each network`);
        lastTenth = tenth;
      },
    });
    const isAll = tasks.every(({ heldOut }) => heldOut?.test === counts.sequences);
    return {
      updates: checkpoint.iteration,
      sequences: counts.sequences,
      ...isAll ? { all_held_out: true } : {},
      score: task.score,
      metrics: Object.fromEntries(
        Object.keys(loss.metrics).map((name) => [name, metricFacts(loss, name)]),
      ),
      chance: commonBound(tasks, "chance") ?? null,
      best_loss: commonBound(tasks, "bestLoss") ?? null,
      networks: judgementsOf(sums, loss, counts.estimates(loss)).flatMap((judgement, index) => {
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
