/**
 * Chunks of training iterations. While nothing is decided after a chunk, the next one is begun before the metrics
 * of the first are there, so that a device does not wait for the host. Bits are those of one after the other.
 */
import type { Values } from "../backends/backend.ts";
import { brokenSums } from "./divergence.ts";
import { loadBatches } from "./open_batches.ts";
import { createSums, type Sums } from "./sums.ts";
import { type BegunChunk, isEarlyCheckpointDue, type TrainingRun } from "./training_run.ts";

/** Trains one chunk. @returns its metrics: their sums, and those of each iteration, [P, M]. */
export async function trainChunk(run: TrainingRun): Promise<{ update: Sums; rows: Values[] }> {
  const { session: { chunkSizer, engine: { program } } } = run;
  const { iterations, values } = await chunkSizer.time(async () => {
    const chunk = run.ahead ?? await begin(run, run.iteration);
    run.ahead = undefined;
    const end = chunk.first + chunk.iterations;
    if (isFree(run, end)) run.ahead = await begin(run, end);
    return { ...chunk, values: await chunk.rows };
  });
  const update = createSums(program, "train");
  const width = update.totals.length;
  const rows: Values[] = [];
  for (let k = 0; k < iterations; k++) {
    const row = values.subarray(k * width, (k + 1) * width);
    rows.push(row);
    run.window.add(row, 1);
    update.add(row, 1);
    if (run.curriculum && diverges(run, row)) break;
  }
  run.iteration += rows.length;
  return { update, rows };
}

/**
 * Whether these metrics, [P, M], show that a replica has just diverged. Where that may decide on levels, the chunk
 * ends there: what was trained after it is undone when the replica is frozen.
 */
function diverges({ session, options: { loss }, frozen }: TrainingRun, row: Values): boolean {
  const sums = createSums(session.engine.program, "train");
  sums.add(row, 1);
  return [...brokenSums(sums, loss).keys()].some((replica) => !frozen.has(replica));
}

/** Hands a chunk to the device. */
async function begin(run: TrainingRun, first: number): Promise<BegunChunk> {
  const { session: { engine, batches } } = run;
  const iterations = lengthOfChunk(run, first);
  await loadBatches(engine, batches, { procedure: "train", split: "train", first, iterations });
  await engine.run("train", { iterations });
  const slot = "metrics/train";
  const rows = engine.read([slot]).then((values) => values.get(slot)!);
  // Whoever waits for the rows is told of an error; they may come while another chunk is begun.
  rows.catch(() => {});
  return { first, iterations, rows };
}

/** Iterations of the chunk that begins after `first`: up to the next row, checkpoint, or decision on levels. */
function lengthOfChunk(run: TrainingRun, first: number): number {
  const { session, curriculum, logEvery, checkpointEvery, options: { iterations } } = run;
  const next = (every: number) => every > 0 ? (Math.floor(first / every) + 1) * every : iterations;
  const stop = Math.min(iterations, next(logEvery), next(checkpointEvery));
  return Math.min(
    session.chunkSizer.length(),
    stop - first,
    curriculum?.updatesToDecision(first) ?? Infinity,
  );
}

/** Whether training goes on after so many updates whatever their metrics are. */
function isFree(run: TrainingRun, updates: number): boolean {
  const { session: { batches }, logEvery, checkpointEvery, options: { iterations } } = run;
  return !run.curriculum && !batches.play && !run.isAskedToStop && !isEarlyCheckpointDue(run) &&
    updates < iterations && updates % logEvery !== 0 &&
    !(checkpointEvery > 0 && updates % checkpointEvery === 0);
}

/** Waits for a chunk that was begun, and forgets it: it will be trained again. */
export async function dropAhead(run: TrainingRun): Promise<void> {
  await run.ahead?.rows;
  run.ahead = undefined;
}
