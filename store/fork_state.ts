/** The state that a fork begins with: that of a checkpoint, in the memory of another program. */
import { initialValues } from "../core/backends/initial_values.ts";
import { isPersistent } from "../core/backends/layout.ts";
import type { Values } from "../core/backends/backend.ts";
import type { Initializer } from "../core/program/initializer.ts";
import type { Slot } from "../core/program/node.ts";
import type { Program } from "../core/program/program.ts";
import type { CurriculumState } from "../core/training/curriculum.ts";
import { createSums } from "../core/training/sums.ts";
import type { TrainState } from "../core/training/train_options.ts";
import { buildRun, type Run } from "../config/build/build_run.ts";
import { type Replica, replicasOf } from "../config/replicas.ts";
import type { RunConfig } from "../config/run_config.ts";
import { UsageError } from "../config/usage_error.ts";
import { rateCounterAt } from "../updaters/optimizers/rate_factor.ts";
import { withCounters } from "./counters.ts";
import type { Checkpoint } from "./files/checkpoint_format.ts";
import { storedCount, storedCurriculum } from "./stored_texts.ts";

/** A run of which another one begins. */
export interface ForkSource {
  /** Its config. */
  readonly parent: RunConfig;
  readonly checkpoint: Checkpoint;
}

/**
 * The state of a checkpoint for the program of another config. Replicas go on with that of their seed, or all
 * with the only one. Trained weights are taken as they are; so are constants, unless the settings now say others,
 * as of the learning rate; and what the optimizer remembers, where the new one remembers the same.
 *
 * @returns the state, and the slots that begin anew.
 * @throws UsageError if a trained weight has another shape, none is in the checkpoint, or a replica has no source.
 */
export function forkState(
  { parent, checkpoint }: ForkSource,
  { config, run }: { config: RunConfig; run: Run },
): { state: TrainState; anew: string[] } {
  const { program } = run;
  const before = buildRun(parent).program;
  const sources = sourcesOf(replicasOf(parent), replicasOf(config), checkpoint);
  const seeds = replicasOf(config).map(({ seed }) => seed);
  const tensors = withCounters(checkpoint, before);
  const rates = rateCounterAt(checkpoint.iteration);
  const anew: string[] = [];
  const values = new Map<string, Values>();
  for (const slot of [...program.slots.values()].filter(isPersistent)) {
    const taken = tensors.has(slot.name) && before.slots.has(slot.name)
      ? takenFrom(tensors.get(slot.name)!.data as Values, { slot, before, program, sources })
      : undefined;
    const isSetting = slot.kind === "constant" && taken &&
      !sameFirst(slot.name, { before, program, sources });
    if (taken && !isSetting) {
      values.set(slot.name, taken);
      continue;
    }
    if (slot.kind === "parameter" && tensors.has(slot.name)) {
      throw new UsageError(
        `cannot fork ${checkpoint.path}: "${slot.name}" has the shape [${
          before.slots.get(slot.name)?.shape.join(", ")
        }] there and [${slot.shape.join(", ")}] here`,
      );
    }
    const first = initialValues(program, slot.name, seeds);
    values.set(slot.name, rates.has(slot.name) ? first.fill(rates.get(slot.name)!) : first);
    anew.push(slot.name);
  }
  const parameters = [...program.slots.values()].filter(({ kind }) => kind === "parameter");
  if (parameters.every(({ name }) => anew.includes(name))) {
    throw new UsageError(`cannot fork ${checkpoint.path}: it has no weight of the network`);
  }
  const curriculum = curriculumOf(checkpoint, { parent, run, sources });
  return {
    state: {
      iteration: checkpoint.iteration,
      seconds: storedCount(checkpoint, "seconds"),
      highLossIntervals: 0,
      window: new Float64Array(createSums(program, "train").totals.length),
      ...curriculum ? { curriculum } : {},
      tensors: values,
    },
    anew,
  };
}

/** [P], the replica that each goes on with. @throws UsageError for a replica that has none. */
function sourcesOf(
  old: readonly Replica[],
  now: readonly Replica[],
  { path }: Checkpoint,
): number[] {
  if (old.length === now.length) return now.map((_, index) => index);
  return now.map(({ seed, label }) => {
    const ofSeed = old.flatMap((replica, index) => replica.seed === seed ? [index] : []);
    if (old.length === 1) return 0;
    if (ofSeed.length === 1) return ofSeed[0]!;
    throw new UsageError(
      `cannot fork ${path}: it has ${old.length} networks, and none, or several, for ${label}`,
    );
  });
}

/**
 * The numbers of a slot in the new program, from those of the old one, [P, B?, ...shape]. Copies of fast weights
 * for another number of sequences are the mean of those that there are. Undefined: another shape.
 */
function takenFrom(
  data: Values,
  { slot, before, program, sources }: {
    slot: Slot;
    before: Program;
    program: Program;
    sources: readonly number[];
  },
): Values | undefined {
  const old = before.slots.get(slot.name)!;
  const isAlike = old.shape.join() === slot.shape.join() &&
    old.hasBatchAxis === slot.hasBatchAxis && !old.hasTimeAxis && !slot.hasTimeAxis;
  if (!isAlike) return undefined;
  const size = slot.shape.reduce((product, extent) => product * extent, 1);
  const [copies, wanted] = [before, program].map(({ extents }) =>
    slot.hasBatchAxis ? extents.sequences : 1
  ) as [number, number];
  const taken = data instanceof Float64Array
    ? new Float64Array(sources.length * wanted * size)
    : new Float32Array(sources.length * wanted * size);
  sources.forEach((source, replica) => {
    const from = data.subarray(source * copies * size, (source + 1) * copies * size);
    const mean = copies === wanted ? undefined : meanOf(from, { copies, size });
    for (let copy = 0; copy < wanted; copy++) {
      const one = mean ?? from.subarray(copy * size, (copy + 1) * size);
      taken.set(one, (replica * wanted + copy) * size);
    }
  });
  return taken;
}

function meanOf(data: Values, { copies, size }: { copies: number; size: number }): Float64Array {
  const mean = new Float64Array(size);
  data.forEach((value, index) => mean[index % size]! += value / copies);
  return mean;
}

/** Whether the settings give a constant the same first values as they did, for every replica. */
function sameFirst(
  name: string,
  { before, program, sources }: { before: Program; program: Program; sources: readonly number[] },
): boolean {
  const firstOf = ({ initial }: Program, replica: number): string => {
    const initializer = initial.get(name)!;
    const own: Initializer = initializer.kind === "byReplica"
      ? initializer.values[replica]!
      : initializer;
    return JSON.stringify(own);
  };
  return sources.every((source, replica) => firstOf(before, source) === firstOf(program, replica));
}

/** Where each replica stands, of a task with levels or a goal. */
function curriculumOf(
  checkpoint: Checkpoint,
  { parent, run, sources }: { parent: RunConfig; run: Run; sources: readonly number[] },
): CurriculumState | undefined {
  const { levels, goal } = run.task;
  const stored = levels || goal ? storedCurriculum(checkpoint, parent) : undefined;
  if (!stored) return undefined;
  const of = (values: readonly number[]) => sources.map((source) => values[source]!);
  return {
    level: of(stored.level),
    streak: of(stored.streak),
    since: of(stored.since),
    passed: of(stored.passed),
  };
}
