/** One step of the network with its loss. */
import { describeShape, sameShape } from "../core/axes.ts";
import { CodeError } from "../core/code_error.ts";
import { definitionPlace } from "../core/code_place.ts";
import { judgeStep } from "../core/losses/judge_step.ts";
import type { LossStep } from "../core/losses/loss.ts";
import type { Value } from "../core/program/elementwise.ts";
import { placeOf } from "../core/program/place_of.ts";
import type { TracedStep } from "../core/program/model.ts";
import type { ProgramBuilder, StageBuilder } from "../core/program/program.ts";
import { countStep } from "./counts.ts";
import { keepEveryStep } from "./probes.ts";
import { targetSlot } from "./model_memory.ts";
import type { Arrangement } from "./updater.ts";

/**
 * Traces one step and its loss, and stores the next state.
 *
 * @param count adds what the loss counts to the counts of the sequence, and keeps probes.
 */
export function stepForward(
  stage: StageBuilder,
  { builder, learning, weights, count = true }: {
    builder: ProgramBuilder;
    learning: Arrangement;
    /** Values that stand for parameters, by slot. */
    weights?: Readonly<Record<string, Value>>;
    count?: boolean;
  },
): TracedStep & LossStep {
  const traced = learning.model.trace(stage, weights);
  const { model, loss } = learning;
  const { output, observed, nextState: state } = traced;
  const targets = Object.fromEntries(
    Object.keys(loss.inputs).map((name) => [name, stage.load(targetSlot(name, model))]),
  );
  builder.describeOutput(output);
  const outputPlace = () => placeOf(stage.graph, () => model.trace(stage, weights), output);
  checkOutput(learning, output, outputPlace);
  const step = { output, observed, state, targets };
  const judged = judgeStep(loss, step, { model: model.name, outputPlace });
  stage.describeObjective(judged.loss);
  for (const [name, value] of Object.entries(state)) stage.store(name, value);
  if (!count) return { ...traced, ...judged };
  countStep(stage, { builder, learning, judged });
  if (learning.probe) {
    const hasBatchAxis = !learning.hasSingleSequence;
    keepEveryStep(stage, { builder, group: "probe", values: { output }, hasBatchAxis });
    keepEveryStep(stage, { builder, group: "probe/state", values: state, hasBatchAxis });
  }
  return { ...traced, ...judged };
}

/** @throws CodeError if the output is of another shape than the task judges. */
function checkOutput(
  { model, output: judged }: Arrangement,
  output: Value,
  place: () => string | undefined,
): void {
  if (judged === undefined || sameShape(output.shape, judged)) return;
  throw new CodeError(
    `Model ${model.name}: the output is a ${describeShape(output.shape)}, the task judges a ` +
      describeShape(judged),
    place() ?? definitionPlace(model),
  );
}
