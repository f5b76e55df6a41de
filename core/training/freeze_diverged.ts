/**
 * Freezes replicas that have diverged: finds the update that broke each, and keeps its numbers from before.
 *
 * Nothing of this costs a healthy training anything. Only when a number that is read anyway (a metric of a
 * chunk, a count of a row, a checkpoint) is not finite, training goes back to the last state known to be
 * good, and finds the update by halving: at most as many updates as lie between, for each halving. Equal
 * sequences and equal bits make the same numbers again, so it is the same update however long the chunks
 * were and wherever a run was resumed.
 */
import type { Values } from "../backends/backend.ts";
import { runChunk } from "./chunk.ts";
import { type Broken, brokenSums, brokenTensors, joinBroken, sliceOf } from "./divergence.ts";
import { serveSignals } from "./serve_signals.ts";
import { createSums } from "./sums.ts";
import { dropAhead } from "./train_chunk.ts";
import type { TrainState } from "./train_options.ts";
import { firstTensors, secondsOf, type TrainingRun } from "./training_run.ts";
import { persistentSlots } from "./training_session.ts";

/** The numbers of all replicas after so many updates. */
interface Snapshot {
  readonly iteration: number;
  /** Persistent slots, [P, B?, ...shape]. */
  readonly tensors: ReadonlyMap<string, Values>;
}

/** What of these is broken in replicas that still train. */
const stillTraining = ({ frozen }: TrainingRun, broken: Broken): Broken =>
  new Map([...broken].filter(([replica]) => !frozen.has(replica)));

/**
 * Freezes the replicas that are broken after the updates done, and puts the others back to where they were.
 * When none is left, `isBroken` ends the training.
 */
export async function freezeDiverged(run: TrainingRun, suspects: Broken): Promise<void> {
  const found = stillTraining(run, suspects);
  if (found.size === 0) return;
  await dropAhead(run);
  const { options, iteration: to } = run;
  const { engine } = run.session;
  const start = run.good ??
    { iteration: options.resume?.iteration ?? 0, tensors: firstTensors(engine, options) };
  const latest = await search(run, { from: start, to, suspects: found });
  const { broken } = await replay(run, latest, to);
  const tensors = await readTensors(run);
  writeTensors(run, tensors);
  run.isBroken = run.frozen.size === options.seeds.length;
  // Many replicas of a sweep diverge one after the other: each search begins where the last one ended.
  if (stillTraining(run, broken).size === 0) run.good = { iteration: to, tensors };
}

/**
 * Freezes each suspect at the first update after which it is not finite.
 *
 * @param range.from all suspects are finite then; at `to` none is.
 * @returns the latest state before `to` that the search came by.
 */
async function search(
  run: TrainingRun,
  { from, to, suspects }: { from: Snapshot; to: number; suspects: Broken },
): Promise<Snapshot> {
  let [good, left] = [from, suspects];
  while (left.size > 0) {
    const middle = to - good.iteration <= 1 ? to : Math.floor((good.iteration + to) / 2);
    const reached = await replay(run, good, middle);
    if (middle === to) {
      for (const [replica, names] of left) {
        freeze(run, { replica, iteration: to, names: reached.broken.get(replica) ?? names }, good);
      }
      return good;
    }
    const isEarly = ([replica]: [number, string[]]) => reached.broken.has(replica);
    const early = new Map([...left].filter(isEarly));
    left = new Map([...left].filter((entry) => !isEarly(entry)));
    await search(run, { from: good, to: middle, suspects: early });
    good = reached;
  }
  return good;
}

/** Keeps what a replica was in its last finite state. */
function freeze(
  run: TrainingRun,
  divergence: { replica: number; iteration: number; names: readonly string[] },
  { tensors }: Snapshot,
): void {
  const { replica } = divergence;
  const replicas = run.options.seeds.length;
  const kept = [...tensors].map(([name, values]) =>
    [name, sliceOf(values, { replica, replicas }).slice()] as const
  );
  run.frozen.set(replica, { ...divergence, tensors: new Map(kept) });
  run.curriculum?.leave(replica);
  run.options.hooks?.onDiverged?.(divergence);
}

/** Trains again from a state up to an update. @returns the state there, and what broke on the way. */
async function replay(
  run: TrainingRun,
  from: Snapshot,
  to: number,
): Promise<Snapshot & { broken: Broken }> {
  const { session: { engine, batches, chunkSizer }, options: { loss, hooks } } = run;
  for (const [name, values] of from.tensors) engine.write(name, values);
  const sums = createSums(engine.program, "train");
  for (let first = from.iteration; first < to;) {
    const iterations = Math.min(chunkSizer.length(), to - first);
    const range = { procedure: "train", split: "train", first, iterations } as const;
    sums.add(await runChunk(engine, batches, range), iterations);
    first += iterations;
    await serveSignals();
    // The search goes on to its end; but who asks is at work, and no device is taken for a silent one.
    hooks?.shouldStop?.();
  }
  const tensors = await engine.read(persistentSlots(engine));
  const broken = joinBroken(brokenTensors(engine, tensors), brokenSums(sums, loss));
  return { iteration: to, tensors, broken };
}

/** What the device holds; of frozen replicas, what was kept. */
async function readTensors(run: TrainingRun): Promise<Map<string, Values>> {
  const { session: { engine }, frozen, options: { seeds } } = run;
  const tensors = await engine.read(persistentSlots(engine));
  for (const { replica, tensors: kept } of frozen.values()) {
    for (const [name, values] of tensors) {
      sliceOf(values, { replica, replicas: seeds.length }).set(kept.get(name)!);
    }
  }
  return tensors;
}

function writeTensors({ session: { engine } }: TrainingRun, tensors: Map<string, Values>): void {
  for (const [name, values] of tensors) engine.write(name, values);
}

/** Puts the last finite numbers of frozen replicas onto the device, whose kernels train on all replicas. */
export async function restoreFrozen(run: TrainingRun): Promise<void> {
  if (run.frozen.size > 0) writeTensors(run, await readTensors(run));
}

/** What a resumed run needs. Replicas that are not finite are frozen first; undefined if none is left. */
export async function stateOf(run: TrainingRun): Promise<TrainState | undefined> {
  const { curriculum, frozen } = run;
  let tensors = await readTensors(run);
  const broken = brokenTensors(run.session.engine, tensors);
  if (broken.size > 0) {
    await freezeDiverged(run, broken);
    if (run.isBroken) return undefined;
    tensors = await readTensors(run);
  }
  run.good = { iteration: run.iteration, tensors };
  return {
    iteration: run.iteration,
    seconds: secondsOf(run),
    highLossIntervals: run.highLossIntervals,
    ...run.options.patience ? { patience: structuredClone(run.patience) } : {},
    window: windowOf(run),
    // A copy, since it goes on changing.
    ...curriculum ? { curriculum: structuredClone(curriculum.state) } : {},
    ...frozen.size > 0 ? { divergences: divergencesOf(run) } : {},
    ...run.owedRow ? { owedRow: run.owedRow } : {},
    tensors,
  };
}

/** The sums since the last row; 0 for frozen replicas. */
function windowOf({ window, frozen, options: { seeds } }: TrainingRun): Float64Array {
  const totals = window.totals.slice();
  for (const replica of frozen.keys()) sliceOf(totals, { replica, replicas: seeds.length }).fill(0);
  return totals;
}

/** The replicas that have diverged, by their place. */
export const divergencesOf = ({ frozen }: TrainingRun) =>
  [...frozen.values()].map(({ replica, iteration, names }) => ({ replica, iteration, names }))
    .sort((a, b) => a.replica - b.replica);
