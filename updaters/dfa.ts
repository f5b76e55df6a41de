/**
 * Direct feedback alignment: after every step the output error goes to each layer through a fixed
 * random matrix, and the layer changes by error ⊗ input (Nøkland, 2016). The derivative of its
 * activation function is used with `activation_derivative` alone. Nothing flows back through time.
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
import { optimizerConfig, unusedByPlainSteps } from "./optimizers/config.ts";
import { perStepProgram } from "./per_step.ts";
import {
  boundsOnFastWeights,
  divideByBatch,
  onFastWeights,
  plasticBounds,
  plasticConfig,
} from "./plastic_settings.ts";
import { isFast, slotOf } from "./layers.ts";
import { sequenceFactor } from "./sequence_clip.ts";
import { CannotTrain, defineUpdater, type Learning, type Updater } from "./updater.ts";
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
    ...plasticBounds,
    divide_by_batch: divideByBatch(false),
    self_grad: z.number().min(0).default(0).describe(
      "Bound of the self-gradient that is added to the output error (0: off)",
    ),
    recurrent_feedback: z.boolean().default(false).describe(
      "Train a fast recurrent layer too, through a feedback matrix of its own (slow ones always are)",
    ),
    activation_derivative: z.boolean().default(false).describe(
      "Multiply the error of inner and recurrent layers by the derivative of their activation function",
    ),
    ...optimizerConfig,
  }),
  unusedWithFastWeights: unusedByPlainSteps,
  actsOn: { ...onFastWeights, ...boundsOnFastWeights, self_grad: "selfGradient" },
  build(learning, config) {
    const trains = (layer: LinearLayer): boolean =>
      layer.role !== "recurrent" || !isFast(layer) || config.recurrent_feedback;
    return perStepProgram(learning, {
      config,
      optimizer: config,
      trains,
      gradients(step, { stage, builder, layers }) {
        checkModel(learning, step);
        const error = outputError(step, { stage, bound: config.self_grad });
        const errors = step.layers.flatMap((traced, index): LayerError[] => {
          const layer = layers[index]!;
          if (!trains(layer)) return [];
          const value = projected(error, layer, { stage, builder });
          const isSloped = config.activation_derivative && !isHead(layer);
          return [{ layer, input: traced.input, value: isSloped ? sloped(value, traced) : value }];
        });
        return gradientsOf(errors, {
          share: config.divide_by_batch ? 1 / learning.extents.sequences : 1,
          bound: config.grad_norm_clip,
        });
      },
    });
  },
});

/** The error of a layer at one step, [P, B, post], and what the layer read. */
interface LayerError {
  /** The layer as the model declares it. */
  readonly layer: LinearLayer;
  readonly input: Value;
  readonly value: Value;
}

/** @throws CannotTrain if there is no layer to train, or no vector to take the error of. */
function checkModel({ model: { name } }: Learning, { layers, output }: TracedStep): void {
  if (layers.length === 0) {
    throw new CannotTrain(`dfa trains layers made with linear(); model ${name} has none`);
  }
  if (output.shape.length === 1) return;
  const given = describeShape(output.shape);
  throw new CannotTrain(
    `dfa sends back the error of a vector of outputs; model ${name} puts out a ${given}`,
  );
}

/**
 * The gradients, by slot: error ⊗ input, of slow weights its mean over the batch.
 *
 * @param share factor of the gradient of each sequence's own weights.
 * @param bound on the norm of such a gradient, all layers together (0: none).
 */
function gradientsOf(
  errors: readonly LayerError[],
  { share, bound }: { share: number; bound: number },
): Map<string, Value> {
  const clipped = errors.filter(({ layer }) => isFast(layer) && layer.role !== "selfGradient");
  const factor = bound > 0 && clipped.length > 0
    ? sequenceFactor(
      clipped.map(({ value, input: pre, layer }) => ({
        post: value,
        pre,
        hasBias: layer.bias !== undefined,
      })),
      { bound, scale: share },
    )
    : undefined;
  const gradients = new Map<string, Value>();
  // The gradients of layers that share a weight are added.
  const addTo = (slot: string, value: Value) => {
    const sum = gradients.get(slot);
    gradients.set(slot, sum ? add(sum, value) : value);
  };
  for (const { layer, input, value } of errors) {
    const error = factor && isFast(layer) ? mul(value, factor) : value;
    const own = share === 1 ? error : mul(error, share);
    const gradient = isFast(layer) ? outer(own, input) : batchMean(outer(error, input));
    addTo(slotOf(layer.weight), gradient);
    if (layer.bias) addTo(slotOf(layer.bias), batchMean(error));
  }
  return gradients;
}

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

const isHead = ({ role }: LinearLayer): boolean => role === "output" || role === "selfGradient";

/** The error of a layer, [P, B, post]: the output error, or its projection by a fixed random matrix. */
function projected(
  error: Value,
  layer: LinearLayer,
  { stage, builder }: { stage: StageBuilder; builder: ProgramBuilder },
): Value {
  if (isHead(layer)) return error;
  const name = feedbackSlot(slotOf(layer.weight), layer.name);
  const shape = [error.shape[0]!, layer.output.shape[0]!] as const;
  builder.declare(name, matrix(...shape, xavierNormal, { trained: false }));
  return vecmat(error, stage.load(name));
}

/**
 * An error by the activity of a layer as an error by what its activation function f is applied to:
 * error ∘ f'(W x + b).
 *
 * @throws CannotTrain if the layer does not say its f.
 */
function sloped(error: Value, { name, output, activity }: LinearLayer): Value {
  if (activity) {
    return vjp([{ value: activity, cotangent: error }], [output]).get(output)!.perSequence!;
  }
  throw new CannotTrain(
    `activation_derivative: layer "${name}" does not say its activation function, as in ` +
      `linear("${name}", { ..., activation: tanh })`,
  );
}

/** The slot of a layer's feedback matrix [C, post]: `x/feedback` for a weight `x/weight`. */
function feedbackSlot(weightSlot: string, layer: string): string {
  return /(^|\/)weight$/.test(weightSlot)
    ? weightSlot.replace(/weight$/, "feedback")
    : `feedback/${layer}`;
}
