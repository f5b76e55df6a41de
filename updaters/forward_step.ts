/** One step of the network in a program, judged. */
import { judgeStep } from "../core/losses/judge_step.ts";
import type { LossStep } from "../core/losses/loss.ts";
import type { Value } from "../core/program/elementwise.ts";
import type { TracedStep } from "../core/program/model.ts";
import type { ProgramBuilder, StageBuilder } from "../core/program/program.ts";
import { countStep } from "./counts.ts";
import { keepEveryStep } from "./probes.ts";
import type { Arrangement } from "./updater.ts";

/** One traced step with its loss; stores the next state and, if asked to, counts and probes. */
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
    Object.keys(loss.inputs).map((name) => [name, stage.load(name)]),
  );
  builder.describeOutput(output.shape);
  const judged = judgeStep(loss, model.name, { output, observed, state, targets });
  for (const [name, value] of Object.entries(state)) stage.store(name, value);
  if (!count) return { ...traced, ...judged };
  countStep(stage, { builder, learning, judged });
  if (learning.probe) {
    const sequence = !learning.single;
    keepEveryStep(stage, { builder, group: "probe", values: { output }, sequence });
    keepEveryStep(stage, { builder, group: "probe/state", values: state, sequence });
  }
  return { ...traced, ...judged };
}
