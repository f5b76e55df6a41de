/** An entry of the table of tasks. */
import { z } from "../deps/zod.ts";
import { callerPlace, definedAt } from "../core/code_place.ts";
import { checkKeys, type KeysOf } from "../core/program/check_spec.ts";
import { checkTask } from "../core/training/check_task.ts";
import type { SettingsSchema } from "../core/program/settings_schema.ts";
import { withGivenInputs } from "../core/losses/given_inputs.ts";
import type { Task } from "../core/training/task.ts";

/**
 * An entry of the table of tasks: `build` makes a task of its settings. `Input` is their type, in which those
 * with defaults are optional.
 */
export interface TaskEntry<Input = Readonly<Record<string, unknown>>> {
  /** What commands and reports call it. */
  readonly name: string;
  /** Other names that mean the same task, published ones among them. */
  readonly aliases: readonly string[];
  /** How help and errors list it, where that is not its name. */
  readonly label?: string;
  /** One line for `--help` and reports. */
  readonly summary: string;
  /** The settings of the task, each with a description and a default. */
  readonly config: SettingsSchema;
  /** Settings that only say for how long to train; a run may be continued with others. */
  readonly lengths: readonly string[];
  /** Settings of a short one with few values a step, for tests and benches. */
  readonly small?: Readonly<Record<string, unknown>>;
  /** The tasks of this family, by the numbers in their names. */
  readonly numbered?: NumberedTasks<Input>;
  /**
   * Makes the task; missing settings take defaults.
   *
   * @throws TypeError on a setting that is refused, SettingError on one that does not fit another.
   */
  build(config?: Input): Task;
}

/** A number in the names of a family of tasks. */
export interface NameNumber {
  /** What help calls it, such as "N". */
  readonly symbol: string;
  /** The smallest one. */
  readonly least: number;
  /** The largest one. */
  readonly most: number;
  /** What it is where a name has no number. */
  readonly fallback: number;
}

/** A family of tasks that differ in numbers of their names: `3_resequence`, `selcopy_4_12`. */
export interface NumberedTasks<Input = Readonly<Record<string, unknown>>> {
  /** Whether the numbers stand before the name or after it. */
  readonly place: "before" | "after";
  /** The numbers of a name, in their order. */
  readonly numbers: readonly NameNumber[];
  /** What may stand beside the numbers instead of the entry's name. */
  readonly aliases: readonly string[];
  /** The entry of these numbers, called `n_name` or `name_n_m`. */
  at(numbers: readonly number[]): TaskEntry<Input>;
}

/** What a task takes from its entry. */
export interface TaskFacts {
  /** What commands, errors and reports call it. */
  readonly name: string;
  /** One line for `--help` and reports. */
  readonly summary: string;
}

/**
 * What an author writes of a task. The types of the settings flow from the schema: C complete, I as a user
 * gives them. M are the metrics of the loss, one of which is the score.
 */
export interface TaskDefinition<C, I = C, M extends string = string> {
  /** What commands, errors and reports call it. */
  readonly name: string;
  /** One line for `--help` and reports. Default: the name. */
  readonly summary?: string;
  /** Other names that mean the same task. Default: none. */
  readonly aliases?: readonly string[];
  /** The settings of the task, each with a description and a default. */
  readonly config: SettingsSchema<C, I>;
  /** Settings of a short one with few values a step, for tests and benches. */
  readonly small?: Partial<C>;
  /** Settings that only say for how long to train; default: none. */
  readonly lengths?: readonly (string & keyof C)[];
  /** Makes the task, of checked settings, with the name and summary of its entry. */
  build(config: C, facts: TaskFacts): Task<M>;
}

/**
 * Makes a table entry whose `build` checks its settings against the schema first.
 *
 * @throws CodeError for a key that is unknown or missing. So does `build` for a task that contradicts itself.
 * @example
 * defineTask({ name: "echo", summary: "Say it again", config: z.strictObject({}),
 *   build: (_settings, facts) => ({ ...facts, steps: 4, inputs, loss, output: [2], ..., sequence }) });
 */
export function defineTask<C, I = C, M extends string = string>(
  definition: TaskDefinition<C, I, M>,
): TaskEntry<I> {
  checkKeys("defineTask", definition, {
    keys: definitionKeys,
    functions: ["build"],
    schema: "config",
  });
  const { name, summary = name, aliases = [], lengths = [], build, ...entry } = definition;
  const place = callerPlace();
  return definedAt({
    ...entry,
    name,
    summary,
    aliases,
    lengths,
    build(config?: I) {
      const settings = parseSettings(entry.config, config ?? {}, `Task ${name}`);
      const task = build(settings, { name, summary });
      checkTask(task, place);
      return definedAt(judgedByItsInputs(task), place);
    },
  }, place);
}

/** The task, at every level, without the metrics of its loss that need inputs which it does not make. */
function judgedByItsInputs(task: Task): Task {
  const { inputs, levels } = task;
  const loss = withGivenInputs(task.loss, inputs);
  if (loss === task.loss) return task;
  const at = (level: number) => judgedByItsInputs(levels!.at(level));
  return { ...task, loss, ...levels ? { levels: { ...levels, at } } : {} };
}

const definitionKeys: KeysOf<TaskDefinition<unknown>> = {
  name: "required",
  summary: "optional",
  aliases: "optional",
  config: "required",
  small: "optional",
  lengths: "optional",
  build: "required",
};

/** @throws TypeError, one line that names the owner and each setting, where a zod schema refuses one. */
function parseSettings<C>(schema: SettingsSchema<C>, settings: unknown, owner: string): C {
  try {
    return schema.parse(settings);
  } catch (error) {
    if (!(error instanceof z.ZodError)) throw error;
    const problems = error.issues.map(({ path, message }) =>
      path.length > 0 ? `${path.join(".")}: ${message}` : message
    );
    throw new TypeError(`${owner}: ${problems.join("; ")}`, { cause: error });
  }
}
