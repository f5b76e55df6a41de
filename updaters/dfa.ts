/**
 * Direct feedback alignment: after every step the output error goes to each layer through a fixed
 * random matrix, and the layer changes by error ⊗ input (Nøkland, 2016). No derivative of an
 * activation function is used, and nothing flows back through time.
 */
import { z } from "../deps/zod.ts";
import { vjp } from "../core/autodiff/vjp.ts";
import { describeShape } from "../core/axes.ts";
import type { LossStep } from "../core/losses/loss.ts";
import { matrix } from "../core/program/declaration.ts";
import { xavierNormal } from "../core/program/initializer.ts";
import type { Value } from "../core/program/elementwise.ts";
import { add, batchMean, clamp, mul, outer, vecmat, where } from "../core/program/language.ts";
import type { TracedStep } from "../core/program/model.ts";
import { constant, type LinearLayer } from "../core/program/node.ts";
import type { ProgramBuilder, StageBuilder } from "../core/program/program.ts";
import { perStepProgram } from "./per_step.ts";
import { onFastWeights, plasticConfig } from "./plastic_update.ts";
import { isFast, slotOf } from "./layers.ts";
import { CannotTrain, defineUpdater, type Updater } from "./updater.ts";
import type { DfaSettings } from "./settings.ts";

/**
 * Direct feedback alignment: rates and bounds are those of `plasticConfig`.
 *
 * @example
 * const extents = { replicas: 1, sequences: 8, steps: task.steps };
 * const program = dfa.build({ model, loss: task.loss, extents }, { learning_rate: 1e-3, grad_clip: 0.1 });
 */
export const dfa: Updater<DfaSettings> = defineUpdater({
  name: "dfa",
  summary: "Direct feedback alignment, after every step (Nøkland 2016)",
  config: z.strictObject({
    ...plasticConfig,
    self_grad: z.number().min(0).default(0).describe(
      "Bound of the self-gradient that is added to the output error (0: off)",
    ),
    recurrent_feedback: z.boolean().default(false).describe(
      "Train a fast recurrent layer too, through a feedback matrix of its own (slow ones always are)",
    ),
  }),
  actsOn: { ...onFastWeights, self_grad: "selfGradient" },
  build(learning, config) {
    const trains = (layer: LinearLayer): boolean =>
      layer.role !== "recurrent" || !isFast(layer) || config.recurrent_feedback;
    return perStepProgram(learning, {
      config,
      optimizer: "sgd",
      trains,
      gradients(step, { stage, builder, layers }) {
        if (layers.length === 0) {
          const { name } = learning.model;
          throw new CannotTrain(`dfa trains layers made with linear(); model ${name} has none`);
        }
        if (step.output.shape.length !== 1) {
          const { name } = learning.model;
          const given = describeShape(step.output.shape);
          throw new CannotTrain(
            `dfa sends back the error of a vector of outputs; model ${name} puts out a ${given}`,
          );
        }
        const error = outputError(step, { stage, bound: config.self_grad });
        const gradients = new Map<string, Value>();
        // The gradients of layers that share a weight are added.
        const addTo = (slot: string, value: Value) => {
          const sum = gradients.get(slot);
          gradients.set(slot, sum ? add(sum, value) : value);
        };
        step.layers.forEach(({ input }, index) => {
          const layer = layers[index]!;
          if (!trains(layer)) return;
          const layerError = projected(error, layer, { stage, builder });
          const gradient = outer(layerError, input);
          addTo(slotOf(layer.weight), isFast(layer) ? gradient : batchMean(gradient));
          if (layer.bias) addTo(slotOf(layer.bias), batchMean(layerError));
        });
        return gradients;
      },
    });
  },
});

/** The gradient of the loss by the output, [P, B, C], plus the self-gradient. */
function outputError(
  { loss, output, weight, layers }: TracedStep & LossStep,
  { stage, bound }: { stage: StageBuilder; bound: number },
): Value {
  const error = vjp([{ value: loss, cotangent: constant(stage.graph, 1) }], [output])
    .get(output)!.perSequence!;
  const self = layers.find(({ role }) => role === "selfGradient");
  if (!self || bound === 0) return error;
  return add(error, mul(weight, clamp(where(weight, self.output, 0), -bound, bound)));
}

/** The error of a layer, [P, B, post]: the output error, or its projection by a fixed random matrix. */
function projected(
  error: Value,
  layer: LinearLayer,
  { stage, builder }: { stage: StageBuilder; builder: ProgramBuilder },
): Value {
  if (layer.role === "output" || layer.role === "selfGradient") return error;
  const name = feedbackSlot(slotOf(layer.weight), layer.name);
  const shape = [error.shape[0]!, layer.output.shape[0]!] as const;
  builder.declare(name, matrix(...shape, xavierNormal, { trained: false }));
  return vecmat(error, stage.load(name));
}

/** The slot of a layer's feedback matrix [C, post]: `x/feedback` for a weight `x/weight`. */
function feedbackSlot(weightSlot: string, layer: string): string {
  return /(^|\/)weight$/.test(weightSlot)
    ? weightSlot.replace(/weight$/, "feedback")
    : `feedback/${layer}`;
}
