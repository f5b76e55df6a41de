/** Back-propagation through time: one update per batch, from the exact gradient of the loss of whole sequences. */
import { z } from "../deps/zod.ts";
import { throughTime } from "../core/autodiff/through_time.ts";
import type { Value } from "../core/program/elementwise.ts";
import { mul } from "../core/program/language.ts";
import type { LinearLayer } from "../core/program/node.ts";
import type { Program, ProgramBuilder, StageBuilder } from "../core/program/program.ts";
import { averagesOf, declareAverages, updateAverages } from "./average.ts";
import { beginBatch, beginSequences } from "./begin_batch.ts";
import { reportCounts } from "./counts.ts";
import { forwardOnly } from "./forward_only.ts";
import { stepForward } from "./forward_step.ts";
import { isFast, layersOf, slotOf } from "./layers.ts";
import { measureNorms } from "./measure.ts";
import { declareLearning } from "./model_memory.ts";
import {
  type SlowWeightConfig,
  slowWeightConfig,
  unusedByPlainSteps,
} from "./optimizers/config.ts";
import { RATE_FACTOR } from "./optimizers/rate_factor.ts";
import { isScheduled, scheduleOf } from "./optimizers/schedule_settings.ts";
import {
  divideByBatch,
  onFastWeights,
  plasticConfig,
  plasticRule,
  type PlasticSettings,
} from "./plastic_settings.ts";
import { forget, plasticUpdate, weightChange, withRates } from "./plastic_update.ts";
import { updateSlowWeights } from "./shared_update.ts";
import { tapeSetting, withTape } from "./tape.ts";
import { CannotTrain, defineUpdater, type Learning, type Updater } from "./updater.ts";
import type { BpttSettings } from "./settings.ts";

const config = z.strictObject({
  ...plasticConfig,
  ...slowWeightConfig,
  divide_by_batch: divideByBatch(true),
  truncate: z.int().min(0).max(1_000_000).default(0).describe(
    "Let gradients flow back over at most this many steps at a time (0: all)",
  ),
  average_share: z.number().min(0).max(1).refine((share) => share === 0 || share >= 1e-6, {
    error: "expected 0, or 0.000001 to 1",
  }).default(0).describe(
    "Share of all updates, about the latest ones, over which slow weights are averaged for the network that is judged and kept; takes a second run forward (0: off)",
  ),
  tape: tapeSetting,
});

type Config = z.infer<typeof config>;

/**
 * Back-propagation through time. The tape grows with T, or with its square root (`tape`).
 *
 * @example
 * const extents = { replicas: 1, sequences: 8, steps: task.steps };
 * const program = bptt.build({ model, loss: task.loss, extents }, { optimizer: "adam", learning_rate: 1e-3 });
 */
export const bptt: Updater<BpttSettings> = defineUpdater({
  name: "bptt",
  summary: "Back-propagation through the whole sequence (Werbos 1990)",
  config,
  actsOn: onFastWeights,
  unusedWithFastWeights: [
    ...["clip_weights", "normalize", "grad_clip", "accumulate_batches"],
    ...unusedByPlainSteps,
  ],
  build(learning, config) {
    if (config.average_share > 0 && learning.continues) {
      throw new CannotTrain(
        "bptt: average_share runs each sequence with two networks, and one state goes on: expected 0, or sequences that begin anew (carry=false)",
      );
    }
    return withTape(
      config.tape,
      learning.extents,
      (extents) => arrange({ ...learning, extents }, config),
    );
  },
});

/** Arranges the stages. */
function arrange(learning: Learning, config: Config): Program {
  const { average_share: share, truncate } = config;
  const builder = declareLearning(learning, { learningRate: config.learning_rate });
  beginBatch(builder, learning, {
    wipeEvery: config.wipe_every,
    schedule: scheduleOf(config, learning.iterations),
  });
  const rule = fastRule(config);
  const gradientOf = throughTime(builder, "train", {
    truncate,
    write: (stage) => stepForward(stage, { builder, learning, count: share === 0 }),
  });
  if (share > 0) judgeAverages(builder, learning, share);
  builder.stage("train", { name: "finish" }, (stage) => {
    const fast = updateFast(stage, { learning, config, rule, gradientOf });
    updateSlow(stage, { builder, learning, config, gradientOf, fast });
  });
  reportCounts(builder, learning, "train");
  forwardOnly(builder, learning, {
    weights: (stage) => share > 0 ? averagesOf(stage, learning.model.parameters) : {},
  });
  measureNorms(builder, learning, {
    gradientOf: (stage, layer) => weightGradient(stage, layer, { learning, config, gradientOf }),
    changeOf: (layer, gradient) => weightChange(withRates(layer, rule), gradient, rule),
  });
  return builder.build();
}

/**
 * Updates the averages, and runs the same sequences again with them, before the weights are updated. The
 * averaged network is the one whose metrics are counted.
 */
function judgeAverages(builder: ProgramBuilder, learning: Learning, share: number): void {
  const { parameters } = learning.model;
  declareAverages(builder, parameters);
  builder.stage("train", { name: "average" }, (stage) => {
    updateAverages(stage, { parameters, share });
  });
  beginSequences(builder, learning);
  builder.stage("train", { name: "judge", loop: "forward" }, (stage) => {
    stepForward(stage, { builder, learning, weights: averagesOf(stage, parameters) });
  });
}

/** Fast weights take plain steps: what bounds the updates of each step does not act here. */
const fastRule = (config: PlasticSettings) =>
  plasticRule({ ...config, grad_clip: 0, clip_weights: 0, normalize: false });

/** What the updates need to know. */
interface Update {
  readonly learning: Learning;
  readonly config: PlasticSettings & SlowWeightConfig & { readonly divide_by_batch: boolean };
  /** The gradient of the mean loss by a slot; undefined: the loss does not depend on it. */
  readonly gradientOf: (stage: StageBuilder, slot: string) => Value | undefined;
}

/** The gradient of a layer's fast weights, [P, B, post, pre]. */
function weightGradient(
  stage: StageBuilder,
  { weight }: LinearLayer,
  { learning, config, gradientOf }: Update,
): Value | undefined {
  const gradient = gradientOf(stage, slotOf(weight));
  return gradient && !config.divide_by_batch ? mul(gradient, learning.extents.sequences) : gradient;
}

/** Updates fast layers; one that the loss does not depend on only forgets. @returns their slots. */
function updateFast(
  stage: StageBuilder,
  { rule, ...update }: Update & { rule: ReturnType<typeof fastRule> },
): Set<string> {
  const fast = new Set<string>();
  for (const plain of layersOf(stage, update.learning).filter(isFast)) {
    const layer = withRates(plain, rule);
    const [weightSlot, biasSlot] = [slotOf(layer.weight), layer.bias && slotOf(layer.bias)];
    fast.add(weightSlot);
    if (biasSlot) fast.add(biasSlot);
    const weight = weightGradient(stage, layer, update);
    const bias = biasSlot && update.gradientOf(stage, biasSlot);
    if (!weight) {
      stage.store(weightSlot, forget(layer));
      continue;
    }
    const next = plasticUpdate(layer, { weight, bias: bias || undefined }, {
      ...rule,
      learningRate: stage.load("learning_rate"),
      rateFactor: isScheduled(update.config) ? stage.load(RATE_FACTOR) : undefined,
    });
    stage.store(weightSlot, next.weight);
    if (bias) stage.store(biasSlot, next.bias!);
  }
  return fast;
}

/** Updates everything but the slots of fast layers. */
function updateSlow(
  stage: StageBuilder,
  { builder, learning, config, gradientOf, fast }: Update & {
    builder: ProgramBuilder;
    fast: ReadonlySet<string>;
  },
): void {
  updateSlowWeights(stage, {
    builder,
    learning,
    config,
    // In a network with fast weights grad_clip is for these alone.
    gradClip: fast.size > 0 ? 0 : config.grad_clip ?? 0,
    weightDecay: config.slow_weight_decay,
    gradientOf: (slot) => gradientOf(stage, slot),
    isUpdated: (name) => !fast.has(name),
  });
}
