/** The state of a run as a checkpoint, and back. */
import { z } from "zod";
import type { Program } from "../../core/program/program.ts";
import type { Slot } from "../../core/program/node.ts";
import type { TrainState } from "../../core/run/train.ts";
import type { Values } from "../../core/backends/backend.ts";
import { isPersistent, iterationSize } from "../../core/backends/layout.ts";
import type { Checkpoint, CheckpointContent } from "../../core/run/checkpoint_format.ts";
import { hashConfig } from "../../core/run/config_file.ts";
import type { Tensor } from "../../core/run/tensor.ts";
import { type RunConfig, type SectionName, sectionsOf } from "../config/run_config.ts";
import { UsageError } from "../usage_error.ts";

const windowTensor = "train/window";
type Precision = "F32" | "F64";

/**
 * What ties a checkpoint to its run: every setting but where it is computed, and for how long. Those
 * that have their default are left out, so that a run outlives the addition of a setting.
 */
export function runHash(config: RunConfig): string {
  const names = { task: config.task.name, model: config.model.name, updater: config.updater.name };
  const sections = sectionsOf(names);
  const own = (name: SectionName) =>
    Object.entries(config[name]).filter(([key, value]) => {
      const schema = sections[name].shape[key];
      const usual = schema instanceof z.ZodDefault ? schema.def.defaultValue : undefined;
      return JSON.stringify(value) !== JSON.stringify(usual);
    });
  const settings = (["task", "model", "updater", "training"] as const).map((name) =>
    [name, Object.fromEntries(own(name).filter(([key]) => key !== "iterations"))] as const
  );
  return hashConfig({ ...Object.fromEntries(settings), lowering: config.device.lowering });
}

export function checkpointOf(
  state: TrainState,
  { config, program }: { config: RunConfig; program: Program },
): CheckpointContent {
  const tensors = new Map<string, Tensor>();
  for (const [name, data] of state.tensors) {
    const dtype = data instanceof Float64Array ? "F64" : "F32";
    tensors.set(name, { dtype, shape: storedShape(program, program.slots.get(name)!), data });
  }
  tensors.set(windowTensor, { dtype: "F64", shape: [state.window.length], data: state.window });
  return {
    step: state.iteration,
    tensors,
    metadata: {
      config_sha256: runHash(config),
      seconds: String(state.seconds),
      high_loss_intervals: String(state.highLossIntervals),
      ...state.curriculum ? { curriculum: JSON.stringify(state.curriculum) } : {},
    },
  };
}

/** [T?, P, B?, ...shape] */
function storedShape({ extents }: Program, slot: Slot): number[] {
  return [
    ...slot.step ? [extents.steps] : [],
    extents.replicas,
    ...slot.sequence ? [extents.sequences] : [],
    ...slot.shape,
  ];
}

/** @throws UsageError if a checkpoint was made with another config. */
export function requireSameRun({ path, metadata }: Checkpoint, config: RunConfig): void {
  if (metadata.config_sha256 === runHash(config)) return;
  throw new UsageError(`cannot resume: ${path} is of another config than config.json`);
}

/** @throws UsageError if a checkpoint is beyond the iterations that are asked for. */
export function requireReachable(
  { path, step }: Checkpoint,
  { training: { iterations } }: RunConfig,
): void {
  if (step <= iterations) return;
  throw new UsageError(
    `cannot resume: ${path} has done ${step} iterations already, --iterations asks for ${iterations}`,
  );
}

/** @throws UsageError if the checkpoint is of another config or another precision. */
export function stateOf(
  checkpoint: Checkpoint,
  { config, program, precision }: { config: RunConfig; program: Program; precision: Precision },
): TrainState {
  const { path, step, tensors, metadata } = checkpoint;
  requireSameRun(checkpoint, config);
  requireReachable(checkpoint, config);
  const values = new Map<string, Values>();
  for (const slot of [...program.slots.values()].filter(isPersistent)) {
    const tensor = tensors.get(slot.name);
    if (!tensor || tensor.data.length !== iterationSize(slot, program.extents)) {
      throw new UsageError(`cannot resume: ${path} does not hold "${slot.name}" of this network`);
    }
    if (tensor.dtype !== precision) {
      const [kept, asked] = [tensor.dtype, precision].map((dtype) =>
        dtype === "F64" ? "float64 (device reference)" : "float32"
      );
      throw new UsageError(
        `cannot resume: ${path} is in ${kept}, this device computes in ${asked}`,
      );
    }
    values.set(slot.name, tensor.data as Values);
  }
  return {
    iteration: step,
    seconds: Number(metadata.seconds ?? 0),
    highLossIntervals: Number(metadata.high_loss_intervals ?? 0),
    ...metadata.curriculum ? { curriculum: JSON.parse(metadata.curriculum) } : {},
    window: tensors.get(windowTensor)!.data as Float64Array,
    tensors: values,
  };
}
