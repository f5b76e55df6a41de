/** From a config to what trains: task, model, loss and program. */
import { z } from "zod";
import { crossEntropy } from "../../core/losses/cross_entropy.ts";
import type { Loss } from "../../core/losses/loss.ts";
import type { ModelInstance } from "../../core/program/model.ts";
import type { Program } from "../../core/program/program.ts";
import type { Task } from "../../core/task.ts";
import { models } from "../../models/mod.ts";
import { findTask } from "../../tasks/mod.ts";
import { updaters } from "../../updaters/mod.ts";
import type { RunConfig } from "../config/run_config.ts";

export interface Run {
  readonly task: Task;
  readonly model: ModelInstance;
  readonly loss: Loss;
  readonly program: Program;
}

/** @throws RangeError if the shapes of the model do not fit together. */
export function buildRun({ task, model, updater, training }: RunConfig): Run {
  const builtTask = findTask(task.name).build(withoutName(task));
  const definition = models[model.name]!;
  const takesSymbols = definition.config instanceof z.ZodObject &&
    "symbols" in definition.config.shape;
  const instance = definition.instantiate({
    ...withoutName(model),
    ...takesSymbols ? { symbols: builtTask.symbols } : {},
  });
  const extents = {
    replicas: training.seeds.length,
    sequences: training.batch_size,
    steps: builtTask.steps,
  };
  const loss = crossEntropy;
  const program = updaters[updater.name]!.build(
    { model: instance, loss, extents },
    withoutName(updater),
  );
  return { task: builtTask, model: instance, loss, program };
}

const withoutName = (
  { name: _, ...settings }: Readonly<Record<string, unknown>>,
): Record<string, unknown> => settings;
