/** Which replicas of a run `--seed` and `--replica` mean. */
import type { Replica } from "../config/replicas.ts";
import { UsageError } from "../config/usage_error.ts";

export interface ReplicaChoice {
  /** All of the run. */
  readonly replicas: readonly Replica[];
  readonly seed: number | undefined;
  /** Number of the replica, from 0. */
  readonly replica: number | undefined;
}

/** More are not listed in an error. */
const MOST_LISTED = 16;

/** All that are meant; without either option all there are. @throws UsageError where none is. */
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
    const all = last === 0 ? "the run has one, 0" : `the run has 0 to ${last}`;
    throw new UsageError(`--replica ${replica}: ${all}: ${listed(replicas, replicas)}`);
  }
  if (!ofSeed.includes(chosen)) {
    throw new UsageError(`--replica ${replica}: it is ${chosen.label}, --seed asks for ${seed}`);
  }
  return [chosen];
}

/** The one that is meant; without either option the first. @throws UsageError where several are. */
export function chooseReplica(choice: ReplicaChoice): Replica {
  const { replicas, seed } = choice;
  const chosen = chooseReplicas(choice);
  if (seed !== undefined && chosen.length > 1) {
    throw new UsageError(
      `--seed ${seed}: ${chosen.length} replicas have it, --replica N says which: ` +
        listed(chosen, replicas),
    );
  }
  return chosen[0]!;
}

/** Such as "0 (memories 5, seed 1), 2 (memories 10, seed 1)". */
function listed(some: readonly Replica[], all: readonly Replica[]): string {
  const shown = some.slice(0, MOST_LISTED).map((replica) =>
    `${all.indexOf(replica)} (${replica.label})`
  );
  return shown.join(", ") + (some.length > MOST_LISTED ? ", ..." : "");
}
