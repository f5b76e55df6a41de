/** The state of a run as a checkpoint, and back. */
import { z } from "zod";
import type { Program } from "../core/program/program.ts";
import type { Slot } from "../core/program/node.ts";
import type { TrainState } from "../core/training/train_options.ts";
import type { Values } from "../core/backends/backend.ts";
import { isPersistent, iterationSize } from "../core/backends/layout.ts";
import type { Checkpoint, CheckpointContent } from "./files/checkpoint_format.ts";
import type { Tensor } from "./files/tensor.ts";
import { type RunConfig, sectionsOf } from "../config/run_config.ts";
import type { SectionName } from "../config/assignment.ts";
import { findTask } from "../tasks/mod.ts";
import { UsageError } from "../config/usage_error.ts";

const windowTensor = "train/window";
type Precision = "F32" | "F64";

type Settings = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** Whether a setting only says for how long to train; a run may be continued with another. */
export const isLength = ({ task }: RunConfig, path: string): boolean =>
  path === "training.iterations" ||
  findTask(task.name).lengths.some((key) => path === `task.${key}`);

/** What ties a checkpoint to its run: every setting but where it is computed, and for how long. */
function lastingSettings(config: RunConfig): Settings {
  const { task, model, updater, training, device } = config;
  const sections = { task, model, updater, training, device: { lowering: device.lowering } };
  const lasts = (section: string, key: string) => !isLength(config, `${section}.${key}`);
  return Object.fromEntries(
    Object.entries(sections).map(([section, settings]) => [
      section,
      Object.fromEntries(Object.entries(settings).filter(([key]) => lasts(section, key))),
    ]),
  );
}

/**
 * The first setting in which a checkpoint differs from a config, in words. One that either of them
 * lacks has its default: a run outlives the addition of a setting. Checkpoints of versions that
 * stored no settings belong to the folder they lie in.
 */
function firstDifference(
  { metadata }: Pick<Checkpoint, "metadata">,
  config: RunConfig,
): string | undefined {
  if (metadata.settings === undefined) return undefined;
  const stored = JSON.parse(metadata.settings) as Settings;
  const wanted = lastingSettings(config);
  const names = { task: config.task.name, model: config.model.name, updater: config.updater.name };
  const sections = sectionsOf(names);
  for (const [section, settings] of Object.entries(wanted)) {
    const { shape } = sections[section as SectionName];
    for (const key of new Set([...Object.keys(settings), ...Object.keys(stored[section] ?? {})])) {
      const schema = shape[key];
      const usual = schema instanceof z.ZodDefault ? schema.def.defaultValue : undefined;
      const [there, here] = [stored[section]?.[key] ?? usual, settings[key] ?? usual]
        .map((value) => JSON.stringify(value));
      if (there !== here) return `its ${section}.${key} is ${there}, not ${here}`;
    }
  }
  return undefined;
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
    iteration: state.iteration,
    tensors,
    metadata: {
      settings: JSON.stringify(lastingSettings(config)),
      seconds: String(state.seconds),
      high_loss_intervals: String(state.highLossIntervals),
      ...state.curriculum ? { curriculum: JSON.stringify(state.curriculum) } : {},
    },
  };
}

/** [T?, P, B?, ...shape] */
function storedShape({ extents }: Program, slot: Slot): number[] {
  return [
    ...slot.hasTimeAxis ? [extents.steps] : [],
    extents.replicas,
    ...slot.hasBatchAxis ? [extents.sequences] : [],
    ...slot.shape,
  ];
}

/** @throws UsageError if a checkpoint was made with another config. */
export function requireSameRun({ path, metadata }: Checkpoint, config: RunConfig): void {
  const difference = firstDifference({ metadata }, config);
  if (difference === undefined) return;
  throw new UsageError(
    `cannot use ${path}: it is of another config than config.json, ${difference}`,
  );
}

/** @throws UsageError if a checkpoint is beyond the iterations that are asked for. */
export function requireReachable(
  { path, iteration }: Checkpoint,
  { training: { iterations } }: RunConfig,
): void {
  if (iteration <= iterations) return;
  throw new UsageError(
    `cannot resume: ${path} has done ${iteration} iterations already, --iterations asks for ${iterations}`,
  );
}

/** @throws UsageError if the checkpoint is of another config or another precision. */
export function stateOf(
  checkpoint: Checkpoint,
  { config, program, precision }: { config: RunConfig; program: Program; precision: Precision },
): TrainState {
  const { path, iteration, tensors, metadata } = checkpoint;
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
    iteration,
    seconds: Number(metadata.seconds ?? 0),
    highLossIntervals: Number(metadata.high_loss_intervals ?? 0),
    ...metadata.curriculum ? { curriculum: JSON.parse(metadata.curriculum) } : {},
    window: tensors.get(windowTensor)!.data as Float64Array,
    tensors: values,
  };
}
