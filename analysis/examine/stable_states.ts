/** The states that a network stays in: its memories, their inverses, and others. */
import type { Backend } from "../../core/backends/backend.ts";
import { fromState } from "./basins.ts";
import type { NetworkExamination } from "./examination.ts";
import { type NetworkSet, openForward } from "./networks.ts";
import { dot } from "./matrices.ts";
import { signsOf, triesOf } from "./recall.ts";
import { memoriesOf } from "./cues.ts";

type Stable = NetworkExamination["stable"];

/** Far from the batches that measure basins. */
const BATCH = 1000;

export interface StableStates {
  /** By replica, the patterns [memories, N]. */
  readonly patterns: Float32Array[][];
  /** By replica and memory, whether one step leaves every sign of the pattern. */
  readonly fixed: boolean[][];
  readonly stable: Stable[];
}

/**
 * Starts every replica in its patterns, and in states whose bits are drawn.
 *
 * @param options.starts drawn states of a replica; at least as many as there are patterns.
 */
export async function findStableStates(
  networks: NetworkSet,
  { backend, starts }: { backend: Backend; starts: number },
): Promise<StableStates> {
  const replicas = networks.seeds.length;
  const counts = networks.tasks.map(memoriesOf);
  const sequences = Math.max(starts, ...counts);
  const shared = { backend, sequences };
  const long = await openForward(networks, { ...shared, task: fromState });
  let found;
  try {
    found = await long.pass({
      batch: BATCH,
      change: (sequence, random) => ({
        ...sequence,
        start: sequence.start!.map(() => random.bits() & 1 ? 1 : -1),
      }),
    });
  } finally {
    long.close();
  }
  const short = await openForward(networks, {
    ...shared,
    task: { ...fromState, steps: 2 },
    watch: ["observed/wrong_bits", "state/h"],
  });
  try {
    const own = await short.pass();
    const neurons = own.memory.length / (replicas * sequences);
    const places = networks.seeds.map((_, replica) => ({ replica, replicas, sequences }));
    const patterns = places.map((place) =>
      [...triesOf(own, place)].slice(0, counts[place.replica])
        .map(({ memory }) => Float32Array.from(memory))
    );
    const wrong = own.watched["observed/wrong_bits"]!;
    // The first step is one step from the pattern.
    const fixed = patterns.map((all, replica) =>
      all.map((_, memory) => wrong[replica * sequences + memory] === 0)
    );
    let next = 0;
    const settled = found.h;
    const again = await short.pass({
      change(sequence) {
        // Sequences are drawn replica by replica, in order.
        const start = next++ * neurons;
        return { ...sequence, start: Float32Array.from(settled.subarray(start, start + neurons)) };
      },
    });
    const after = again.watched["state/h"]!.subarray(0, settled.length);
    return {
      patterns,
      fixed,
      stable: places.map((place) => {
        const memories = patterns[place.replica]!.map(signsOf);
        const next = [...triesOf({ memory: own.memory, h: after }, place)];
        const kinds = { memory: new Map(), inverse: new Map(), spurious: new Map() };
        let count = 0;
        for (const { index, h } of triesOf(found, place)) {
          const signs = signsOf(h);
          if (dot(signs, signsOf(next[index]!.h)) !== neurons) continue;
          count++;
          const kind = kindOf(signs, memories);
          const key = signs.join();
          kinds[kind].set(key, (kinds[kind].get(key) ?? 0) + 1);
        }
        const tally = (kind: Map<string, number>) => ({
          states: kind.size,
          starts: [...kind.values()].reduce((sum, starts) => sum + starts, 0),
        });
        return {
          starts: sequences,
          settled: count,
          memory: tally(kinds.memory),
          inverse: tally(kinds.inverse),
          spurious: tally(kinds.spurious),
        };
      }),
    };
  } finally {
    short.close();
  }
}

/** A state may be near a memory and yet another one; only all signs make it the memory. */
function kindOf(signs: Int8Array, memories: readonly Int8Array[]) {
  for (const memory of memories) {
    const overlap = dot(signs, memory);
    if (overlap === signs.length) return "memory";
    if (overlap === -signs.length) return "inverse";
  }
  return "spurious";
}
