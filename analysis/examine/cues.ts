/** Recall after presentations as in training, clean and damaged, and how each memory is held. */
import type { Backend } from "../../core/backends/backend.ts";
import type { CueTest, NetworkExamination } from "./examination.ts";
import { type NetworkSet, openForward } from "./networks.ts";
import { mean, recallOf } from "./recall.ts";

/** Noise is Gaussian on the pattern, then clamped to [-1, 1], as published. Flips change whole bits. */
const tests = [
  { kind: "clean", level: 0, task: {} },
  { kind: "noise", level: 0.15, task: { noise: 0.15 } },
  { kind: "noise", level: 0.3, task: { noise: 0.3 } },
  { kind: "noise", level: 0.5, task: { noise: 0.5 } },
  { kind: "flips", level: 0.1, task: { flips: 0.1 } },
  { kind: "flips", level: 0.2, task: { flips: 0.2 } },
  { kind: "flips", level: 0.3, task: { flips: 0.3 } },
] as const;

const undamaged = { noise: 0, flips: 0, flip_draw: "each" } as const;

/** Whether a network was trained with inputs; points of a sweep may differ. */
const hasInputs = ({ cue }: Readonly<Record<string, unknown>>): boolean => cue !== "state";

/**
 * Shows every replica damaged patterns as inputs.
 *
 * @param options.sequences presentations of each test.
 * @returns the tests of each replica [P]; none for a replica that was not trained with inputs.
 */
export async function testCues(
  networks: NetworkSet,
  { backend, sequences }: { backend: Backend; sequences: number },
): Promise<CueTest[][]> {
  const replicas = networks.seeds.length;
  const results: CueTest[][] = Array.from({ length: replicas }, () => []);
  if (!networks.tasks.some(hasInputs)) return results;
  const forward = await openForward(networks, {
    backend,
    sequences,
    task: { ...undamaged, cue: "input" },
  });
  try {
    for (const [batch, { kind, level, task }] of tests.entries()) {
      const pass = await forward.pass({ task, batch });
      results.forEach((replicaTests, replica) => {
        if (!hasInputs(networks.tasks[replica]!)) return;
        const [from, to] = [replica * sequences, (replica + 1) * sequences];
        replicaTests.push({
          kind,
          level,
          retention: mean([...pass.retention.subarray(from, to)]),
          reaction: mean([...pass.reaction.subarray(from, to)]),
          ...recallOf(pass, { replica, replicas, sequences }),
        });
      });
    }
  } finally {
    forward.close();
  }
  return results;
}

type OverTime = NonNullable<NetworkExamination["retention_over_time"]>;
type MemoryMeasures = Omit<NetworkExamination["memories"][number], "fixed">;

/** Most steps of a drawn curve. */
const MOST_POINTS = 200;

/**
 * Shows every memory undamaged: its measures, and its overlap over time, by replica [P]. The cue is an
 * input, or the first state of a network that was not trained with inputs.
 */
export async function watchMemories(
  networks: NetworkSet,
  { backend }: { backend: Backend },
): Promise<{ memories: MemoryMeasures[][]; overTime: OverTime[] }> {
  const [{ seeds, tasks }, counts] = [networks, networks.tasks.map(memoriesOf)];
  const sequences = Math.max(...counts);
  const forward = await openForward(networks, {
    backend,
    sequences,
    task: (settings) => ({ ...undamaged, cue: hasInputs(settings) ? "input" : "state" }),
    watch: ["observed/overlap"],
  });
  try {
    const { watched, retention, reaction } = await forward.pass();
    const overlap = watched["observed/overlap"]!;
    const steps = overlap.length / (seeds.length * sequences);
    const presentations = tasks.map((settings) =>
      Math.min(steps - 1, Number(settings["presentation_steps"]))
    );
    const overlapAt = (replica: number, memory: number, step: number) =>
      overlap[(step * seeds.length + replica) * sequences + memory]!;
    const memories = seeds.map((_, replica) =>
      Array.from({ length: counts[replica]! }, (_, memory): MemoryMeasures => {
        const index = replica * sequences + memory;
        const absolute = Array.from(
          { length: steps },
          (_, step) => Math.abs(overlapAt(replica, memory, step)),
        );
        return {
          retention: retention[index]!,
          absolute_retention: mean(absolute.slice(presentations[replica])),
          reaction: reaction[index]!,
          absolute_reaction: Math.max(...absolute.slice(0, presentations[replica])),
        };
      })
    );
    const stride = Math.ceil(steps / MOST_POINTS);
    const at = Array.from({ length: Math.ceil(steps / stride) }, (_, index) => index * stride);
    return {
      memories,
      overTime: seeds.map((_, replica) => ({
        at,
        shown: presentations[replica]!,
        overlap: Array.from(
          { length: counts[replica]! },
          (_, memory) => at.map((step) => rounded(overlapAt(replica, memory, step))),
        ),
      })),
    };
  } finally {
    forward.close();
  }
}

/** Number of patterns of a task. */
export const memoriesOf = (task: Readonly<Record<string, unknown>>): number =>
  Number(task["memories"]);

/** Five significant digits: more than a figure shows, and shorter in a file. */
export const rounded = (value: number): number => Number(value.toPrecision(5));
