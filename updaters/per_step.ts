/** Programs of rules that learn after every step; the rules differ only in their gradients. */
import type { Value } from "../core/program/elementwise.ts";
import { checkKeys, type KeysOf } from "../core/program/check_spec.ts";
import { CodeError } from "../core/code_error.ts";
import type { LossStep } from "../core/losses/loss.ts";
import type { TracedStep } from "../core/program/model.ts";
import type { LinearLayer } from "../core/program/node.ts";
import type { Program, ProgramBuilder, StageBuilder } from "../core/program/program.ts";
import type { RandomNumbers } from "../core/program/random_numbers.ts";
import { factorProducts } from "../core/program/rewrite/factor_products.ts";
import { beginBatch, resetPlasticWeights } from "./begin_batch.ts";
import { fasterForm, plasticForm } from "./choose_form.ts";
import { reportCounts } from "./counts.ts";
import { type FastWeightForm, type FastWeightMode, WIPE } from "./fast_weights.ts";
import { forwardOnly } from "./forward_only.ts";
import { stepForward } from "./forward_step.ts";
import { isFast, layersOf, slotOf } from "./layers.ts";
import { keepAlignment } from "./keep_alignment.ts";
import { keepFactors, keptGradient, measureNorms } from "./measure.ts";
import { declareLearning } from "./model_memory.ts";
import { type OptimizerConfig, slowWeightOptimizer } from "./optimizers/config.ts";
import type { OptimizerName } from "./optimizers/mod.ts";
import type { Schedule } from "./optimizers/schedule.ts";
import { scheduleOf } from "./optimizers/schedule_settings.ts";
import { isOptimizer, type Optimizer } from "./optimizers/transform.ts";
import type { PlasticLearning } from "./plastic_layers.ts";
import { plasticRule, type PlasticSettings } from "./plastic_settings.ts";
import { weightChange, withRates } from "./plastic_update.ts";
import { declareOptimizer, updateShared } from "./shared_update.ts";
import { addGradientNorm, clearGradientNorm } from "./step_gradient_norm.ts";
import { CannotTrain, type Learning } from "./updater.ts";

/** Where the gradients of a step are written. */
export interface StepContext {
  /** The stage of the step. */
  readonly stage: StageBuilder;
  /** The program that the stage belongs to. */
  readonly builder: ProgramBuilder;
  /** The layers as the model declares them, whose weights are loads. */
  readonly layers: readonly LinearLayer[];
  /** Draws of the rule; independent of those of the model. */
  readonly random: RandomNumbers;
}

/** Settings that every rule of this kind has. */
export interface PerStepConfig extends PlasticSettings {
  /** Learning rate of weights and biases. */
  readonly learning_rate: number;
}

/** What a rule that learns after every step says beside its name and settings. */
export interface PerStepRule {
  /** Its settings. */
  readonly config: PerStepConfig;
  /** Optimizer of slow weights: by name, one of one's own, or settings with `optimizerConfig`. */
  readonly optimizer: OptimizerName | Optimizer | OptimizerConfig;
  /** Whether the rule trains a layer; fast layers that it does not train only forget. */
  trains(layer: LinearLayer): boolean;
  /** Declares and stores what the rule remembers from step to step, as it is when a sequence begins. */
  begin?(context: Omit<StepContext, "random">): void;
  /**
   * Gradients at this step, by slot (`slotOf`). Of fast weights there is one a sequence, [B, post, pre];
   * of everything else it is the mean over the batch.
   */
  gradients(step: TracedStep & LossStep, context: StepContext): Map<string, Value>;
}

/** A rule, applied to a model. */
interface AppliedRule extends PlasticLearning {
  readonly form: FastWeightForm;
  readonly optimizer: Optimizer;
  readonly schedule: Schedule | undefined;
  readonly begin: NonNullable<PerStepRule["begin"]>;
  readonly gradients: PerStepRule["gradients"];
}

/**
 * The program of a rule that learns after every step: `train`, `evaluate` and `measure`.
 *
 * @throws CodeError for a key that is unknown or missing, and gradients that do not fit the parameters.
 * @throws CannotTrain if a fast weight has no plastic layer, or a fast layer that is trained no gradient.
 * @example
 * const program = perStepProgram(learning, { config: { learning_rate: 0.01 }, optimizer: "sgd",
 *   trains: ({ role }) => role === "output", gradients });
 */
export function perStepProgram(learning: Learning, rule: PerStepRule): Program {
  checkKeys("perStepProgram", rule, { keys: ruleKeys, functions: ["trains", "gradients"] });
  const { fastWeightForm } = learning;
  const build = (form: FastWeightForm) => factorProducts(buildForm(form, learning, rule));
  return fastWeightForm ? build(fastWeightForm) : fasterForm(learning, build);
}

/** The program with fast weights in a form. */
function buildForm(form: FastWeightForm, learning: Learning, rule: PerStepRule): Program {
  const { learning_rate, wipe_every: wipeEvery = 1 } = rule.config;
  const bounds = plasticRule(rule.config);
  const { gradClip, slowWeightDecay: weightDecay } = bounds;
  const builder = declareLearning(learning, { learningRate: learning_rate });
  const settings = hasSettings(rule.optimizer) ? rule.optimizer : { optimizer: rule.optimizer };
  const schedule = scheduleOf(settings, learning.iterations);
  const optimizer = slowWeightOptimizer(settings, { gradClip, weightDecay });
  declareOptimizer(builder, optimizer, learning.model.parameters);
  const trains = (layer: LinearLayer) => rule.trains(layer);
  const gradients: PerStepRule["gradients"] = (step, context) => {
    const given: unknown = rule.gradients(step, context);
    if (given instanceof Map) return given;
    throw new CodeError(`perStepProgram: gradients: expected a Map by slot, got ${given}`);
  };
  const begin: AppliedRule["begin"] = (context) => rule.begin?.(context);
  const applied: AppliedRule = {
    builder,
    learning,
    trains,
    rule: bounds,
    optimizer,
    wipeEvery,
    schedule,
    isScheduled: schedule !== undefined,
    form,
    begin,
    gradients,
    freezesSlow: false,
  };
  const writes = learnEveryStep("train", applied);
  // Fast weights are the memory: a network that is evaluated without its rule is another network.
  const { fastWeights = "all" } = learning;
  if (!writes || fastWeights === "off") forwardOnly(builder, learning);
  else learnEveryStep("evaluate", judging(applied, fastWeights));
  if (writes && fastWeights === "carried") {
    builder.stage(WIPE, { name: "reset" }, (stage) => resetPlasticWeights(stage, learning));
  }
  measureNorms(builder, learning, {
    gradientOf: (stage, layer) => trains(layer) ? keptGradient(stage, layer) : undefined,
    changeOf: (layer, gradient) => weightChange(withRates(layer, bounds), gradient, { gradClip }),
  });
  return builder.build();
}

const hasSettings = (optimizer: PerStepRule["optimizer"]): optimizer is OptimizerConfig =>
  typeof optimizer === "object" && !isOptimizer(optimizer);

const ruleKeys: KeysOf<PerStepRule> = {
  config: "required",
  optimizer: "required",
  trains: "required",
  begin: "optional",
  gradients: "required",
};

/** The rule in `evaluate`: sequences are judged on their own, unless fast weights are to be carried. */
const judging = (applied: AppliedRule, fastWeights: FastWeightMode): AppliedRule => ({
  ...applied,
  freezesSlow: fastWeights !== "all",
  wipeEvery: fastWeights === "carried" ? Infinity : 1,
});

/** Adds a procedure that learns at each step. @returns whether weights change inside a sequence. */
function learnEveryStep(procedure: string, applied: AppliedRule): boolean {
  const { builder, learning, optimizer, schedule, trains, freezesSlow, wipeEvery } = applied;
  const form = plasticForm(applied, applied.form);
  let layers: readonly LinearLayer[] = [];
  beginBatch(builder, learning, {
    procedure,
    wipeEvery: form.wipes ? Infinity : wipeEvery,
    schedule,
    also(stage) {
      layers = layersOf(stage, learning);
      form.begin(stage);
      if (procedure === "train") clearGradientNorm(stage, builder);
      applied.begin({ stage, builder, layers });
    },
  });
  builder.stage(procedure, { name: "step", loop: "forward" }, (stage) => {
    const fast = form.step(stage);
    const step = stepForward(stage, { builder, learning, weights: fast.weights });
    const gradients = applied.gradients(step, {
      stage,
      builder,
      layers,
      random: stage.random("updater"),
    });
    if (learning.probe && procedure === "train") {
      keepAlignment(stage, { builder, learning, layers, step, gradients });
    }
    step.layers.forEach((traced, index) => {
      const layer = layers[index]!;
      if (!isFast(layer) || !trains(layer)) return;
      const gradient = takeGradient(gradients, layer);
      // `measure` reports the last `train`, whatever was evaluated since.
      if (procedure === "train") {
        keepFactors(stage, traced, { builder, gradient: gradient.weight, weight: step.weight });
      }
      fast.learn(layer.name, gradient);
    });
    if (freezesSlow) return;
    if (procedure === "train") {
      addGradientNorm(stage, { builder, gradients, weight: step.weight });
    }
    updateShared(stage, { gradients, optimizer, parameters: learning.model.parameters });
  });
  form.settle(procedure);
  reportCounts(builder, learning, procedure);
  return layers.some((layer) => isFast(layer) && trains(layer));
}

/** Removes the gradients of a fast layer from those of all parameters. */
function takeGradient(
  gradients: Map<string, Value>,
  layer: LinearLayer,
): { weight: Value; bias: Value | undefined } {
  const [weightSlot, biasSlot] = [slotOf(layer.weight), layer.bias && slotOf(layer.bias)];
  const weight = gradients.get(weightSlot);
  if (!weight) {
    throw new CannotTrain(`The rule trains layer "${layer.name}", but gives no gradient of it`);
  }
  const bias = biasSlot ? gradients.get(biasSlot) : undefined;
  gradients.delete(weightSlot);
  if (biasSlot) gradients.delete(biasSlot);
  return { weight, bias };
}
