/** The exact gradients of one step. */
import { sumOverBatch, vjp } from "../core/autodiff/vjp.ts";
import type { LossStep } from "../core/losses/loss.ts";
import type { Value } from "../core/program/elementwise.ts";
import type { TracedStep } from "../core/program/model.ts";
import { mul } from "../core/program/language.ts";
import { constant } from "../core/program/node.ts";
import type { StageBuilder } from "../core/program/program.ts";
import { stepForward } from "./forward_step.ts";
import { slotOf } from "./layers.ts";
import { declareLearning } from "./model_memory.ts";
import type { Learning } from "./updater.ts";

/**
 * Gradients of the mean loss of a step, by slot, with the state before the step held fixed: of a weight that
 * the sequences share [P, ...shape], of a fast one [P, B, ...shape]. What the loss does not depend on is
 * missing.
 *
 * @param options.factor multiplies the loss of each sequence, [P, B]; default: 1.
 * @example
 * perStepProgram(learning, { config, optimizer: "sgd", trains: ({ name }) => reached.has(name),
 *   gradients: (step, { stage }) => stepGradients(step, { stage, learning }) });
 */
export function stepGradients(
  { parameters, loss }: TracedStep & LossStep,
  { stage, learning, factor }: { stage: StageBuilder; learning: Learning; factor?: Value },
): Map<string, Value> {
  const { model, extents } = learning;
  const trained = Object.entries(parameters).filter(([name]) => model.parameters[name]!.trained);
  const meanLoss = constant(stage.graph, 1 / extents.sequences);
  const cotangent = factor ? mul(factor, meanLoss) : meanLoss;
  const gradients = vjp([{ value: loss, cotangent }], trained.map(([, value]) => value));
  return new Map(trained.flatMap(([name, value]) => {
    const gradient = gradients.get(value);
    if (!gradient) return [];
    return [[name, value.hasBatchAxis ? gradient.perSequence! : sumOverBatch(gradient)] as const];
  }));
}

/**
 * Names of the layers whose weights the loss of a step depends on. `stepGradients` has no gradient of the
 * others.
 *
 * @example
 * const reached = layersReached(learning);
 * perStepProgram(learning, { trains: ({ name }) => reached.has(name), ... });
 */
export function layersReached(learning: Learning): Set<string> {
  const builder = declareLearning(learning);
  const reached = new Set<string>();
  builder.stage("look", { name: "look", loop: "forward" }, (stage) => {
    const step = stepForward(stage, { builder, learning });
    const gradients = stepGradients(step, { stage, learning });
    for (const layer of step.layers) {
      if (gradients.has(slotOf(layer.weight))) reached.add(layer.name);
    }
  });
  return reached;
}
