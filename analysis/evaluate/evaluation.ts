/** What an evaluation finds: the content of `evaluation.json`, and all that its page shows. */
import type { Loss } from "../../core/losses/loss.ts";
import { wilsonInterval } from "../../core/numerics/statistics.ts";
import type { Sums } from "../../core/training/sums.ts";
import type { Count } from "../../core/training/task.ts";
import type { bounds } from "../../tasks/scene_bounds.ts";

/** So many of so many, with its 95 % Wilson interval. */
export interface Proportion extends Count {
  /** null where there was none to count. */
  readonly share: number | null;
  readonly low: number;
  readonly high: number;
}

/** One network on held-out sequences. */
export interface Judgement {
  /** Mean loss of what is judged, in nats; null where that is not finite. */
  readonly loss: number | null;
  /** Every metric of the loss that is a share, by its name there. */
  readonly proportions: Readonly<Record<string, Proportion>>;
  /** The others: means of amounts; null where they are not finite. */
  readonly means: Readonly<Record<string, number | null>>;
}

/** Which replica of a run was judged. */
export interface JudgedReplica {
  readonly seed: number;
  /** Its seed in words, after the values that a sweep gives it. */
  readonly label: string;
}

/** What tells replicas apart in a table: their seeds, or where something was swept their labels. */
export function replicaColumn(
  replicas: readonly JudgedReplica[],
): readonly [name: string, of: (replica: JudgedReplica) => string] {
  return replicas.every(({ seed, label }) => label === `seed ${seed}`)
    ? ["seed", ({ seed }) => String(seed)]
    : ["replica", ({ label }) => label];
}

/** A network that has passed a level, or the newest one of a run, on one movie. */
export interface MovieJudgement extends Judgement, JudgedReplica {
  /** The level that the network has passed, or is trained at: which network it is. */
  readonly level: number;
  /** false: it is the network of the newest checkpoint. */
  readonly passed: boolean;
  /** Updates done, of one that passed until it did. */
  readonly updates: number;
  /** R of the movie. */
  readonly interval: number;
  readonly scenes: number;
  /** Accuracy of a guesser that always says "new". */
  readonly chance: number;
  /** Whether all `bounds` are kept. */
  readonly holds: boolean;
}

interface Judged {
  /** Name of the run's folder. */
  readonly run: string;
  readonly task: string;
  readonly model: string;
  readonly updater: string;
  readonly device: string;
}

export interface LevelEvaluation extends Judged {
  readonly kind: "levels";
  readonly bounds: typeof bounds;
  readonly movies: readonly MovieJudgement[];
  /** The generalisation curve; empty where it was not asked for. */
  readonly curve: readonly MovieJudgement[];
}

export interface SequenceEvaluation extends Judged {
  readonly kind: "sequences";
  /** Iterations done when the checkpoint was made. */
  readonly updates: number;
  /** Sequences judged, for each replica. */
  readonly sequences: number;
  /** The metric to look at first. */
  readonly score: string;
  /** null where it is not that of all replicas. */
  readonly chance: number | null;
  readonly best_loss: number | null;
  readonly networks: readonly (Judgement & JudgedReplica)[];
}

export type Evaluation = LevelEvaluation | SequenceEvaluation;

/** Which network of a seed it is, in words. */
export const networkName = (
  { level, passed }: Pick<MovieJudgement, "level" | "passed">,
): string => passed ? `network of level ${level}` : `newest network, trained at R = ${level}`;

/** @returns one a replica. */
export function judgementsOf(
  sums: Sums,
  { metrics, means = [] }: Pick<Loss, "metrics" | "means">,
): Judgement[] {
  const ratios = Object.entries(metrics)
    .map(([name, [above, below]]) => ({ name, above: sums.of(above), below: sums.of(below) }));
  const isMean = (name: string) => name === "loss" || means.includes(name);
  return sums.of(metrics["loss"]![0]).map((_, replica) => {
    const { loss = null, ...others } = Object.fromEntries(
      ratios.filter(({ name }) => isMean(name)).map(({ name, above, below }) => {
        const value = above[replica]! / below[replica]!;
        return [name, Number.isFinite(value) ? value : null];
      }),
    );
    return {
      loss,
      proportions: Object.fromEntries(
        ratios.filter(({ name }) => !isMean(name)).map(({ name, above, below }) => [
          name,
          proportionOf(above[replica]!, below[replica]!),
        ]),
      ),
      means: others,
    };
  });
}

const proportionOf = (count: number, of: number): Proportion => ({
  count,
  of,
  share: of === 0 ? null : count / of,
  ...wilsonInterval(count, of),
});
