/**
 * Every model of the table with every learning rule that can train it, on the first task that makes its
 * inputs. Tests and benches go over these cases: a new entry of a table is tested and timed without more.
 */
import { z } from "../../deps/zod.ts";
import { findModel, models } from "../../models/mod.ts";
import { type TaskEntry, tasks } from "../../tasks/mod.ts";
import { findUpdater, updaters } from "../../updaters/mod.ts";
import { CannotTrain } from "../../updaters/updater.ts";
import type { DeviceName } from "../backends/backend.ts";
import type { Model, ModelInstance } from "../program/model.ts";
import type { Program } from "../program/program.ts";
import type { Task } from "../training/task.ts";

/** One model, one rule, and the program that they make. */
export interface TableCase {
  readonly model: string;
  readonly updater: string;
  readonly task: Task;
  readonly instance: ModelInstance;
  readonly program: Program;
}

interface CaseOptions {
  /** Whether models and tasks take their `small` settings; default: true, else their defaults. */
  readonly small?: boolean;
  readonly replicas?: number;
  /** B, for rules that take more than one sequence. */
  readonly sequences?: number;
  readonly probe?: boolean;
  /** That programs are built for. */
  readonly device?: DeviceName | undefined;
  /** Settings for every rule. */
  readonly config?: Readonly<Record<string, unknown>>;
  /** Chooses cases; default: all. */
  readonly isWanted?: (names: { model: string; updater: string }) => boolean;
}

/** Builds the cases. @throws RangeError if there is no task for a model. */
export function tableCases(
  { small = true, isWanted = () => true, ...options }: CaseOptions = {},
): TableCase[] {
  return Object.keys(models).flatMap((model) => {
    const wanted = Object.keys(updaters).filter((updater) => isWanted({ model, updater }));
    if (wanted.length === 0) return [];
    const fitted = fitTask(model, small);
    return wanted.flatMap((updater) => {
      const program = buildWith(updater, fitted, options);
      return program ? [{ model, updater, ...fitted, program }] : [];
    });
  });
}

/** The first task that makes the inputs of a model, and the model in the sizes of this task. */
function fitTask(name: string, small: boolean): { task: Task; instance: ModelInstance } {
  const model = findModel(name);
  for (const entry of Object.values<TaskEntry>(tasks)) {
    const task = entry.build(small ? entry.small : {});
    const instance = fitModel(task, model, small ? model.small : {});
    if (instance) return { task, instance };
  }
  throw new RangeError(`No task makes the inputs of model ${name}`);
}

/** The model in the sizes of a task; undefined if it reads other inputs. */
function fitModel(task: Task, model: Model, settings = {}): ModelInstance | undefined {
  if (!(model.config instanceof z.ZodObject)) return undefined;
  const keys = Object.keys(model.config.shape);
  const sizes = Object.entries(task.sizes).filter(([key]) => keys.includes(key));
  const config = { ...settings, ...Object.fromEntries(sizes) };
  if (!model.config.safeParse(config).success) return undefined;
  const instance = model.instantiate(config);
  const isRead = Object.entries(instance.inputs).every(([name, input]) =>
    JSON.stringify(input) === JSON.stringify(task.inputs[name])
  );
  return isRead ? instance : undefined;
}

/** The program of a rule, with one sequence if it takes no more; undefined if it cannot train the model. */
function buildWith(
  updater: string,
  { task, instance: model }: { task: Task; instance: ModelInstance },
  { replicas = 1, sequences = 1, probe = false, device, config = {} }: CaseOptions,
): Program | undefined {
  for (const batch of new Set([sequences, 1])) {
    const extents = { replicas, sequences: batch, steps: task.steps };
    try {
      return findUpdater(updater).build({ model, loss: task.loss, extents, probe, device }, config);
    } catch (error) {
      if (!(error instanceof CannotTrain)) throw error;
    }
  }
  return undefined;
}
