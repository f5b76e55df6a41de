/** Loads the model and the task of a check, from the tables or from a user's file. */
import { quote } from "../plain_text.ts";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { z } from "zod";
import type { Model, ModelInstance } from "../../core/program/model.ts";
import type { Task } from "../../core/training/task.ts";
import { models } from "../../models/mod.ts";
import { findTask, type TaskEntry, tasks } from "../../tasks/mod.ts";
import { convertText } from "../convert_text.ts";
import { didYouMean } from "../did_you_mean.ts";
import { setAssignment } from "../config_file.ts";
import { objectSchema } from "../run_config.ts";
import { taskSizes } from "../task_sizes.ts";
import { UsageError } from "../usage_error.ts";

/**
 * The model of a name, or of a file that ends in .ts or .js.
 *
 * @throws UsageError if the table has no such name, or the file holds no model.
 */
export async function findModel(name: string): Promise<Model> {
  if (!/\.[jt]s$/.test(name)) {
    const model = Object.hasOwn(models, name) ? models[name] : undefined;
    if (model) return model;
    const names = Object.keys(models);
    throw new UsageError(
      `no model is named ${quote(name)}${didYouMean(name, names)}; there are ` +
        `${names.join(", ")}; a file of your own ends in .ts`,
    );
  }
  let exports: Readonly<Record<string, unknown>>;
  try {
    exports = await import(pathToFileURL(resolve(name)).href);
  } catch (error) {
    throw new UsageError(`${name}: ${(error as Error).message.split("\n", 1)[0]}`, {
      cause: error,
    });
  }
  return onlyModel(name, exports);
}

/** The default export of a file, or else its only model. */
function onlyModel(file: string, exports: Readonly<Record<string, unknown>>): Model {
  if (isModel(exports.default)) return exports.default;
  const [model, ...others] = new Set(Object.values(exports).filter(isModel));
  if (model && others.length === 0) return model;
  throw new UsageError(
    model
      ? `${file}: exports several models, expected one of them as default export`
      : `${file}: exports no model, expected what defineModel returns`,
  );
}

const isModel = (value: unknown): value is Model =>
  typeof value === "object" && value !== null && "instantiate" in value && "config" in value;

/**
 * Builds a task of the table with typed settings; without a name the first task that the model can read.
 *
 * @param options.set texts such as `task.length=5`.
 * @throws UsageError if there is no such task, or a setting is wrong.
 */
export function findTaskFor(
  model: Model,
  { name, set }: { name: string | undefined; set: readonly string[] },
): Task {
  const misplaced = set.map(setAssignment).find(({ section }) =>
    section !== "model" && section !== "task"
  );
  if (misplaced) {
    throw new UsageError(`${misplaced.origin}: check takes settings of model and task only`);
  }
  try {
    const entry = name === undefined ? firstFitting(model, set) : findTask(name);
    const { shape } = objectSchema(entry.config, entry.name);
    return entry.build(typedSettings("task", set, (key) => shape[key] as z.ZodType | undefined));
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError((error as Error).message, { cause: error });
  }
}

function firstFitting(model: Model, set: readonly string[]): TaskEntry {
  modelSettings(model, set);
  const reasons: string[] = [];
  for (const entry of Object.values(tasks)) {
    try {
      instantiateFor(model, entry.build(), set);
      return entry;
    } catch (error) {
      reasons.push((error as Error).message);
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
  throw new UsageError(
    `model ${model.name} reads ${reads.join(", ")}, which no task makes; tasks make ` +
      [...makes].join(", "),
  );
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
  section: "task" | "model",
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
