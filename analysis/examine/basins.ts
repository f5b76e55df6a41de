/** Recall from damaged first states, with no input: how far the basin of a memory reaches. */
import type { Backend } from "../../core/backends/backend.ts";
import type { BasinPoint } from "./examination.ts";
import { type Forward, type NetworkSet, openForward } from "./networks.ts";
import { recallOf } from "./recall.ts";

/** Shares of flipped bits; from half on a state is as near to the inverse. */
export const flippedShares = [0, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5] as const;

/** Steps after which a state has settled, with room to spare: most do within ten. */
export const SETTLING_STEPS = 50;

/** The network is alone with its first state from the start. */
export const fromState = {
  cue: "state",
  steps: SETTLING_STEPS,
  presentation_steps: 1,
  noise: 0,
  flips: 0,
  flip_draw: "share",
} as const;

/** @returns the points of each replica, in the order of `flippedShares`. */
export async function measureBasins(
  forward: Forward,
  { replicas, sequences }: { replicas: number; sequences: number },
): Promise<BasinPoint[][]> {
  const points: BasinPoint[][] = Array.from({ length: replicas }, () => []);
  for (const [batch, flips] of flippedShares.entries()) {
    const passed = await forward.pass({ task: { flips }, batch });
    points.forEach((own, replica) =>
      own.push({ flips, ...recallOf(passed, { replica, replicas, sequences }) })
    );
  }
  return points;
}

/** The networks as they are, or with other settings of the model, for `measureBasins`. */
export const openBasins = (
  networks: NetworkSet,
  { backend, sequences, model = {} }: {
    backend: Backend;
    sequences: number;
    model?: Readonly<Record<string, unknown>>;
  },
): Promise<Forward> => openForward(networks, { backend, sequences, model, task: fromState });
