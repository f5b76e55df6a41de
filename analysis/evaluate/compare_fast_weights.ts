/** The same networks on the same sequences, with their fast weights treated in several ways. */
import type { Replica } from "../../config/replicas.ts";
import type { Loss } from "../../core/losses/loss.ts";
import {
  type PairedDifference,
  pairedDifferences,
} from "../../core/training/paired_differences.ts";
import type { SequenceCounts } from "../../core/training/sequence_counts.ts";
import type { Sums } from "../../core/training/sums.ts";
import type { FastWeightMode } from "../../updaters/fast_weights.ts";
import {
  type Difference,
  type FastWeightEvaluation,
  type JudgedReplica,
  type Judgement,
  judgementsOf,
} from "./evaluation.ts";

/** What was counted of all replicas of a run. */
export interface Judged {
  readonly sums: Sums;
  readonly counts: SequenceCounts;
}

/** [P], all replicas of the run, and those whose judgements are wanted. */
interface Chosen {
  readonly replicas: readonly Replica[];
  readonly chosen: readonly Replica[];
}

/** The judgements of the chosen replicas. */
export const networksOf = (
  { sums, counts }: Judged,
  loss: Loss,
  { replicas, chosen }: Chosen,
): (Judgement & JudgedReplica)[] =>
  judgementsOf(sums, loss, counts.estimates(loss)).flatMap((judgement, index) => {
    const replica = replicas[index]!;
    const { seed, label } = replica;
    return chosen.includes(replica) ? [{ seed, label, ...judgement }] : [];
  });

/** An evaluation of every way, with differences of the first one to each of the others. */
export function compareFastWeights(
  judged: ReadonlyMap<FastWeightMode, Judged>,
  loss: Loss,
  { replicas, chosen }: Chosen,
): FastWeightEvaluation[] {
  const [first] = judged.values();
  const numbers = replicas.flatMap((replica, index) => chosen.includes(replica) ? [index] : []);
  return [...judged].map(([mode, judgement]) => {
    const differences = judgement === first
      ? {}
      : pairedDifferences(loss, first!.counts, judgement.counts);
    const networks = networksOf(judgement, loss, { replicas, chosen });
    return {
      mode,
      networks: networks.map((network, index) => ({
        ...network,
        differences: Object.fromEntries(
          Object.entries(differences).map((
            [name, of],
          ) => [name, differenceOf(of[numbers[index]!]!)]),
        ),
      })),
    };
  });
}

const differenceOf = ({ value, interval }: PairedDifference): Difference => ({
  value: Number.isFinite(value) ? value : null,
  ...interval ? { interval } : {},
});
