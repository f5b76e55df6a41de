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
  const ofSeed = seed === undefined ? replicas : replicas.filter((one) => one.seed === seed);
  if (ofSeed.length === 0) {
    const seeds = [...new Set(replicas.map((one) => one.seed))].join(", ");
    throw new UsageError(`--seed ${seed}: the run has no such seed; it has ${seeds}`);
  }
  if (replica === undefined) return ofSeed;
  const found = replicas[replica];
  if (!found) {
    const last = replicas.length - 1;
    const all = last === 0 ? "the run has one, 0" : `the run has 0 to ${last}`;
    throw new UsageError(`--replica ${replica}: ${all}: ${listed(replicas, replicas)}`);
  }
  if (!ofSeed.includes(found)) {
    throw new UsageError(`--replica ${replica}: it is ${found.label}, --seed asks for ${seed}`);
  }
  return [found];
}

/** The one that is meant; without either option the first. @throws UsageError where several are. */
export function chooseReplica(choice: ReplicaChoice): Replica {
  const { replicas, seed } = choice;
  const found = chooseReplicas(choice);
  if (seed !== undefined && found.length > 1) {
    throw new UsageError(
      `--seed ${seed}: ${found.length} replicas have it, --replica N says which: ` +
        listed(found, replicas),
    );
  }
  return found[0]!;
}

/** Such as "0 (memories 5, seed 1), 2 (memories 10, seed 1)". */
function listed(some: readonly Replica[], all: readonly Replica[]): string {
  const shown = some.slice(0, MOST_LISTED).map((one) => `${all.indexOf(one)} (${one.label})`);
  return shown.join(", ") + (some.length > MOST_LISTED ? ", ..." : "");
}
