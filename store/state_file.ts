/** Turns the state of a training into a checkpoint, and back. */
import { z } from "../deps/zod.ts";
import type { Program } from "../core/program/program.ts";
import type { Slot } from "../core/program/node.ts";
import type { Divergence } from "../core/training/divergence.ts";
import { createSums } from "../core/training/sums.ts";
import type { Task } from "../core/training/task.ts";
import type { TrainState } from "../core/training/train_options.ts";
import type { Values } from "../core/backends/backend.ts";
import { isPersistent } from "../core/backends/layout.ts";
import type { Checkpoint, CheckpointContent } from "./files/checkpoint_format.ts";
import { DamagedFileError } from "./files/damaged_file_error.ts";
import { toJsonNumbers } from "./files/json_number.ts";
import type { Tensor } from "./files/tensor.ts";
import { withCounters } from "./counters.ts";
import { buildTask } from "../config/build/build_run.ts";
import { configOf, firstOfPoints, replicasOf } from "../config/replicas.ts";
import { type RunConfig, sectionsOf } from "../config/run_config.ts";
import type { SectionName } from "../config/assignment.ts";
import { cut } from "../config/plain_text.ts";
import { requireTensor } from "./require_tensor.ts";
import {
  storedCount,
  storedCurriculum,
  storedJson,
  storedMetrics,
  storedStanding,
} from "./stored_texts.ts";
import { UsageError } from "../config/usage_error.ts";

const windowTensor = "train/window";
type Precision = "F32" | "F64";

type Settings = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

const settingsSchema = z.record(z.string(), z.record(z.string(), z.unknown()));

/** Whether a setting only says how long to train: a run may be continued with another value. */
export const isLength = ({ task, catalogue }: RunConfig, path: string): boolean =>
  path === "training.iterations" ||
  catalogue.find("task", task.name).lengths.some((key) => path === `task.${key}`);

/** The settings that tie a checkpoint to its run: all but the device and the length of training. */
function lastingSettings(config: RunConfig): Settings {
  const { task, model, updater, training, device } = config;
  const sections = { task, model, updater, training, device: { lowering: device.lowering } };
  const isLasting = (section: string, key: string) => !isLength(config, `${section}.${key}`);
  return Object.fromEntries(
    Object.entries(sections).map(([section, settings]) => [
      section,
      Object.fromEntries(Object.entries(settings).filter(([key]) => isLasting(section, key))),
    ]),
  );
}

/**
 * The first setting in which a checkpoint differs from a config, in words. A setting that one of them
 * lacks counts as its default, so old runs can be continued after a setting is added. Checkpoints of
 * versions that stored no settings are taken to belong to the folder they lie in.
 */
function firstDifference(
  { path, metadata }: Pick<Checkpoint, "path" | "metadata">,
  config: RunConfig,
): string | undefined {
  if (metadata.settings === undefined) return undefined;
  const stored = storedJson({ path, metadata }, "settings", settingsSchema);
  const expected = lastingSettings(config);
  const names = { task: config.task.name, model: config.model.name, updater: config.updater.name };
  const sections = sectionsOf(names, config.catalogue);
  for (const [section, settings] of Object.entries(expected)) {
    const { shape } = sections[section as SectionName];
    for (const key of new Set([...Object.keys(settings), ...Object.keys(stored[section] ?? {})])) {
      const schema = shape[key];
      const fallback = schema instanceof z.ZodDefault ? schema.def.defaultValue : undefined;
      const [ours, theirs] = [settings, stored[section]]
        .map((values) => JSON.stringify(values?.[key] ?? fallback));
      if (ours !== theirs) {
        return `its ${section}.${cut(key)} is ${theirs ?? "missing"}, not ${ours ?? "missing"}`;
      }
    }
  }
  return undefined;
}

/** The hashes of the data that tasks read, once each. */
const dataHashes = (tasks: readonly Task[]): string[] => [
  ...new Set(tasks.flatMap(({ dataHash }) => dataHash ?? [])),
];

/** The checkpoint of a state: its tensors [T?, P, B?, ...shape], and what else a resumed run needs. */
export function checkpointOf(
  state: TrainState,
  { config, program, tasks }: { config: RunConfig; program: Program; tasks: readonly Task[] },
): CheckpointContent {
  const data = dataHashes(tasks);
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
      ...data.length > 0 ? { data: JSON.stringify(data) } : {},
      seconds: String(state.seconds),
      high_loss_intervals: String(state.highLossIntervals),
      ...state.patience ? { patience: JSON.stringify(toJsonNumbers({ ...state.patience })) } : {},
      ...state.divergences ? { divergences: JSON.stringify(state.divergences) } : {},
      ...state.owedRow ? { owed_row: JSON.stringify(toJsonNumbers(state.owedRow)) } : {},
      ...state.curriculum ? { curriculum: JSON.stringify(state.curriculum) } : {},
    },
  };
}

const divergences = z.array(z.object({
  replica: z.int().min(0),
  iteration: z.int().min(0),
  names: z.array(z.string()),
}));

/**
 * The replicas of a checkpoint that had diverged: their tensors are their last finite ones.
 *
 * @throws DamagedFileError if it names replicas or updates that the run does not have, or one replica twice.
 */
export function divergencesOf(
  file: Pick<Checkpoint, "path" | "metadata" | "iteration">,
  config: RunConfig,
): readonly Divergence[] {
  if (file.metadata.divergences === undefined) return [];
  const stored = storedJson(file, "divergences", divergences);
  const replicas = replicasOf(config).length;
  const stranger = stored.find(({ replica }) => replica >= replicas);
  if (!stranger) {
    const isClear = new Set(stored.map(({ replica }) => replica)).size === stored.length &&
      stored.every(({ iteration }) => iteration <= file.iteration);
    if (isClear) return stored;
    throw new DamagedFileError(
      file.path,
      `its divergences name a replica twice, or an update after ${file.iteration}`,
    );
  }
  throw new DamagedFileError(
    file.path,
    `its divergences name replica ${stranger.replica}, expected 0 to ${replicas - 1}`,
  );
}

/** [T?, P, B?, ...shape] */
export function storedShape({ extents }: Program, slot: Slot): number[] {
  return [
    ...slot.hasTimeAxis ? [extents.steps] : [],
    extents.replicas,
    ...slot.hasBatchAxis ? [extents.sequences] : [],
    ...slot.shape,
  ];
}

/** @throws UsageError if a checkpoint was made with another config, or with other data. */
export function requireSameRun({ path, metadata }: Checkpoint, config: RunConfig): void {
  const difference = firstDifference({ path, metadata }, config);
  if (difference !== undefined) {
    throw new UsageError(
      `cannot use ${path}: it is of another config than config.json, ${difference}`,
    );
  }
  if (metadata.data === undefined) return;
  const points = firstOfPoints(replicasOf(config));
  const now = dataHashes(points.map((point) => buildTask(configOf(config, point))));
  if (JSON.stringify(now) === metadata.data) return;
  throw new UsageError(
    `cannot use ${path}: the data of task ${config.task.name} are no longer those that it was trained on`,
  );
}

/** @throws UsageError if a checkpoint has done more iterations than the config asks for. */
export function requireReachable(
  { path, iteration }: Checkpoint,
  { training: { iterations } }: RunConfig,
): void {
  if (iteration <= iterations) return;
  throw new UsageError(
    `cannot resume: ${path} has done ${iteration} iterations already, --iterations asks for ${iterations}`,
  );
}

/**
 * The state to resume from.
 *
 * @throws UsageError or DamagedFileError, with the reason, if the checkpoint is of another config, network
 *   or precision, or lacks something.
 */
export function stateOf(
  checkpoint: Checkpoint,
  { config, program, precision }: { config: RunConfig; program: Program; precision: Precision },
): TrainState {
  const { path, iteration } = checkpoint;
  const tensors = withCounters(checkpoint, program);
  requireSameRun(checkpoint, config);
  requireReachable(checkpoint, config);
  const curriculum = storedCurriculum(checkpoint, config);
  const { length } = createSums(program, "train").totals;
  const window = requireTensor({ tensors, path }, { name: windowTensor, shape: [length] });
  const values = new Map<string, Values>();
  for (const slot of [...program.slots.values()].filter(isPersistent)) {
    const shape = storedShape(program, slot);
    const data = requireTensor({ tensors, path }, { name: slot.name, shape });
    const stored = data instanceof Float64Array ? "F64" : "F32";
    if (stored !== precision) {
      const [actual, expected] = [stored, precision].map((dtype) =>
        dtype === "F64" ? "float64 (device reference)" : "float32"
      );
      throw new UsageError(
        `cannot resume: ${path} is in ${actual}, this device computes in ${expected}`,
      );
    }
    values.set(slot.name, data);
  }
  return {
    iteration,
    seconds: storedCount(checkpoint, "seconds"),
    highLossIntervals: storedCount(checkpoint, "high_loss_intervals", { most: iteration }),
    ...checkpoint.metadata.patience ? { patience: storedStanding(checkpoint, config) } : {},
    ...checkpoint.metadata.divergences ? { divergences: divergencesOf(checkpoint, config) } : {},
    ...curriculum ? { curriculum } : {},
    ...checkpoint.metadata.owed_row ? { owedRow: storedMetrics(checkpoint, "owed_row") } : {},
    window: Float64Array.from(window),
    tensors: values,
  };
}
