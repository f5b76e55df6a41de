/** The memory of a model and its loss in a program. */
import { sizeOf } from "../core/axes.ts";
import { type Declaration, scalar } from "../core/program/declaration.ts";
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
    if (firstValue(model.state[name]!, name) === undefined) {
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

/** The one number a declared state starts from everywhere, or undefined if it is drawn. */
export function firstValue({ shape, initial }: Declaration, name: string): number | undefined {
  const draw = (seed: number) => {
    const values = new Float32Array(sizeOf(shape));
    initial(values, { shape, name, seed, replica: 0, steps: 1, step: 0 });
    return values;
  };
  const values = draw(1);
  const other = draw(2);
  const first = values[0]!;
  return values.every((value) => value === first) && other[0] === first ? first : undefined;
}
