/** The memory of a model and its loss in a program. */
import { scalar } from "../core/program/declaration.ts";
import { constantOf } from "../core/program/initializer.ts";
import { describeInput } from "../core/program/input.ts";
import { createProgram, type ProgramBuilder } from "../core/program/program.ts";
import type { Arrangement } from "./updater.ts";

/** Names of memory that updaters make themselves. */
const reserved =
  /^learning_rate$|^(adam|average|count|evaluate|feedback|initial|last|metrics|optimizer|deferred|prepared|probe|train)\//;

/**
 * Begins a program with the slots of the model, its state and inputs, and those of the loss.
 *
 * @param learningRate declares the slot `learning_rate` [P] with this first value.
 * @throws RangeError if the model uses a name that the learning rules need.
 */
export function declareLearning(
  { model, loss, extents, single = false }: Arrangement,
  { learningRate }: { learningRate?: number } = {},
): ProgramBuilder {
  const builder = createProgram(extents);
  const names = [model.parameters, model.state, model.inputs].flatMap(Object.keys);
  const taken = names.find((name) => reserved.test(name));
  if (taken !== undefined) {
    throw new RangeError(`Model ${model.name}: the name "${taken}" belongs to the learning rules`);
  }
  for (const [name, declaration] of Object.entries(model.parameters)) {
    builder.declare(name, declaration);
  }
  for (const [name, { shape, initial }] of Object.entries(model.state)) {
    builder.slot(name, { kind: "state", shape, hasBatchAxis: !single });
    if (constantOf(initial) === undefined) {
      builder.slot(`initial/${name}`, { kind: "constant", shape, initial });
    }
  }
  for (const inputs of [model.inputs, loss.inputs]) {
    for (const [name, declaration] of Object.entries(inputs)) {
      const { shape, perStep: step } = describeInput(declaration);
      builder.slot(name, {
        kind: "input",
        shape,
        hasBatchAxis: !single,
        hasTimeAxis: step,
        hasChunkAxis: true,
      });
    }
  }
  if (learningRate !== undefined) {
    builder.declare("learning_rate", scalar(learningRate, { trained: false }));
  }
  return builder;
}
