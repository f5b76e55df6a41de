/**
 * Running averages of slow weights (Polyak and Juditsky, 1992): they make the network that is evaluated and
 * kept. Training itself does not use them.
 *
 * Updates on single sequences scatter the weights around an optimum. The mean of the latest weights is
 * nearer to it.
 */
import { averageSlot } from "../core/program/average_slot.ts";
import { countUp, declareCounter } from "../core/program/counter.ts";
import { drawnAs } from "../core/program/initializer.ts";
import { div, lerp, minimum } from "../core/program/language.ts";
import type { Declarations } from "../core/program/model.ts";
import type { Value } from "../core/program/elementwise.ts";
import type { ProgramBuilder, StageBuilder } from "../core/program/program.ts";

const UPDATES = "average/updates";

const averaged = (parameters: Declarations) =>
  Object.entries(parameters).filter(([, { trained, fast }]) => trained && !fast);

/** Declares an average, [P, ...shape], for every slow weight; it starts from the first weights. */
export function declareAverages(builder: ProgramBuilder, parameters: Declarations): void {
  declareCounter(builder, UPDATES);
  for (const [name, { shape, initial }] of averaged(parameters)) {
    builder.slot(averageSlot(name), { kind: "optimizer", shape, initial: drawnAs(name, initial) });
  }
}

/**
 * Takes the weights from before this update into their averages. Update n has the weight 1 / (share n),
 * at most 1. The averages so reach back over about the latest `share` of all updates. Early weights
 * move fast, and a longer memory would hold what they have left behind.
 */
export function updateAverages(
  stage: StageBuilder,
  { parameters, share }: { parameters: Declarations; share: number },
): void {
  const newest = minimum(div(1 / share, countUp(stage, UPDATES).after), 1);
  for (const [name] of averaged(parameters)) {
    stage.store(averageSlot(name), lerp(stage.load(averageSlot(name)), stage.load(name), newest));
  }
}

/** The averages, by the parameter that they stand for. */
export const averagesOf = (
  stage: StageBuilder,
  parameters: Declarations,
): Readonly<Record<string, Value>> =>
  Object.fromEntries(
    averaged(parameters).map(([name]) => [name, stage.load(averageSlot(name))]),
  );
