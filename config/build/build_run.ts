/** Builds what trains from a config: task, model, loss and program. */
import type { Shape } from "../../core/axes.ts";
import { CodeError } from "../../core/code_error.ts";
import { definitionPlace } from "../../core/code_place.ts";
import type { DeviceName } from "../../core/backends/backend.ts";
import { didYouMean } from "../../core/similar_name.ts";
import type { Loss } from "../../core/losses/loss.ts";
import type { Model, ModelInstance } from "../../core/program/model.ts";
import type { Program } from "../../core/program/program.ts";
import { sameProgram } from "../../core/program/same_program.ts";
import { sideBySide } from "../../core/program/side_by_side.ts";
import { saysContinues } from "../../core/training/continues.ts";
import { programFor } from "../../core/training/open_batches.ts";
import { judgedAlike } from "../../core/training/replica_tasks.ts";
import type { Task } from "../../core/training/task.ts";
import type { FastWeightMode } from "../../updaters/fast_weights.ts";
import { tablesOnly } from "../catalogue.ts";
import { configOf, firstOfPoints, type Replica, replicasOf } from "../replicas.ts";
import type { RunConfig } from "../run_config.ts";
import { taskSizes } from "../task_sizes.ts";

export interface Run {
  /** [P], the tasks of all replicas; equal where nothing is swept. */
  readonly tasks: readonly Task[];
  /** The task of the first replica: inputs, loss and score are the same for all. */
  readonly task: Task;
  readonly model: ModelInstance;
  readonly loss: Loss;
  readonly program: Program;
}

export interface BuildOptions {
  readonly steps?: number | undefined;
  readonly fastWeights?: FastWeightMode | undefined;
  readonly device?: DeviceName | undefined;
}

/**
 * Builds one program for all replicas, with the first values and the task of each.
 *
 * @param options.steps T, instead of the length of the task's sequences.
 * @param options.fastWeights what becomes of fast weights where the network is judged.
 * @param options.device where it will run, if that is known.
 * @throws RangeError if the shapes of the model do not fit together, the model does not fit the task, or
 * a swept setting changes the program or how the task is judged.
 *
 *     const { program, tasks } = buildRun(config);
 *     const engine = await backend.prepare(program, { chunk: 1 });
 */
export function buildRun(config: RunConfig, options: BuildOptions = {}): Run {
  const replicas = replicasOf(config);
  const points = firstOfPoints(replicas);
  const [point] = points as [Replica];
  const build = (point: Replica) =>
    buildPoint(configOf(config, point), { replicas: replicas.length, ...options });
  const first = build(point);
  const parts = points.map((other) => {
    const { task, program } = other === point ? first : build(other);
    if (!sameProgram(first.program, program)) {
      throw cannotSweep("it changes the program itself", point, other);
    }
    if (!judgedAlike(first.task, task)) {
      throw cannotSweep("it changes how the task is judged", point, other);
    }
    // All else is the same, and dropped: many points need no more memory than one.
    return { task, initial: program.initial };
  });
  const partOf = ({ point }: Replica) => parts[point]!;
  return {
    ...first,
    tasks: replicas.map((replica) => partOf(replica).task),
    program: points.length === 1
      ? first.program
      : sideBySide(first.program, replicas.map((replica) => partOf(replica).initial)),
  };
}

function buildPoint(
  config: RunConfig,
  { replicas, steps, fastWeights, device }: BuildOptions & { replicas: number },
): Omit<Run, "tasks"> {
  const { updater, training, catalogue } = config;
  const builtTask = buildTask(config);
  const instance = buildModel(config, builtTask);
  const { loss } = builtTask;
  const extents = { replicas, sequences: training.batch_size, steps: steps ?? builtTask.steps };
  const program = catalogue.find("updater", updater.name).build(
    {
      model: instance,
      loss,
      extents,
      output: builtTask.output as Shape,
      continues: saysContinues(builtTask),
      iterations: training.iterations,
      fastWeights,
      device,
    },
    withoutName(updater),
  );
  return { task: builtTask, model: instance, loss, program: programFor(builtTask, program) };
}

function cannotSweep(
  reason: string,
  { settings: first }: Replica,
  { settings }: Replica,
): RangeError {
  const changed = Object.keys(settings).filter((path) =>
    JSON.stringify(settings[path]) !== JSON.stringify(first[path])
  );
  const paths = changed.join(" with ");
  return new RangeError(`--sweep ${paths}: ${reason}; train its values in runs of their own`);
}

/** The task of a config, with its settings. */
export const buildTask = ({ task, catalogue }: Pick<RunConfig, "task" | "catalogue">): Task =>
  catalogue.find("task", task.name).build(withoutName(task));

/** The model of a config, in the sizes of its task. @throws RangeError if it cannot read the task. */
export function buildModel(
  { model: settings, catalogue }: Pick<RunConfig, "model" | "catalogue">,
  task: Task,
): ModelInstance {
  const model = catalogue.find("model", settings.name);
  const sizes = taskSizes(model, task);
  if (sizes) return model.instantiate({ ...withoutName(settings), ...sizes });
  const isOwn = catalogue.own.model !== undefined || catalogue.own.task !== undefined;
  if (isOwn) throw missingSizes(model, task);
  const readers = Object.entries(tablesOnly.choices("model"))
    .filter(([, other]) => taskSizes(other, task)).map(([name]) => name);
  throw new RangeError(
    `model ${settings.name} cannot read the ${Object.keys(task.inputs)[0]} of task ` +
      `${task.name}; models that can are ${readers.join(", ")}`,
  );
}

/** The error of a task without a size that a model takes. */
function missingSizes(model: Model, { name, sizes }: Task): CodeError {
  const given = Object.keys(sizes);
  const missing = model.fromTask.find((key) => !given.includes(key))!;
  return new CodeError(
    `Model ${model.name} takes the size "${missing}" of its task${didYouMean(missing, given)}; ` +
      `task ${name} gives ${given.join(", ") || "none"}`,
    definitionPlace(model),
  );
}

const withoutName = (
  { name: _, ...settings }: Readonly<Record<string, unknown>>,
): Record<string, unknown> => settings;
