/** From a config to what trains: task, model, loss and program. */
import { z } from "zod";
import type { Loss } from "../../core/losses/loss.ts";
import type { Model, ModelInstance } from "../../core/program/model.ts";
import type { Program } from "../../core/program/program.ts";
import type { Task } from "../../core/task.ts";
import { models } from "../../models/mod.ts";
import { findTask } from "../../tasks/mod.ts";
import { updaters } from "../../updaters/mod.ts";
import { givenSettings, type RunConfig } from "../config/run_config.ts";

export interface Run {
  readonly task: Task;
  readonly model: ModelInstance;
  readonly loss: Loss;
  readonly program: Program;
}

/**
 * @param steps T, instead of that of the task.
 * @throws RangeError if the shapes of the model do not fit together, or the task does not fit it.
 */
export function buildRun({ task, model, updater, training }: RunConfig, steps?: number): Run {
  const builtTask = findTask(task.name).build(withoutName(task));
  const instance = buildModel(model, builtTask);
  const { loss } = builtTask;
  const extents = {
    replicas: training.seeds.length,
    sequences: training.batch_size,
    steps: steps ?? builtTask.steps,
  };
  const program = updaters[updater.name]!.build(
    { model: instance, loss, extents },
    withoutName(updater),
  );
  return { task: builtTask, model: instance, loss, program };
}

/** @throws RangeError if the model does not read what the task makes. */
export function buildModel(settings: RunConfig["model"], task: Task): ModelInstance {
  const keysOf = ({ config }: Model) =>
    config instanceof z.ZodObject
      ? Object.keys(config.shape).filter((key) => givenSettings.has(key))
      : [];
  const isReader = (model: Model) => keysOf(model).every((key) => Object.hasOwn(task.sizes, key));
  const model = models[settings.name]!;
  if (!isReader(model)) {
    const readers = Object.keys(models).filter((name) => isReader(models[name]!));
    throw new RangeError(
      `model ${settings.name} cannot read the ${Object.keys(task.inputs)[0]} of task ` +
        `${task.name}; models that can are ${readers.join(", ")}`,
    );
  }
  const sizes = keysOf(model).map((key) => [key, task.sizes[key]]);
  return model.instantiate({ ...withoutName(settings), ...Object.fromEntries(sizes) });
}

const withoutName = (
  { name: _, ...settings }: Readonly<Record<string, unknown>>,
): Record<string, unknown> => settings;
