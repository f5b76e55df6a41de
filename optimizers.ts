/**
 * Optimizers of slow weights: chains of transforms from gradients to directions.
 *
 * @example
 * ```ts
 * import { chain, clipByGlobalNorm, cosineDecay, decay, scaleByAdam, schedule } from "hebb/optimizers";
 *
 * const optimizer = chain(
 *   clipByGlobalNorm(1),
 *   scaleByAdam(),
 *   decay(0.01),
 *   schedule(cosineDecay({ updates: 10_000 })),
 * );
 * const program = bptt.build(learning, { learning_rate: 1e-3, optimizer });
 * ```
 *
 * @module
 */
export { type AdamRates, adamW, scaleByAdam } from "./updaters/optimizers/adam.ts";
export { clip, clipByGlobalNorm } from "./updaters/optimizers/clip.ts";
export { decay } from "./updaters/optimizers/decay.ts";
export {
  defineOptimizer,
  type OptimizerSpec,
  type OptimizerStep,
} from "./updaters/optimizers/define_optimizer.ts";
export { lion, type LionRates, scaleByLion } from "./updaters/optimizers/lion.ts";
export type { OptimizerName } from "./updaters/optimizers/mod.ts";
export type { OptimizerConfig } from "./updaters/optimizers/config.ts";
export type { Hyperparameters } from "./updaters/optimizers/hyperparameters.ts";
export { momentum } from "./updaters/optimizers/momentum.ts";
export { type RmsOptions, scaleByRms } from "./updaters/optimizers/rms.ts";
export { type Schedule, schedule } from "./updaters/optimizers/schedule.ts";
export type { ScheduleConfig, ScheduleName } from "./updaters/optimizers/schedule_settings.ts";
export {
  afterWarmUp,
  cosineDecay,
  exponentialDecay,
  inverseTimeDecay,
  linearDecay,
  oneCycle,
  type OneCycleOptions,
  piecewise,
  stepDecay,
  warmUp,
} from "./updaters/optimizers/schedules.ts";
export { chain, type Changes, type Optimizer } from "./updaters/optimizers/transform.ts";
