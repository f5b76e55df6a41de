/** The replicas of a run that `--seed` and `--replica` choose. */
import type { Replica } from "../config/replicas.ts";
import { UsageError } from "../config/usage_error.ts";

export interface ReplicaChoice {
  /** [P], all replicas of the run. */
  readonly replicas: readonly Replica[];
  readonly seed: number | undefined;
  /** Number of the replica, from 0. */
  readonly replica: number | undefined;
}

/** Replicas that an error lists at most. */
const MOST_LISTED = 16;

/**
 * The replicas that fit both options; without options all of them.
 *
 * @throws UsageError if none fits.
 */
export function chooseReplicas({ replicas, seed, replica }: ReplicaChoice): readonly Replica[] {
  const ofSeed = seed === undefined
    ? replicas
    : replicas.filter((candidate) => candidate.seed === seed);
  if (ofSeed.length === 0) {
    const seeds = [...new Set(replicas.map((candidate) => candidate.seed))].join(", ");
    throw new UsageError(`--seed ${seed}: the run has no such seed; it has ${seeds}`);
  }
  if (replica === undefined) return ofSeed;
  const chosen = replicas[replica];
  if (!chosen) {
    const last = replicas.length - 1;
    const range = last === 0 ? "the run has one, 0" : `the run has 0 to ${last}`;
    throw new UsageError(`--replica ${replica}: ${range}: ${listText(replicas, replicas)}`);
  }
  if (!ofSeed.includes(chosen)) {
    throw new UsageError(`--replica ${replica}: it is ${chosen.label}, --seed asks for ${seed}`);
  }
  return [chosen];
}

/**
 * The one replica that fits both options; without options the first.
 *
 * @throws UsageError if none fits, or several have the seed.
 */
export function chooseReplica(choice: ReplicaChoice): Replica {
  const { replicas, seed } = choice;
  const chosen = chooseReplicas(choice);
  if (seed !== undefined && chosen.length > 1) {
    throw new UsageError(
      `--seed ${seed}: ${chosen.length} replicas have it, --replica N says which: ` +
        listText(chosen, replicas),
    );
  }
  return chosen[0]!;
}

/** Such as "0 (memories 5, seed 1), 2 (memories 10, seed 1)". */
function listText(listed: readonly Replica[], replicas: readonly Replica[]): string {
  const items = listed.slice(0, MOST_LISTED).map((replica) =>
    `${replicas.indexOf(replica)} (${replica.label})`
  );
  return items.join(", ") + (listed.length > MOST_LISTED ? ", ..." : "");
}
