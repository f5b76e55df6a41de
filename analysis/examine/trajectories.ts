/** Energy and overlap on the way from damaged patterns. */
import type { Backend } from "../../core/backends/backend.ts";
import { fromState } from "./basins.ts";
import { memoriesOf, rounded } from "./cues.ts";
import type { NetworkExamination } from "./examination.ts";
import { type NetworkSet, openForward } from "./networks.ts";

type Trajectory = NonNullable<NetworkExamination["trajectories"]>[number];

const STEPS = 25;
const shares = [0.1, 0.2, 0.3, 0.4, 0.5] as const;
/** Memories of a network that are followed. */
const MOST_MEMORIES = 4;

/** @returns those of each replica. */
export async function followTrajectories(
  networks: NetworkSet,
  { backend }: { backend: Backend },
): Promise<Trajectory[][]> {
  const replicas = networks.seeds.length;
  const sequences = Math.min(MOST_MEMORIES, ...networks.tasks.map(memoriesOf));
  const forward = await openForward(networks, {
    backend,
    sequences,
    task: { ...fromState, steps: STEPS },
    watch: ["observed/energy", "observed/overlap"],
  });
  const found: Trajectory[][] = networks.seeds.map(() => []);
  try {
    for (const flips of shares) {
      const { watched } = await forward.pass({ task: { flips } });
      found.forEach((own, replica) => {
        for (let memory = 0; memory < sequences; memory++) {
          const overSteps = (value: (place: number) => number) =>
            Array.from(
              { length: STEPS },
              (_, t) => rounded(value((t * replicas + replica) * sequences + memory)),
            );
          own.push({
            memory,
            flips,
            energy: overSteps((place) => watched["observed/energy"]![place]!),
            overlap: overSteps((place) => watched["observed/overlap"]![place]!),
          });
        }
      });
    }
  } finally {
    forward.close();
  }
  return found;
}
