/**
 * Intervals of shares of the scenes of one movie. What a network says of a scene depends on the scenes before
 * it, by way of its memory. So blocks of scenes, longer than its memory reaches, are taken as independent, not
 * scenes (method of batch means: C. Alexopoulos and A. F. Seila 1998, Handbook of Simulation, chapter 7).
 */
import type { Engine } from "../../core/backends/backend.ts";
import type { Loss } from "../../core/losses/loss.ts";
import { metricsOf } from "../../core/losses/metric_facts.ts";
import { type Cluster, clusteredShareInterval } from "../../core/numerics/clustered.ts";
import type { Interval } from "../../core/numerics/statistics.ts";
import type { Estimate } from "../../core/training/sequence_counts.ts";
import type { Scenes } from "../../core/training/task.ts";

type ShareEstimate = Pick<Estimate, "count" | "interval">;

/** A block has so many times R scenes. */
const INTERVALS_IN_BLOCK = 8;

/**
 * 95 % interval of a share of answers in a row, of which those at most about `reach` apart may be alike. A
 * share of 0 or 1 does not tell how alike they are: then each `reach` of answers counts as one.
 *
 * @param above by answer, 1 where it is so.
 * @param below by answer, 1 where it could be so.
 */
export function blockInterval(
  above: ArrayLike<number>,
  below: ArrayLike<number>,
  { reach }: { reach: number },
): Interval {
  const sums = (length: number) => {
    const blocks = Array.from(
      { length: Math.max(1, Math.floor(below.length / length)) },
      () => ({ above: 0, below: 0 }),
    );
    for (let answer = 0; answer < below.length; answer++) {
      // What is left over after the last whole block belongs to it.
      const block = blocks[Math.min(blocks.length - 1, Math.floor(answer / length))]!;
      block.above += above[answer]!;
      block.below += below[answer]!;
    }
    return blocks satisfies Cluster[];
  };
  const squares = sums(reach).reduce((sum, block) => sum + block.below ** 2, 0);
  return clusteredShareInterval(sums(INTERVALS_IN_BLOCK * reach), squares);
}

/**
 * What one movie tells of the shares of one network, by metric.
 *
 * @param engine holds the counts of the steps of the movie (`keepsCounts` of `forwardProgram`).
 */
export async function sceneEstimates(
  engine: Engine,
  { loss, scenes: { steps, interval } }: { loss: Loss; scenes: Scenes },
): Promise<Readonly<Record<string, readonly [ShareEstimate]>>> {
  const shares = metricsOf(loss).filter(([, { kind, of }]) => kind === "share" && !of);
  const slotOf = (name: string) => `probe/count/${name}`;
  const names = new Set(shares.flatMap(([, { sums }]) => sums));
  const counts = await engine.read([...names].map(slotOf));
  return Object.fromEntries(shares.map(([name, { sums }]) => {
    const [above, below] = sums.map((sum) => counts.get(slotOf(sum))!);
    const total = (values: ArrayLike<number>) => Array.from(values).reduce((a, b) => a + b, 0);
    return [name, [{
      count: { count: total(above!), of: total(below!) },
      interval: blockInterval(above!, below!, { reach: interval * steps }),
    }]];
  }));
}
