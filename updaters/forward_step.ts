/** One step of the network with its loss. */
import { judgeStep } from "../core/losses/judge_step.ts";
import type { LossStep } from "../core/losses/loss.ts";
import type { Value } from "../core/program/elementwise.ts";
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
  const judged = judgeStep(loss, model.name, { output, observed, state, targets });
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
