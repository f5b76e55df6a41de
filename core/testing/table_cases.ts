/**
 * Every model of the table with every learning rule that can train it, on the first task that makes
 * its inputs: what tests and benches go over, so that a new entry is tested and timed by being added.
 */
import { z } from "zod";
import { models } from "../../models/mod.ts";
import { tasks } from "../../tasks/mod.ts";
import { updaters } from "../../updaters/mod.ts";
import { CannotTrain } from "../../updaters/updater.ts";
import type { Model, ModelInstance } from "../program/model.ts";
import type { Program } from "../program/program.ts";
import type { Task } from "../training/task.ts";

export interface TableCase {
  readonly model: string;
  readonly updater: string;
  readonly task: Task;
  readonly instance: ModelInstance;
  readonly program: Program;
}

interface CaseOptions {
  /** Settings that entries call small, instead of their defaults. */
  readonly small?: boolean;
  readonly replicas?: number;
  /** B where the rule takes more than one sequence. */
  readonly sequences?: number;
  readonly probe?: boolean;
  /** Settings of every rule. */
  readonly config?: Readonly<Record<string, unknown>>;
  /** Which of them; all by default. */
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

/** The first task whose inputs are those that a model reads. */
function fitTask(name: string, small: boolean): { task: Task; instance: ModelInstance } {
  const model = models[name]!;
  for (const entry of Object.values(tasks)) {
    const task = entry.build(small ? entry.small : {});
    const instance = readerOf(task, model, small ? model.small : {});
    if (instance) return { task, instance };
  }
  throw new RangeError(`No task makes the inputs of model ${name}`);
}

/** The model in the sizes of a task, unless it reads anything else. */
function readerOf(task: Task, model: Model, settings = {}): ModelInstance | undefined {
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

/** The program of a rule, with one sequence if it takes no more; nothing if it cannot train that. */
function buildWith(
  updater: string,
  { task, instance: model }: { task: Task; instance: ModelInstance },
  { replicas = 1, sequences = 1, probe = false, config = {} }: CaseOptions,
): Program | undefined {
  for (const batch of new Set([sequences, 1])) {
    const extents = { replicas, sequences: batch, steps: task.steps };
    try {
      return updaters[updater]!.build({ model, loss: task.loss, extents, probe }, config);
    } catch (error) {
      if (!(error instanceof CannotTrain)) throw error;
    }
  }
  return undefined;
}
