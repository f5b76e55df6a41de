/** Finds states that a network stays in: memories, their inverses, and spurious ones. */
import type { Backend, Values } from "../../core/backends/backend.ts";
import { fromState } from "./basins.ts";
import type { NetworkExamination } from "./examination.ts";
import { type NetworkSet, openForward } from "./networks.ts";
import { dot } from "./matrices.ts";
import { signsOf, triesOf } from "./recall.ts";
import { memoriesOf } from "./cues.ts";

type Stable = NetworkExamination["stable"];

/** Number of the batch of drawn states, far from the batches that measure basins. */
const BATCH = 1000;

export interface StableStates {
  /** By replica, the patterns [memories, N]. */
  readonly patterns: Float32Array[][];
  /** By replica and memory, whether one step keeps every sign of the pattern. */
  readonly fixed: boolean[][];
  /** By replica, how many drawn states settle, and where. */
  readonly stable: Stable[];
}

/**
 * Starts every replica in its patterns, and in states whose bits are drawn at random.
 *
 * @param options.starts drawn states of a replica; at least as many as there are patterns.
 */
export async function findStableStates(
  networks: NetworkSet,
  { backend, starts }: { backend: Backend; starts: number },
): Promise<StableStates> {
  const counts = networks.tasks.map(memoriesOf);
  const options = { backend, sequences: Math.max(starts, ...counts) };
  const settled = await settleDrawnStates(networks, options);
  const { memory, wrongBits, next } = await stepOnce(networks, { ...options, settled });
  const batches = networks.seeds.map((_, replica) => ({
    replica,
    replicas: networks.seeds.length,
    sequences: options.sequences,
  }));
  const patterns = batches.map((batch) =>
    [...triesOf({ memory, h: settled }, batch)].slice(0, counts[batch.replica])
      .map((attempt) => Float32Array.from(attempt.memory))
  );
  return {
    patterns,
    fixed: patterns.map((memories, replica) =>
      memories.map((_, index) => wrongBits[replica * options.sequences + index] === 0)
    ),
    stable: batches.map((batch) => {
      const [before, after] = [settled, next].map((h) =>
        [...triesOf({ memory, h }, batch)].map((attempt) => signsOf(attempt.h))
      );
      return countStates(before!, after!, patterns[batch.replica]!.map(signsOf));
    }),
  };
}

/** h [P, B, N] at the end of long sequences that start in random states. */
async function settleDrawnStates(
  networks: NetworkSet,
  { backend, sequences }: { backend: Backend; sequences: number },
): Promise<Values> {
  const forward = await openForward(networks, { backend, sequences, task: fromState });
  try {
    const { h } = await forward.pass({
      batch: BATCH,
      change: (sequence, random) => ({
        ...sequence,
        start: sequence.start!.map(() => random.bits() & 1 ? 1 : -1),
      }),
    });
    return h;
  } finally {
    forward.close();
  }
}

/**
 * One step from every pattern, and one from every settled state.
 *
 * @returns the patterns [P, B, N], the wrong bits [P, B] after a step from each, and h [P, B, N] after a
 * step from each settled state.
 */
async function stepOnce(
  networks: NetworkSet,
  { backend, sequences, settled }: { backend: Backend; sequences: number; settled: Values },
): Promise<{ memory: Values; wrongBits: Values; next: Values }> {
  const forward = await openForward(networks, {
    backend,
    sequences,
    task: { ...fromState, steps: 2 },
    watch: ["observed/wrong_bits", "state/h"],
  });
  try {
    const fromPatterns = await forward.pass();
    const neurons = settled.length / (networks.seeds.length * sequences);
    let sequenceIndex = 0;
    const fromSettled = await forward.pass({
      change(sequence) {
        // Sequences are drawn replica by replica, in order.
        const offset = sequenceIndex++ * neurons;
        const start = Float32Array.from(settled.subarray(offset, offset + neurons));
        return { ...sequence, start };
      },
    });
    // What is watched has a leading axis of steps: the first values are those after one step.
    return {
      memory: fromPatterns.memory,
      wrongBits: fromPatterns.watched["observed/wrong_bits"]!,
      next: fromSettled.watched["state/h"]!.subarray(0, settled.length),
    };
  } finally {
    forward.close();
  }
}

/** Counts the states, as signs, that one more step does not change, by what they are. */
function countStates(
  before: readonly Int8Array[],
  after: readonly Int8Array[],
  memories: readonly Int8Array[],
): Stable {
  const startsByState = { memory: new Map(), inverse: new Map(), spurious: new Map() };
  let settled = 0;
  for (const [index, signs] of before.entries()) {
    if (dot(signs, after[index]!) !== signs.length) continue;
    settled++;
    const counts: Map<string, number> = startsByState[kindOf(signs, memories)];
    const key = signs.join();
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  const tally = (counts: Map<string, number>) => ({
    states: counts.size,
    starts: counts.values().reduce((sum, starts) => sum + starts, 0),
  });
  return {
    starts: before.length,
    settled,
    memory: tally(startsByState.memory),
    inverse: tally(startsByState.inverse),
    spurious: tally(startsByState.spurious),
  };
}

/** What a state is. It is a memory only if all signs agree: a near state may be another attractor. */
function kindOf(signs: Int8Array, memories: readonly Int8Array[]) {
  for (const memory of memories) {
    const overlap = dot(signs, memory);
    if (overlap === signs.length) return "memory";
    if (overlap === -signs.length) return "inverse";
  }
  return "spurious";
}
