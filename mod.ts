/**
 * Hebb: plastic recurrent networks on WebGPU.
 *
 * A model is one time step written as equations; gradients, kernels and the float64 truth are
 * derived from it. `examples/simplest.ts` is the whole idea in one page, `examples/custom_rule.ts` a
 * plasticity rule of one's own. `trainRun` does what the command `train` does. Settings are checked by
 * schemas: `z` is that of zod.
 *
 * @example
 * ```ts
 * import { findTask, models, openBackend, train, updaters } from "./mod.ts";
 *
 * const task = findTask("palindrome_vary").build();
 * const model = models.rnn.instantiate(task.sizes);
 * const extents = { replicas: 1, sequences: 8, steps: task.steps };
 * const program = updaters.bptt.build({ model, loss: task.loss, extents }, { learning_rate: 0.1 });
 * const { backend } = await openBackend();
 * const engine = await backend.prepare(program, { chunk: 64 });
 * const { metrics } = await train({ engine, task, loss: task.loss, seeds: [1], iterations: 500 });
 * engine.close();
 * backend.close();
 * ```
 *
 * @module
 */

// The step language: what equations are written in.
export * from "./core/program/language.ts";
export type { Extents, Shape } from "./core/axes.ts";
export type { Graph, LayerRole, LinearLayer, Node, Plasticity } from "./core/program/node.ts";
export { linear, type LinearOptions } from "./core/program/linear.ts";
export type { DrawOptions, DrawShape, RandomNumbers } from "./core/program/random_numbers.ts";

// Models: parameters, state and inputs, and one step.
export {
  type Declarations,
  defineModel,
  type Model,
  type ModelFeature,
  type ModelInstance,
  type ModelSettings,
  type ModelSpec,
  type NoSettings,
  type TracedStep,
  type ValuesOf,
} from "./core/program/model.ts";
export {
  type Declaration,
  type DeclarationOptions,
  matrix,
  scalar,
  vector,
} from "./core/program/declaration.ts";
export {
  bernoulli,
  beside,
  blockDiagonal,
  computed,
  constantValue,
  type DrawContext,
  drawnAs,
  fromArray,
  heNormal,
  heUniform,
  identity,
  type Initializer,
  lecunNormal,
  lecunUniform,
  normal,
  ones,
  opposite,
  orthogonal,
  sparse,
  truncatedNormal,
  uniform,
  xavierNormal,
  xavierUniform,
  zeros,
} from "./core/program/initializer.ts";
export {
  fixed,
  type InputDeclaration,
  type InputDeclarations,
  optional,
} from "./core/program/input.ts";
export type { SettingsOf, SettingsSchema } from "./core/program/settings_schema.ts";
export { z } from "./core/program/zod.ts";
export { findModel, type Models, models } from "./models/mod.ts";
export { attractor } from "./models/attractor.ts";
export { binding } from "./models/binding.ts";
export { ethereal } from "./models/ethereal.ts";
export { hybrid } from "./models/hybrid.ts";
export { neuromodulatedRnn } from "./models/neuromodulated_rnn.ts";
export { ojaRnn } from "./models/oja_rnn.ts";
export { plasticRnn } from "./models/plastic_rnn.ts";
export { simpleRnn } from "./models/simple_rnn.ts";
export type * from "./models/settings.ts";

// Losses: how a step is judged.
export { addLosses, scaled } from "./core/losses/add_losses.ts";
export { activityPenalty } from "./core/losses/activity_penalty.ts";
export {
  binaryCrossEntropy,
  binaryCrossEntropyOf,
  type BinaryMetric,
} from "./core/losses/binary_cross_entropy.ts";
export { textLoss, type TextMetric } from "./core/losses/text_loss.ts";
export { crossEntropy, type CrossEntropyMetric } from "./core/losses/cross_entropy.ts";
export { crossEntropyOfProbabilities } from "./core/losses/cross_entropy_of_probabilities.ts";
export { defineLoss, type LossSpec, type StepLoss } from "./core/losses/define_loss.ts";
export {
  huberLoss,
  meanAbsoluteError,
  type RegressionMetric,
  type RegressionOptions,
  squaredError,
} from "./core/losses/regression.ts";
export {
  crossEntropyOfRecall,
  type Mistake,
  type RecallOptions,
} from "./core/losses/cross_entropy_of_recall.ts";
export type { Lags } from "./core/losses/lag_ranges.ts";
export type { JudgedStep, Loss, LossStep, MetricNote, SequenceSum } from "./core/losses/loss.ts";
export type {
  LossMetric,
  MetricFacts,
  MetricKind,
  MetricPlace,
  ValueRange,
} from "./core/losses/loss_metric.ts";
/** Kinds of metrics: shares, means, counts, ratios, root mean squares, correlations, functions of sums. */
export * as metric from "./core/losses/metric_kinds.ts";

// Tasks: where sequences come from.
export { findTask, type Tasks, tasks } from "./tasks/mod.ts";
export { attractorMemories } from "./tasks/attractor_memories.ts";
export { autoAssociative, autoAssociative1000 } from "./tasks/auto_associative.ts";
export { continualScene, singleFrameFamiliarity } from "./tasks/continual_scene.ts";
export { kvReassign, kvUnique } from "./tasks/key_value.ts";
export { kvStream } from "./tasks/key_value_stream.ts";
export { longRangeMemory } from "./tasks/long_range_memory.ts";
export { mqar } from "./tasks/multi_query_recall.ts";
export { palindrome } from "./tasks/palindrome.ts";
export { palindromeVary, smallPalindromeVary } from "./tasks/palindrome_vary.ts";
export { resequence } from "./tasks/resequence.ts";
export { mod3, parity } from "./tasks/running_sum.ts";
export { selcopy } from "./tasks/selective_copy.ts";
export { text } from "./tasks/text/text.ts";
export type * from "./tasks/settings.ts";
export {
  defineTask,
  type NameNumber,
  type NumberedTasks,
  type TaskDefinition,
  type TaskEntry,
  type TaskFacts,
} from "./tasks/entry.ts";
export {
  type Count,
  type Draw,
  drawSequence,
  type Episode,
  type Goal,
  type InputShape,
  type LevelCheck,
  type Levels,
  type Samples,
  type Scenes,
  type Sequence,
  type Split,
  type Task,
} from "./core/training/task.ts";
export { SettingError } from "./core/training/setting_error.ts";
export { sampleAction } from "./core/training/sample_action.ts";
export { CodeError } from "./core/code_error.ts";
export { type RandomAddress, type RandomStream, randomStream } from "./core/random.ts";

// Data: files of one's own, and rows that are split once.
export { type Dataset, dataset, type DatasetOptions } from "./data/dataset.ts";
export type { HeldOutShares } from "./data/split_rows.ts";
export type { Scale } from "./data/scale.ts";
export { type Window, windowsOf } from "./data/windows.ts";
export { pad } from "./data/pad.ts";
export { countValues } from "./data/count_values.ts";
export type { CheckpointChoice } from "./store/judged_checkpoint.ts";
export type { DataPath } from "./data/data_file.ts";
export { type CsvOptions, readCsv } from "./data/read_csv.ts";
export { readParquet } from "./data/read_parquet.ts";
export type { Table } from "./data/table.ts";
export { readLines, readText } from "./data/read_text.ts";
export { readJsonLines } from "./data/read_json_lines.ts";
export { readNpy, readNpz, readSafetensors } from "./data/read_arrays.ts";
export { readTensors } from "./data/read_tensors.ts";
export { readTorchState } from "./data/torch_state.ts";
export type { Dtype, Tensor, TensorData } from "./store/files/tensor.ts";
export { DamagedFileError } from "./store/files/damaged_file_error.ts";

// Updaters: learning rules, from a model and a loss to a program.
export { findUpdater, type Updaters, updaters } from "./updaters/mod.ts";
export { withSchedule } from "./updaters/with_schedule.ts";
export { backprop } from "./updaters/backprop.ts";
export { bptt } from "./updaters/bptt.ts";
export { dfa } from "./updaters/dfa.ts";
export { rtrl } from "./updaters/rtrl.ts";
export type * from "./updaters/settings.ts";
export {
  type Arrangement,
  CannotTrain,
  defineUpdater,
  type Learning,
  type Updater,
  type UpdaterSpec,
} from "./updaters/updater.ts";
export {
  type PerStepConfig,
  perStepProgram,
  type PerStepRule,
  type StepContext,
} from "./updaters/per_step.ts";
export type { PlasticSettings } from "./updaters/plastic_settings.ts";
export { layersReached, stepGradients } from "./updaters/step_gradients.ts";
export { isFast, layersOf, slotOf } from "./updaters/layers.ts";

// Rules over a whole sequence: the stages that they are made of.
export {
  type FastWeightForm,
  type FastWeightMode,
  fastWeightModes,
} from "./updaters/fast_weights.ts";
export { declareLearning } from "./updaters/model_memory.ts";
export { type BatchStart, beginBatch } from "./updaters/begin_batch.ts";
export { stepForward } from "./updaters/forward_step.ts";
export { forwardOnly, forwardProgram } from "./updaters/forward_only.ts";
export { updateSlowWeights } from "./updaters/shared_update.ts";
export { reportCounts } from "./updaters/counts.ts";
export { type FastMeasures, measureNorms } from "./updaters/measure.ts";
export { type Gradient, type Seed, sumOverBatch, vjp } from "./core/autodiff/vjp.ts";
export { jvp } from "./core/autodiff/jvp.ts";
export { type GradientOf, type ScanStep, throughTime } from "./core/autodiff/through_time.ts";

// Optimizers of slow weights.
export * from "./optimizers.ts";
export type { SlowWeightConfig } from "./updaters/optimizers/config.ts";

// Programs: named memory, and the stages that change it.
export {
  createProgram,
  type Loop,
  type Program,
  type ProgramBuilder,
  type SegmentLoop,
  type SlotOptions,
  type Stage,
  type StageBuilder,
  type StageOptions,
  type Store,
} from "./core/program/program.ts";
export type { Slot, SlotKind } from "./core/program/node.ts";
export { sameProgram } from "./core/program/same_program.ts";
export { sideBySide } from "./core/program/side_by_side.ts";
export { closedLoop, type Playable } from "./core/program/closed_loop.ts";

// Training: the loop, what it tells, and how it ends.
export { train } from "./core/training/train.ts";
export type {
  EarlyStop,
  PassedLevel,
  Patience,
  StopReason,
  TrainHooks,
  TrainOptions,
  TrainResult,
  TrainRow,
  TrainState,
} from "./core/training/train_options.ts";
export type { BestNetworks, FollowedMetric, Standing } from "./core/training/followed_metric.ts";
export type { Batches, BatchOptions, BatchShape, OpenBatches } from "./core/training/batches.ts";
export type { IndexLimits } from "./core/training/index_limits.ts";
export type { CurriculumState } from "./core/training/curriculum.ts";
export type { Divergence } from "./core/training/divergence.ts";
export type { EndReason } from "./core/training/exit_codes.ts";
export { meanOf, type Metric, type Metrics } from "./core/training/sums.ts";
export type { Estimate, Estimates } from "./core/training/sequence_counts.ts";
export type { Interval } from "./core/numerics/statistics.ts";
export { NoRoomError } from "./core/training/no_room_error.ts";

// Runs: folders that hold all of a training, as the command line writes and reads them.
export { trainRun } from "./runner/train_run.ts";
export type { TrainedRun } from "./runner/trained_run.ts";
export type {
  DeviceSettings,
  EntryFile,
  EntrySettings,
  KnownSettings,
  ModelChoice,
  RunEntries,
  Settings,
  TaskChoice,
  TrainingSettings,
  TrainRunOptions,
  UpdaterChoice,
} from "./runner/train_run_options.ts";
export type { RunOutcome } from "./store/run_outcome.ts";
export type { ProgressMode } from "./store/progress/progress.ts";
export { openRun, type OpenRunOptions } from "./runner/open_run.ts";
export type {
  Activity,
  EvaluationChoice,
  MetricColumns,
  Network,
  NetworkChoice,
  Series,
  StoredCheckpoint,
  StoredLevel,
  StoredMetrics,
  StoredRow,
  StoredRun,
  StoredSettings,
  StoredStatus,
  StoredTensors,
  Weights,
} from "./runner/stored_run.ts";
export type { Replica } from "./config/replicas.ts";
export type {
  Difference,
  Evaluation,
  FastWeightEvaluation,
  FastWeightJudgement,
  JudgedReplica,
  JudgedRun,
  Judgement,
  LevelEvaluation,
  MovieJudgement,
  Proportion,
  SequenceEvaluation,
} from "./analysis/evaluate/evaluation.ts";
export type { SceneBounds } from "./tasks/scene_bounds.ts";
export { showFigure } from "./runner/show_figure.ts";
export { writeReport, type WriteReportOptions } from "./runner/write_report.ts";
export type { OwnFigure } from "./report/own_figures.ts";
export { UsageError } from "./config/usage_error.ts";

// Devices: where a program runs.
export {
  type Backend,
  type DeviceName,
  deviceNames,
  type Engine,
  type MemoryEstimate,
  type RunOptions,
  type Values,
} from "./core/backends/backend.ts";
export { type DeviceChoice, deviceChoices } from "./core/backends/device_choices.ts";
export {
  openBackend,
  type OpenBackendOptions,
  type OpenedBackend,
} from "./core/backends/open_backend.ts";
export type { LoweringChoice } from "./core/schedule/lowering.ts";

// Checks: whether a derived gradient is that of central differences.
export {
  checkGradient,
  type CheckGradientOptions,
  type GradientCheck,
  type GradientSample,
} from "./core/training/check_gradient.ts";
