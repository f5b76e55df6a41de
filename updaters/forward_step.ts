/** One step of the network in a program, judged. */
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
  builder.describeOutput(traced.output.shape);
  const inputs = Object.fromEntries(
    Object.keys(learning.loss.inputs).map((name) => [name, stage.load(name)]),
  );
  const judged = learning.loss.step(traced.output, inputs);
  for (const [name, value] of Object.entries(traced.nextState)) stage.store(name, value);
  if (!count) return { ...traced, ...judged };
  countStep(stage, { builder, learning, judged });
  if (learning.probe) {
    const sequence = !learning.single;
    keepEveryStep(stage, { builder, group: "probe", values: { output: traced.output }, sequence });
    keepEveryStep(stage, { builder, group: "probe/state", values: traced.nextState, sequence });
  }
  return { ...traced, ...judged };
}
