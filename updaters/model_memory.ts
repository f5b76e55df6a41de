/** Declares the memory of a model and its loss in a program. */
import { scalar } from "../core/program/declaration.ts";
import { constantOf } from "../core/program/initializer.ts";
import { describeInput, type InputDeclaration } from "../core/program/input.ts";
import type { ModelInstance } from "../core/program/model.ts";
import { createProgram, type ProgramBuilder } from "../core/program/program.ts";
import { declareCarried } from "./carried_state.ts";
import type { Arrangement } from "./updater.ts";

/** Names of slots that learning rules make themselves. */
const reserved =
  /^learning_rate$|^(adam|average|carried|count|evaluate|feedback|history|initial|last|loop|metrics|optimizer|deferred|prepared|probe|random|target|train)\//;

/**
 * The slot of an input of the loss. The task gives each input once, so one that the model reads too is the
 * same slot. Beside a parameter or a state of that name it has another one.
 */
export const targetSlot = (
  name: string,
  { parameters, state }: Pick<ModelInstance, "parameters" | "state">,
): string =>
  Object.hasOwn(parameters, name) || Object.hasOwn(state, name) ? `target/${name}` : name;

/**
 * Begins a program: declares the slots of parameters, state, and the inputs of model and loss.
 *
 * @param learningRate first value of the slot `learning_rate` [P]; without it there is no such slot.
 * @throws RangeError if the model uses a name that is reserved for learning rules.
 */
export function declareLearning(
  learning: Arrangement,
  { learningRate }: { learningRate?: number } = {},
): ProgramBuilder {
  const { model, loss, extents, hasSingleSequence = false } = learning;
  const builder = createProgram(extents, { hasSingleSequence });
  const names = [model.parameters, model.state, model.inputs].flatMap(Object.keys);
  const taken = names.find((name) => reserved.test(name));
  if (taken !== undefined) {
    throw new RangeError(`Model ${model.name}: the name "${taken}" belongs to the learning rules`);
  }
  for (const [name, declaration] of Object.entries(model.parameters)) {
    builder.declare(name, declaration);
  }
  for (const [name, { shape, initial }] of Object.entries(model.state)) {
    builder.slot(name, { kind: "state", shape, hasBatchAxis: !hasSingleSequence });
    if (constantOf(initial) === undefined) {
      builder.slot(`initial/${name}`, { kind: "constant", shape, initial });
    }
  }
  const declareInput = (slot: string, name: string, declaration: InputDeclaration) => {
    const { shape, perStep, missing } = describeInput(declaration);
    builder.slot(slot, {
      ...{ kind: "input", shape, hasBatchAxis: !hasSingleSequence },
      ...{ hasTimeAxis: perStep, hasChunkAxis: true },
      ...slot === name ? {} : { given: name },
      ...missing === undefined ? {} : { missing },
    });
  };
  for (const [name, input] of Object.entries(model.inputs)) declareInput(name, name, input);
  for (const [name, input] of Object.entries(loss.inputs)) {
    declareInput(targetSlot(name, model), name, input);
  }
  declareCarried(builder, learning);
  if (learningRate !== undefined) {
    builder.declare("learning_rate", scalar(learningRate, { trained: false }));
  }
  return builder;
}
