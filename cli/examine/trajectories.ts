/** Energy and overlap on the way from damaged patterns. */
import type { Backend } from "../../core/backends/backend.ts";
import { fromState } from "./basins.ts";
import { memoriesOf, rounded } from "./cues.ts";
import type { NetworkExamination } from "./examination.ts";
import { type NetworkSet, openForward, OUTPUTS } from "./networks.ts";

type Trajectory = NonNullable<NetworkExamination["trajectories"]>[number];

const STEPS = 25;
const shares = [0.1, 0.2, 0.3, 0.4, 0.5] as const;
/** Memories of the first replica that are followed. */
const MOST_MEMORIES = 4;

export async function followTrajectories(
  networks: NetworkSet,
  { backend }: { backend: Backend },
): Promise<Trajectory[]> {
  const replicas = networks.seeds.length;
  const sequences = Math.min(MOST_MEMORIES, memoriesOf(networks.tasks[0]!));
  const forward = await openForward(networks, {
    backend,
    sequences,
    task: { ...fromState, steps: STEPS },
    probe: true,
  });
  const found: Trajectory[] = [];
  try {
    for (const flips of shares) {
      const { energy, output } = await forward.pass({ task: { flips } });
      for (let memory = 0; memory < sequences; memory++) {
        const overSteps = (value: (place: number) => number) =>
          Array.from(
            { length: STEPS },
            (_, t) => rounded(value(t * replicas * sequences + memory)),
          );
        found.push({
          memory,
          flips,
          energy: overSteps((place) => energy![place]!),
          overlap: overSteps((place) => output![place * OUTPUTS]!),
        });
      }
    }
  } finally {
    forward.close();
  }
  return found;
}
