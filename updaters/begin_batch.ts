/** The first stage of a batch. */
import { constantOf } from "../core/program/initializer.ts";
import { add, batchMean, equal, lessEqual, where } from "../core/program/language.ts";
import type { Value } from "../core/program/elementwise.ts";
import type { ProgramBuilder, StageBuilder } from "../core/program/program.ts";
import { storeRateFactor } from "./optimizers/rate_factor.ts";
import type { Schedule } from "./optimizers/schedule.ts";
import { startOf } from "./carried_state.ts";
import { isFast, layersOf, slotOf } from "./layers.ts";
import type { Learning } from "./updater.ts";

/** Batches since the last wipe, this one not counted. */
const SINCE_WIPE = "train/batches_since_wipe";

/** What `beginBatch` can be told. */
export interface BatchStart {
  /** The procedure that it begins; default: `train`. */
  readonly procedure?: string;
  /**
   * Batches from one wipe of highly plastic weights to the next; 0: they are wiped once, at the start of the
   * training; Infinity: never. Between, each place in the batch keeps its own. Default: 1, every batch.
   */
  readonly wipeEvery?: number;
  /** What the learning rate of this batch is multiplied by; undefined, the default: nothing. */
  readonly schedule?: Schedule | undefined;
  /** Adds more stores to the stage. */
  readonly also?: (stage: StageBuilder) => void;
}

/** Adds the first stage of a batch, `reset`: it stores the first states, and resets plastic weights. */
export function beginBatch(
  builder: ProgramBuilder,
  learning: Learning,
  { procedure = "train", wipeEvery = 1, schedule, also }: BatchStart = {},
): void {
  builder.stage(procedure, { name: "reset" }, (stage) => {
    resetState(stage, learning, procedure);
    const hasFast = layersOf(stage, learning).some(isFast);
    const isCounted = hasFast && wipeEvery !== 1 && wipeEvery < Infinity;
    const isWiped = isCounted ? countWipe(stage, { builder, wipeEvery }) : undefined;
    if (wipeEvery < Infinity) resetPlasticWeights(stage, learning, isWiped);
    if (schedule) storeRateFactor(stage, { builder, schedule });
    also?.(stage);
  });
}

/** Adds a stage `reset` that stores the first states alone: the same sequences run again. */
export function beginSequences(
  builder: ProgramBuilder,
  learning: Learning,
  procedure = "train",
): void {
  builder.stage(procedure, { name: "reset" }, (stage) => resetState(stage, learning, procedure));
}

/** Stores the states that a sequence starts from. */
function resetState(stage: StageBuilder, learning: Learning, procedure: string): void {
  for (const [name, { from, initial }] of Object.entries(learning.model.state)) {
    const first = (from === undefined ? constantOf(initial) : stage.load(from)) ??
      stage.load(`initial/${name}`);
    stage.store(name, startOf(stage, learning, { name, first, procedure }));
  }
}

/** Counts a batch. @returns whether plastic weights are wiped before it: the count is 0 before each such batch. */
function countWipe(
  stage: StageBuilder,
  { builder, wipeEvery }: { builder: ProgramBuilder; wipeEvery: number },
): Value {
  builder.slot(SINCE_WIPE, { kind: "optimizer" });
  const since = stage.load(SINCE_WIPE);
  const next = add(since, 1);
  stage.store(SINCE_WIPE, wipeEvery === 0 ? 1 : where(lessEqual(wipeEvery, next), 0, next));
  return equal(since, 0);
}

/** Highly plastic weights become 0, or stay. Other fast weights become their mean over the sequences. */
export function resetPlasticWeights(
  stage: StageBuilder,
  learning: Learning,
  isWiped?: Value,
): void {
  for (const { weight, plasticity } of layersOf(stage, learning).filter(isFast)) {
    const plastic = isWiped ? where(isWiped, 0, weight) : 0;
    stage.store(slotOf(weight), where(plasticity!.mask, plastic, batchMean(weight)));
  }
}
