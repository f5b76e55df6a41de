/** Loads the model and the task of a check, from the tables or from a user's file. */
import { quote } from "../plain_text.ts";
import { z } from "../../deps/zod.ts";
import type { Shape } from "../../core/axes.ts";
import { CodeError } from "../../core/code_error.ts";
import type { Model, ModelInstance } from "../../core/program/model.ts";
import type { Task } from "../../core/training/task.ts";
import type { TaskEntry } from "../../tasks/entry.ts";
import { tasks } from "../../tasks/mod.ts";
import { forwardProgram } from "../../updaters/forward_only.ts";
import type { Updater } from "../../updaters/updater.ts";
import { type Entries, type EntrySection, isFileName, tablesOnly } from "../catalogue.ts";
import { convertText } from "../convert_text.ts";
import { unknownName } from "../entry_names.ts";
import { setAssignment } from "../config_file.ts";
import { objectSchema } from "../run_config.ts";
import { taskSizes } from "../task_sizes.ts";
import { UsageError } from "../usage_error.ts";
import { loadOwnEntry } from "./load_own_entries.ts";

/**
 * The model of a name, or of a file that ends in .ts or .js.
 *
 * @throws UsageError if the table has no such name, or the file holds no model.
 */
export async function findModel(name: string): Promise<Model> {
  if (isFileName(name)) return (await loadOwnEntry("model", name)).entry;
  return namedEntry("model", name);
}

function namedEntry<K extends EntrySection>(section: K, name: string): Entries[K] {
  const entry = tablesOnly.get(section, name);
  if (entry) return entry;
  throw new UsageError(unknownName(section, name));
}

/**
 * Builds a task of the table or of a file with typed settings; without a name the first task of the table
 * that the model can read.
 *
 * @param options.set texts such as `task.length=5`.
 * @throws UsageError if there is no such task, or a setting is wrong.
 */
export async function findTaskFor(
  model: Model,
  { name, set }: { name: string | undefined; set: readonly string[] },
): Promise<Task> {
  const misplaced = set.map(setAssignment).find(({ section }) =>
    !["model", "task", "updater"].includes(section)
  );
  if (misplaced) {
    throw new UsageError(
      `${misplaced.origin}: check takes settings of model, task and updater only`,
    );
  }
  try {
    const entry = name === undefined
      ? firstFitting(model, set)
      : isFileName(name)
      ? (await loadOwnEntry("task", name)).entry
      : namedEntry("task", name);
    const { shape } = objectSchema(entry.config, entry.name);
    return entry.build(typedSettings("task", set, (key) => shape[key] as z.ZodType | undefined));
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError((error as Error).message, { cause: error });
  }
}

/**
 * The learning rule of a name or a file, with typed settings; undefined without a name.
 *
 * @throws UsageError if there is no such rule, or a setting is wrong.
 */
export async function findRule(
  name: string | undefined,
  set: readonly string[],
): Promise<{ updater: Updater; settings: Record<string, unknown> } | undefined> {
  if (name === undefined) {
    const lost = set.map(setAssignment).find(({ section }) => section === "updater");
    if (!lost) return undefined;
    throw new UsageError(`${lost.origin}: expected --updater, the rule that it is a setting of`);
  }
  const updater = isFileName(name)
    ? (await loadOwnEntry("updater", name)).entry
    : namedEntry("updater", name);
  const { shape } = objectSchema(updater.config, updater.name);
  const settings = typedSettings("updater", set, (key) => shape[key] as z.ZodType | undefined);
  return { updater, settings };
}

function firstFitting(model: Model, set: readonly string[]): TaskEntry {
  modelSettings(model, set);
  const reasons: string[] = [];
  let misfit: string | undefined;
  for (const entry of Object.values(tasks)) {
    try {
      const task = entry.build();
      requireOutput(instantiateFor(model, task, set), task);
      return entry;
    } catch (error) {
      reasons.push((error as Error).message);
      if (error instanceof CodeError) misfit ??= error.message;
    }
  }
  // A setting that nobody gives fails in the same words with every task; inputs do not.
  const [reason] = reasons;
  const isSetting = reasons.every((other) => other === reason);
  if (isSetting) {
    throw new UsageError(
      `${reason}; a setting that the task gives is named in the model's fromTask`,
    );
  }
  const reads = Object.keys(instantiateAlone(model, set).inputs);
  const makes = new Set(Object.values(tasks).flatMap(({ build }) => Object.keys(build().inputs)));
  const ownTask = "name a task of your own with --task FILE";
  throw new UsageError(
    reads.every((name) => makes.has(name))
      ? `model ${model.name} fits no task of the table; ${ownTask}: ${misfit ?? "sizes differ"}`
      : `model ${model.name} reads ${reads.join(", ")}, which no task makes; tasks make ` +
        `${[...makes].join(", ")}; ${ownTask}`,
  );
}

/** @throws CodeError unless the output of a network is what a task judges. */
function requireOutput(model: ModelInstance, task: Task): void {
  const extents = { replicas: 1, sequences: 1, steps: task.steps };
  forwardProgram({ model, loss: task.loss, output: task.output as Shape, extents });
}

/** A model with the sizes that the first task gives with which it can be made. @throws UsageError */
export function instantiateAlone(model: Model, set: readonly string[]): ModelInstance {
  const settings = modelSettings(model, set);
  let problem: unknown;
  for (const { build } of Object.values(tasks)) {
    try {
      return model.instantiate({ ...taskSizes(model, build()), ...settings });
    } catch (error) {
      problem ??= error;
    }
  }
  const { message } = settingsProblem(model, problem);
  throw new UsageError(message, { cause: problem });
}

const modelSettings = (model: Model, set: readonly string[]): Record<string, unknown> => {
  const shape = model.config instanceof z.ZodObject ? model.config.shape : {};
  return typedSettings("model", set, (key) => shape[key] as z.ZodType | undefined);
};

/** What a model's schema says of settings that do not fit it, in one line. */
function settingsProblem({ name }: Model, error: unknown): Error {
  if (!(error instanceof z.ZodError)) return error as Error;
  const [issue] = error.issues;
  return new UsageError(`model ${name}: ${issue!.path.join(".")}: ${issue!.message}`, {
    cause: error,
  });
}

/**
 * Makes a network of a model, in the sizes of a task and with typed settings.
 *
 * @throws UsageError if the model does not read what the task makes, or a setting is wrong.
 */
export function instantiateFor(model: Model, task: Task, set: readonly string[]): ModelInstance {
  const settings = modelSettings(model, set);
  let instance: ModelInstance;
  try {
    instance = model.instantiate({ ...taskSizes(model, task), ...settings });
  } catch (error) {
    throw settingsProblem(model, error);
  }
  const missing = Object.keys(instance.inputs).find((input) =>
    String(instance.inputs[input]) !== String(task.inputs[input])
  );
  if (missing !== undefined) {
    throw new UsageError(
      `model ${model.name} reads "${missing}", which task ${task.name} does not make so`,
    );
  }
  return instance;
}

function typedSettings(
  section: EntrySection,
  set: readonly string[],
  schemaOf: (key: string) => z.ZodType | undefined,
): Record<string, unknown> {
  const assignments = set.map(setAssignment).filter((setting) => setting.section === section);
  return Object.fromEntries(assignments.map(({ key, value, origin }) => {
    const schema = schemaOf(key);
    if (!schema) throw new UsageError(`${origin}: there is no such setting`);
    const converted = convertText(String(value), schema);
    if ("value" in converted) return [key, converted.value];
    throw new UsageError(`${origin}: expected ${converted.expected}, got ${quote(value)}`);
  }));
}
