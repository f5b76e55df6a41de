/** Follows energy and overlap from damaged patterns. */
import type { Backend, Values } from "../../core/backends/backend.ts";
import { fromState } from "./basins.ts";
import { memoriesOf, rounded } from "./cues.ts";
import type { NetworkExamination } from "./examination.ts";
import { type NetworkSet, openForward } from "./networks.ts";

type Trajectory = NonNullable<NetworkExamination["trajectories"]>[number];

const STEPS = 25;
const shares = [0.1, 0.2, 0.3, 0.4, 0.5] as const;
/** Most memories of a network that are followed. */
const MOST_MEMORIES = 4;

/** @returns the trajectories of each replica [P], by share of flipped bits, then memory. */
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
  const trajectories: Trajectory[][] = networks.seeds.map(() => []);
  try {
    for (const flips of shares) {
      const { watched } = await forward.pass({ task: { flips } });
      trajectories.forEach((list, replica) => {
        for (let memory = 0; memory < sequences; memory++) {
          const overSteps = (values: Values) =>
            Array.from(
              { length: STEPS },
              (_, t) => rounded(values[(t * replicas + replica) * sequences + memory]!),
            );
          list.push({
            memory,
            flips,
            energy: overSteps(watched["observed/energy"]!),
            overlap: overSteps(watched["observed/overlap"]!),
          });
        }
      });
    }
  } finally {
    forward.close();
  }
  return trajectories;
}
