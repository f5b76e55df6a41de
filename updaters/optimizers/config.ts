/** Settings of the optimizer of slow weights, for every updater. */
import { CodeError } from "../../core/code_error.ts";
import { didYouMean } from "../../core/similar_name.ts";
import { z } from "../../deps/zod.ts";
import { hyperparameterNames, type Hyperparameters, hyperparameters } from "./hyperparameters.ts";
import { makeOptimizer, type OptimizerName, optimizerNames, optimizers } from "./mod.ts";
import { descend } from "./optimizer.ts";
import {
  isScheduled,
  type ScheduleConfig,
  scheduleConfig,
  schedules,
  schedulesOnly,
} from "./schedule_settings.ts";
import { isOptimizer, type Optimizer } from "./transform.ts";

const ownOptimizer = z.custom<Optimizer>(isOptimizer).meta({ typeName: "Optimizer" });

/** A setting that is an optimizer by name, or in a script one of one's own. */
const optimizerSetting = z.union([z.enum(optimizerNames), ownOptimizer], {
  error: `expected one of ${optimizerNames.join(", ")}`,
});

/** The optimizer, its numbers, and the schedule of its rate. */
export interface OptimizerConfig extends Hyperparameters, ScheduleConfig {
  /** The optimizer, by name or one of one's own. */
  readonly optimizer: OptimizerName | Optimizer;
}

/** How slow weights are updated from their gradients. */
export interface SlowWeightConfig extends OptimizerConfig {
  /** Batches whose gradients are averaged for one update; default: 1. */
  readonly accumulate_batches?: number;
  /** Updates h after which the learning rate has halved, as 1 / (1 + (t / h)^p); 0: it stays. */
  readonly learning_rate_half_time: number;
  /** p of that. */
  readonly learning_rate_decay_power: number;
  /** Bound on each number of an update, learning rate included; 0: none. */
  readonly update_clip: number;
  /** Factor of the sum of squares of slow weights that is added to what is lowered; 0: none. */
  readonly l2: number;
  /** By how much every slow weight moves towards 0 after an update; 0: not at all. */
  readonly l1: number;
}

/** The settings of every rule that has an optimizer. */
export const optimizerConfig = {
  optimizer: optimizerSetting.default("sgd").describe(
    "Optimizer of slow weights; adam_published lets the second moment decay with .9, which makes late steps 10 times as large",
  ),
  ...hyperparameters,
  ...scheduleConfig,
};

/** The settings that do nothing where steps are plain, but for the schedule of their rate. */
export const unusedByPlainSteps: readonly string[] = ["optimizer", ...hyperparameterNames];

/** The settings that an optimizer and a schedule of the tables do not have, by name. */
export const idleSettings = (
  { optimizer = "", schedule = "" }: {
    readonly optimizer?: string | undefined;
    readonly schedule?: string | undefined;
  },
): readonly string[] => [
  ...without(hyperparameterNames, optimizers, optimizer),
  ...without(schedulesOnly, schedules, schedule),
];

/** The names that an entry of a table does not take. */
const without = (
  names: readonly string[],
  table: Readonly<Record<string, { readonly takes: readonly string[] }>>,
  entry: string,
): string[] =>
  Object.hasOwn(table, entry) ? names.filter((name) => !table[entry]!.takes.includes(name)) : [];

/** The settings of `updateSlowWeights`; the rate itself is the updater's `learning_rate`. */
export const slowWeightConfig = {
  ...optimizerConfig,
  accumulate_batches: z.int().min(1).max(1_000_000).default(1).describe(
    "Batches whose gradients are averaged for one update of slow weights",
  ),
  learning_rate_half_time: z.number().min(0).default(0).describe(
    "Updates h after which the learning rate of slow weights has halved, as 1 / (1 + (t / h)^p) (0: it stays)",
  ),
  learning_rate_decay_power: z.int().min(1).max(8).default(1).describe(
    "p of that: the larger, the longer the rate stays up, and the faster it falls then",
  ),
  update_clip: z.number().min(0).default(0).describe(
    "Bound on each number of an update of slow weights, learning rate included (0: off)",
  ),
  l2: z.number().min(0).default(0).describe(
    "Adds this times the sum of squares of slow weights to what is lowered, before any clip (0: off)",
  ),
  l1: z.number().min(0).default(0).describe(
    "After an update every slow weight moves this much towards 0 (0: off)",
  ),
};

/**
 * What settings make of gradients: descent by their optimizer.
 *
 * @param gradClip bounds the norm of all gradients together (0: off).
 * @param weightDecay is the share of a weight that an update takes away.
 */
export const slowWeightOptimizer = (
  settings: Partial<SlowWeightConfig>,
  { gradClip, weightDecay = 0 }: { gradClip: number; weightDecay?: number | undefined },
): Optimizer =>
  descend(optimizerOf(settings.optimizer ?? "sgd", settings), {
    gradClip,
    weightDecay,
    isScheduled: isScheduled(settings),
    halfTime: settings.learning_rate_half_time,
    decayPower: settings.learning_rate_decay_power,
    updateClip: settings.update_clip,
    l1: settings.l1,
    l2: settings.l2,
  });

/**
 * The optimizer of a setting.
 *
 * @throws CodeError if there is none of the name.
 * @throws RangeError for a hyperparameter that it does not have.
 */
export function optimizerOf(
  setting: OptimizerName | Optimizer,
  given: Hyperparameters = {},
): Optimizer {
  if (isOptimizer(setting)) {
    const unread = hyperparameterNames.find((key) => given[key] !== undefined);
    if (unread === undefined) return setting;
    throw new RangeError(`${unread}: an optimizer of one's own takes its numbers itself`);
  }
  if (Object.hasOwn(optimizers, setting)) return makeOptimizer(setting, given);
  throw new CodeError(
    `optimizer: expected an optimizer or one of ${optimizerNames.join(", ")}, got ` +
      JSON.stringify(setting) + didYouMean(String(setting), optimizerNames),
  );
}
