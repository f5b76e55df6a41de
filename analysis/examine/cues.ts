/** Presentations as in training, clean and damaged, and what is kept of each memory. */
import type { Backend } from "../../core/backends/backend.ts";
import type { CueTest, NetworkExamination } from "./examination.ts";
import { type NetworkSet, openForward } from "./networks.ts";
import { mean, recallOf } from "./recall.ts";

/** Noise as published: Gaussian on the pattern, then clamped to [-1, 1]. Flips are real ones. */
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

/** Whether a network was trained with inputs; each of a sweep has its own. */
const hasInputs = ({ cue }: Readonly<Record<string, unknown>>): boolean => cue !== "state";

/** @returns the tests of each replica; none of one that was not trained with inputs. */
export async function testCues(
  networks: NetworkSet,
  { backend, sequences }: { backend: Backend; sequences: number },
): Promise<CueTest[][]> {
  const replicas = networks.seeds.length;
  const found: CueTest[][] = Array.from({ length: replicas }, () => []);
  if (!networks.tasks.some(hasInputs)) return found;
  const forward = await openForward(networks, {
    backend,
    sequences,
    task: { ...undamaged, cue: "input" },
  });
  try {
    for (const [batch, { kind, level, task }] of tests.entries()) {
      const passed = await forward.pass({ task, batch });
      found.forEach((own, replica) => {
        if (!hasInputs(networks.tasks[replica]!)) return;
        const [from, to] = [replica * sequences, (replica + 1) * sequences];
        own.push({
          kind,
          level,
          retention: mean([...passed.retention.subarray(from, to)]),
          reaction: mean([...passed.reaction.subarray(from, to)]),
          ...recallOf(passed, { replica, replicas, sequences }),
        });
      });
    }
  } finally {
    forward.close();
  }
  return found;
}

type OverTime = NonNullable<NetworkExamination["retention_over_time"]>;
type Kept = Omit<NetworkExamination["memories"][number], "fixed">;

/** Steps of a drawn curve. */
const MOST_POINTS = 200;

/**
 * Each memory with its own cue, undamaged: what is kept, and its overlap over time, by replica. The cue
 * is an input, or the first state of a network that was not trained with inputs.
 */
export async function watchMemories(
  networks: NetworkSet,
  { backend }: { backend: Backend },
): Promise<{ memories: Kept[][]; overTime: OverTime[] }> {
  const [{ seeds, tasks }, counts] = [networks, networks.tasks.map(memoriesOf)];
  const sequences = Math.max(...counts);
  const forward = await openForward(networks, {
    backend,
    sequences,
    task: (own) => ({ ...undamaged, cue: hasInputs(own) ? "input" : "state" }),
    watch: ["observed/overlap"],
  });
  try {
    const { watched, retention, reaction } = await forward.pass();
    const overlap = watched["observed/overlap"]!;
    const steps = overlap.length / (seeds.length * sequences);
    const shown = tasks.map((own) => Math.min(steps - 1, Number(own["presentation_steps"])));
    const overlapAt = (replica: number, memory: number, step: number) =>
      overlap[(step * seeds.length + replica) * sequences + memory]!;
    const memories = seeds.map((_, replica) =>
      Array.from({ length: counts[replica]! }, (_, memory): Kept => {
        const place = replica * sequences + memory;
        const absolute = Array.from(
          { length: steps },
          (_, step) => Math.abs(overlapAt(replica, memory, step)),
        );
        return {
          retention: retention[place]!,
          absolute_retention: mean(absolute.slice(shown[replica])),
          reaction: reaction[place]!,
          absolute_reaction: Math.max(...absolute.slice(0, shown[replica])),
        };
      })
    );
    const stride = Math.ceil(steps / MOST_POINTS);
    const at = Array.from({ length: Math.ceil(steps / stride) }, (_, index) => index * stride);
    return {
      memories,
      overTime: seeds.map((_, replica) => ({
        at,
        shown: shown[replica]!,
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

export const memoriesOf = (task: Readonly<Record<string, unknown>>): number =>
  Number(task["memories"]);

/** Five digits are more than a screen shows. */
export const rounded = (value: number): number => Number(value.toPrecision(5));
