/** Recall from damaged first states without input: how far the basin of a memory reaches. */
import type { Backend } from "../../core/backends/backend.ts";
import type { BasinPoint } from "./examination.ts";
import { type Forward, type NetworkSet, openForward } from "./networks.ts";
import { recallOf } from "./recall.ts";

/** Shares of flipped bits. At one half a state is as near to the inverse as to the memory. */
const flippedShares = [0, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5] as const;

/** Steps in which a state settles; most settle within ten. */
const SETTLING_STEPS = 50;

/** Settings of the task: the network gets a first state, and no input. */
export const fromState = {
  cue: "state",
  steps: SETTLING_STEPS,
  presentation_steps: 1,
  noise: 0,
  flips: 0,
  flip_draw: "share",
} as const;

/**
 * Recall at every share of flipped bits.
 *
 * @param options.sequences tries of each replica for each share.
 * @returns the points of each replica [P], rising by share.
 */
export async function measureBasins(
  forward: Forward,
  { replicas, sequences }: { replicas: number; sequences: number },
): Promise<BasinPoint[][]> {
  const points: BasinPoint[][] = Array.from({ length: replicas }, () => []);
  for (const [batch, flips] of flippedShares.entries()) {
    const pass = await forward.pass({ task: { flips }, batch });
    points.forEach((curve, replica) =>
      curve.push({ flips, ...recallOf(pass, { replica, replicas, sequences }) })
    );
  }
  return points;
}

/** Opens networks for `measureBasins`, as they are or with other settings of the model. */
export const openBasins = (
  networks: NetworkSet,
  { backend, sequences, model = {} }: {
    backend: Backend;
    sequences: number;
    model?: Readonly<Record<string, unknown>>;
  },
): Promise<Forward> => openForward(networks, { backend, sequences, model, task: fromState });
