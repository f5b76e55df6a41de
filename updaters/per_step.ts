/** The program of a rule that learns after every step: rules differ in their gradients alone. */
import type { Value } from "../core/program/elementwise.ts";
import type { LossStep } from "../core/losses/loss.ts";
import { scalar } from "../core/program/declaration.ts";
import type { TracedStep } from "../core/program/model.ts";
import type { LinearLayer } from "../core/program/node.ts";
import type { Program, ProgramBuilder, StageBuilder } from "../core/program/program.ts";
import { keepFactors, keptGradient, measureNorms } from "./measure.ts";
import { optimizers } from "./optimizers/mod.ts";
import { applyDeferred, clearDeferred, plasticLayers } from "./plastic_layers.ts";
import { weightChange } from "./plastic_update.ts";
import {
  beginBatch,
  declareLearning,
  forwardOnly,
  isFast,
  layersOf,
  reportCounts,
  slotOf,
  stepForward,
} from "./scaffold.ts";
import { declareOptimizer, updateShared } from "./shared_update.ts";
import type { Learning } from "./updater.ts";

export interface StepContext {
  readonly stage: StageBuilder;
  readonly builder: ProgramBuilder;
  /** The layers as they are declared: their weights are slots. */
  readonly layers: readonly LinearLayer[];
}

export interface PerStepRule {
  readonly config: {
    readonly learning_rate: number;
    readonly grad_clip: number;
    readonly clip_weights: number;
    readonly normalize: boolean;
  };
  /** Optimizer of slow weights. */
  readonly optimizer: keyof typeof optimizers;
  /** Which layers the rule trains; fast layers that it does not train only forget. */
  trains(layer: LinearLayer): boolean;
  /**
   * Gradients at this step, by slot: of fast weights one a sequence, of everything else over the
   * whole batch.
   */
  gradients(step: TracedStep & LossStep, context: StepContext): Map<string, Value>;
}

export function perStepProgram(learning: Learning, rule: PerStepRule): Program {
  const { parameters } = learning.model;
  const { grad_clip: gradClip, clip_weights: clipWeights, normalize } = rule.config;
  const builder = declareLearning(learning);
  builder.declare("learning_rate", scalar(rule.config.learning_rate, { trained: false }));
  const optimizer = optimizers[rule.optimizer]({ gradClip });
  declareOptimizer(builder, optimizer, parameters);
  const trains = (layer: LinearLayer) => rule.trains(layer);
  const plastic = { builder, learning, trains, rule: { gradClip, clipWeights, normalize } };

  /** @returns whether weights change inside a sequence. */
  function writeProcedure(procedure: string): boolean {
    let layers: readonly LinearLayer[] = [];
    beginBatch(builder, learning, {
      procedure,
      also(stage) {
        layers = layersOf(stage, learning);
        clearDeferred(stage, plastic);
      },
    });
    builder.stage(procedure, { name: "step", loop: "forward" }, (stage) => {
      const fast = plasticLayers(stage, plastic);
      const step = stepForward(stage, { builder, learning, weights: fast.weights });
      const gradients = rule.gradients(step, { stage, builder, layers });
      step.layers.forEach((traced, index) => {
        const layer = layers[index]!;
        if (!isFast(layer) || !trains(layer)) return;
        const [weightSlot, biasSlot] = [slotOf(layer.weight), layer.bias && slotOf(layer.bias)];
        const weight = gradients.get(weightSlot)!;
        const bias = biasSlot ? gradients.get(biasSlot) : undefined;
        // An evaluation leaves no trace in what `measure` reports.
        if (procedure === "train") {
          keepFactors(stage, traced, { builder, gradient: weight, weight: step.weight });
        }
        fast.learn(layer.name, { weight, bias });
        gradients.delete(weightSlot);
        if (biasSlot) gradients.delete(biasSlot);
      });
      updateShared(stage, { gradients, optimizer, parameters });
    });
    applyDeferred(procedure, plastic);
    reportCounts(builder, procedure, { learning });
    return layers.some((layer) => isFast(layer) && trains(layer));
  }

  // Fast weights are the memory: judging a network without its rule would judge another network.
  if (writeProcedure("train")) writeProcedure("evaluate");
  else forwardOnly(builder, learning);
  measureNorms(builder, learning, (stage, layer) => {
    if (!isFast(layer) || !trains(layer)) return undefined;
    return weightChange(layer, keptGradient(stage, layer), { gradClip });
  });
  return builder.build();
}
