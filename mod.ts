/**
 * Hebb: plastic recurrent networks on WebGPU.
 *
 * A model is one time step written as equations; gradients, kernels and the float64 truth are
 * derived from it. `examples/custom_rule.ts` is the whole idea in one file.
 *
 * @module
 */
export type { Extents, Shape } from "./core/axes.ts";
export type { Backend, DeviceName, Engine, Values } from "./core/backends/backend.ts";
export {
  type DeviceChoice,
  openBackend,
  type OpenBackendOptions,
} from "./core/backends/open_backend.ts";
export { binaryCrossEntropy } from "./core/losses/binary_cross_entropy.ts";
export { crossEntropy } from "./core/losses/cross_entropy.ts";
export type { JudgedStep, Loss, LossStep } from "./core/losses/loss.ts";
export { type Declaration, matrix, scalar, vector } from "./core/program/declaration.ts";
export {
  computed,
  type DrawContext,
  type Initializer,
  normal,
  uniform,
  xavierNormal,
} from "./core/program/initializer.ts";
export * from "./core/program/language.ts";
export { linear } from "./core/program/linear.ts";
export { defineModel, type Model, type ModelInstance } from "./core/program/model.ts";
export type { Program, Stage } from "./core/program/program.ts";
export { sameProgram } from "./core/program/same_program.ts";
export { sideBySide } from "./core/program/side_by_side.ts";
export { randomStream } from "./core/random.ts";
export { checkGradient, type GradientCheck } from "./core/training/check_gradient.ts";
export { train } from "./core/training/train.ts";
export type { TrainOptions, TrainResult } from "./core/training/train_options.ts";
export type { Sequence, Task } from "./core/training/task.ts";
export { models } from "./models/mod.ts";
export { findTask, tasks } from "./tasks/mod.ts";
export { updaters } from "./updaters/mod.ts";
export type { Learning, Updater } from "./updaters/updater.ts";
