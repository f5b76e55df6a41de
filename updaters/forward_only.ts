/** Programs that run a network without changing its weights, to evaluate it or to look at it. */
import type { Value } from "../core/program/elementwise.ts";
import type { LossStep } from "../core/losses/loss.ts";
import type { TracedStep } from "../core/program/model.ts";
import type { Program, ProgramBuilder, StageBuilder } from "../core/program/program.ts";
import { beginBatch } from "./begin_batch.ts";
import { reportCounts } from "./counts.ts";
import { stepForward } from "./forward_step.ts";
import { declareLearning } from "./model_memory.ts";
import { keepEveryStep } from "./probes.ts";
import type { Arrangement, Learning } from "./updater.ts";

/** Adds a procedure `evaluate` that runs the network and changes no weight. */
export function forwardOnly(
  builder: ProgramBuilder,
  learning: Arrangement,
  { forward = () => {}, weights = () => ({}) }: {
    forward?: (stage: StageBuilder, step: TracedStep & LossStep) => void;
    /** Values that the step uses in place of parameters, by slot. */
    weights?: (stage: StageBuilder) => Readonly<Record<string, Value>>;
  } = {},
): void {
  beginBatch(builder, learning, { procedure: "evaluate" });
  builder.stage("evaluate", { name: "forward", loop: "forward" }, (stage) => {
    forward(stage, stepForward(stage, { builder, learning, weights: weights(stage) }));
  });
  reportCounts(builder, learning, "evaluate");
}

/**
 * A program with the procedure `evaluate` alone. With `probe` it keeps, for every step, the output in
 * `probe/output`, the states after it in `probe/state/<name>`, and what the model observes in
 * `probe/observed/<name>`, all [T, P, B, ...shape].
 *
 * @example
 * const program = forwardProgram({ model, loss, extents }, { keep: ["state/h"] });
 *
 * @param options.keep without `probe`: keeps these values, such as `observed/energy` or `state/h`.
 * @param options.keepsCounts keeps what the loss counts at each step, in `probe/count/<name>` [T, P, B].
 * @throws RangeError if the model has no such value.
 */
export function forwardProgram(
  learning: Learning,
  { keep = [], keepsCounts = false }: { keep?: readonly string[]; keepsCounts?: boolean } = {},
): Program {
  const builder = declareLearning(learning);
  forwardOnly(builder, learning, {
    forward(stage, { observed, nextState, sums }) {
      if (keepsCounts) keepEveryStep(stage, { builder, group: "probe/count", values: sums });
      if (learning.probe) {
        keepEveryStep(stage, { builder, group: "probe/observed", values: observed });
        return;
      }
      const available = Object.fromEntries([
        ...Object.entries(observed).map(([name, value]) => [`observed/${name}`, value] as const),
        ...Object.entries(nextState).map(([name, value]) => [`state/${name}`, value] as const),
      ]);
      const values = Object.fromEntries(keep.map((name) => {
        if (available[name]) return [name, available[name]];
        throw new RangeError(
          `Model ${learning.model.name} has no "${name}"; there are ${
            Object.keys(available).join(", ")
          }`,
        );
      }));
      keepEveryStep(stage, { builder, group: "probe", values });
    },
  });
  return builder.build();
}
