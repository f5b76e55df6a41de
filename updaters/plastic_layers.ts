/**
 * The fast layers of a network under a rule that learns after every step, and what a form of their weights has
 * to do: `stored_weights.ts` and `weight_history.ts` are the two, `choose_form.ts` chooses.
 */
import type { Value } from "../core/program/elementwise.ts";
import type { LinearLayer } from "../core/program/node.ts";
import type { ProgramBuilder, StageBuilder } from "../core/program/program.ts";
import { RATE_FACTOR } from "./optimizers/rate_factor.ts";
import type { FixedRule, PlasticRule } from "./plastic_update.ts";
import type { Learning } from "./updater.ts";

/** A rule, and which of the fast layers it trains; the others only forget. */
export interface PlasticLearning {
  readonly builder: ProgramBuilder;
  readonly learning: Learning;
  readonly rule: FixedRule;
  /** Whether a schedule multiplies the rate of what is not highly plastic. */
  readonly isScheduled: boolean;
  readonly trains: (layer: LinearLayer) => boolean;
  /** Whether highly plastic weights alone change: no others, and no bias. */
  readonly freezesSlow: boolean;
  /** As of `beginBatch`. */
  readonly wipeEvery: number;
}

/** The fast layers in one step. */
export interface PlasticLayers {
  /** Weights as this step uses them, by slot; the model is traced with these. */
  readonly weights: Readonly<Record<string, Value>>;
  /** Learns from the gradient of a layer at this step; that of the bias is a mean over the batch. */
  learn(layer: string, gradient: { weight: Value; bias: Value | undefined }): void;
}

/** The rule with its rates of this batch. */
export const ruleNow = (
  stage: StageBuilder,
  { rule, isScheduled }: PlasticLearning,
): PlasticRule => ({
  ...rule,
  learningRate: stage.load("learning_rate"),
  rateFactor: isScheduled ? stage.load(RATE_FACTOR) : undefined,
});

/** How fast weights are kept inside a sequence. */
export interface PlasticForm {
  /** Whether `begin` also wipes; else `beginBatch` has to. */
  readonly wipes: boolean;
  /** Begins a batch: declares what the steps need, and stores its first values. */
  begin(stage: StageBuilder): void;
  /** Begins a step, before the model is traced. */
  step(stage: StageBuilder): PlasticLayers;
  /** Adds the stage after the last step, in which every sequence gets the weights that it has then. */
  settle(procedure: string): void;
}
