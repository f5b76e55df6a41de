/** Judges a checkpoint of a run on held-out sequences. */
import type { Backend } from "../../core/backends/backend.ts";
import type { Checkpoint } from "../../store/files/checkpoint_format.ts";
import type { JudgedCheckpoint } from "../../store/judged_checkpoint.ts";
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
import { type FastWeightMode, WIPE } from "../../updaters/fast_weights.ts";
import { compareFastWeights, type Judged, networksOf } from "./compare_fast_weights.ts";
import type { SequenceEvaluation } from "./evaluation.ts";
import { UsageError } from "../../config/usage_error.ts";
import { openEngine } from "../../config/build/open_engine.ts";
import { loadTensors } from "../../store/stored_run.ts";

export type SequenceJudgements = Pick<
  SequenceEvaluation,
  | "updates"
  | "best"
  | "sequences"
  | "all_held_out"
  | "score"
  | "metrics"
  | "chance"
  | "best_loss"
  | "networks"
  | "fast_weights"
>;

/** What is judged, and where. */
interface Judging {
  readonly config: RunConfig;
  readonly backend: Backend;
  /** For each replica; the last batch is filled up. No more than `Task.heldOut` count. */
  readonly sequences: number;
  /** [P], all replicas of the run. */
  readonly replicas: readonly Replica[];
  /** The replicas whose judgements are returned. */
  readonly chosen: readonly Replica[];
  /** Receives a line for every tenth of the sequences. */
  readonly say: (line: string) => void;
}

/**
 * Judges all networks of a checkpoint with the procedure `evaluate` of their updater, in batches as in
 * training. A rule that learns inside a sequence so stays part of the network.
 *
 * @param judging.fastWeights judges them again on the same sequences, with fast weights treated so.
 * @throws UsageError if the network cannot be built, or memory does not suffice.
 */
export async function judgeSequences(
  checkpoint: JudgedCheckpoint,
  { fastWeights, ...judging }: Judging & { readonly fastWeights: readonly FastWeightMode[] },
): Promise<SequenceJudgements> {
  const { config, replicas, chosen } = judging;
  const run = buildJudged(config);
  const { task, tasks, loss } = run;
  const { sums, counts } = await judgeRun(run, checkpoint, judging);
  const isAll = tasks.every(({ heldOut }) => heldOut?.test === counts.sequences);
  const judged = new Map<FastWeightMode, Judged>();
  for (const mode of fastWeights) {
    judging.say(`fast weights ${mode}`);
    const again = buildJudged(config, mode);
    judged.set(mode, await judgeRun(again, checkpoint, { ...judging, mode }));
  }
  return {
    updates: checkpoint.iteration,
    ...checkpoint.best ? { best: checkpoint.best } : {},
    sequences: counts.sequences,
    ...isAll ? { all_held_out: true } : {},
    score: task.score,
    metrics: Object.fromEntries(
      Object.keys(loss.metrics).map((name) => [name, metricFacts(loss, name)]),
    ),
    chance: commonBound(tasks, "chance") ?? null,
    best_loss: commonBound(tasks, "bestLoss") ?? null,
    networks: networksOf({ sums, counts }, loss, { replicas, chosen }),
    ...judged.size > 0
      ? { fast_weights: compareFastWeights(judged, loss, { replicas, chosen }) }
      : {},
  };
}

/** Sums over all sequences, and counts of each. */
async function judgeRun(
  { program, tasks }: Run,
  checkpoint: Checkpoint,
  { config, backend, sequences, replicas, say, mode }: Judging & {
    readonly mode?: FastWeightMode;
  },
): Promise<Judged> {
  const { training } = config;
  const testConfig = { ...config, training: { ...training, test_sequences: sequences } };
  const engine = await openEngine(backend, program, { chunk: chooseChunk(program, testConfig) });
  try {
    loadTensors(engine, checkpoint);
    const isCarried = mode === "carried";
    if (isCarried) await engine.run(WIPE, { iterations: 1 });
    const seeds = replicas.map(({ seed }) => seed);
    const batches = openBatches(program, tasks, { seeds, chunk: engine.chunk });
    const chunkSizer = createChunkSizer(longestChunk(engine, batches));
    const counts = createSequenceCounts(program, heldOutOf(tasks, "test"));
    let lastTenth = 0;
    const { sums } = await evaluate(engine, { tasks, batches, chunkSizer }, {
      split: "test",
      sequences,
      restore: !isCarried,
      counts,
      onBatches(done, all) {
        const tenth = Math.floor(10 * done / all);
        if (tenth > lastTenth) say(`judged ${counts.sequences} sequences of each network`);
        lastTenth = tenth;
      },
    });
    return { sums, counts };
  } finally {
    engine.close();
  }
}

/** The run of a config. @throws UsageError if it cannot be built. */
export function buildJudged(config: RunConfig, fastWeights?: FastWeightMode): Run {
  try {
    return buildRun(config, { fastWeights });
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new UsageError(error.message, { cause: error });
  }
}
