/** The first stage of a batch. */
import { constantOf } from "../core/program/initializer.ts";
import { batchMean, where } from "../core/program/language.ts";
import type { ProgramBuilder, StageBuilder } from "../core/program/program.ts";
import { isFast, layersOf, slotOf } from "./layers.ts";
import type { Learning } from "./updater.ts";

/**
 * Adds the first stage of a batch, `reset`: it stores the first states, and resets plastic weights.
 *
 * @param also adds more stores to the stage.
 */
export function beginBatch(
  builder: ProgramBuilder,
  learning: Learning,
  { procedure = "train", also }: { procedure?: string; also?: (stage: StageBuilder) => void } = {},
): void {
  builder.stage(procedure, { name: "reset" }, (stage) => {
    resetState(stage, learning);
    resetPlasticWeights(stage, learning);
    also?.(stage);
  });
}

/** Stores the states that a sequence starts from. */
function resetState(stage: StageBuilder, learning: Learning): void {
  for (const [name, { from, initial }] of Object.entries(learning.model.state)) {
    const first = from === undefined ? constantOf(initial) : stage.load(from);
    stage.store(name, first ?? stage.load(`initial/${name}`));
  }
}

/** Highly plastic weights become 0. Other fast weights become their mean over the sequences. */
function resetPlasticWeights(stage: StageBuilder, learning: Learning): void {
  for (const { weight, plasticity } of layersOf(stage, learning).filter(isFast)) {
    stage.store(slotOf(weight), where(plasticity!.mask, 0, batchMean(weight)));
  }
}
