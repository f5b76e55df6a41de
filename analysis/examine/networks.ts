/** The attractor networks of a run, each with its task, and passes over sequences of that task. */
import type { Backend, Values } from "../../core/backends/backend.ts";
import { isPersistent, iterationSize } from "../../core/backends/layout.ts";
import { createBatches } from "../../core/training/batches.ts";
import { requireTensor } from "../../store/require_tensor.ts";
import type { Checkpoint } from "../../store/files/checkpoint_format.ts";
import type { Sequence, Task } from "../../core/training/task.ts";
import type { RandomStream } from "../../core/random.ts";
import { findTask } from "../../tasks/mod.ts";
import { forwardProgram } from "../../updaters/forward_only.ts";
import { tablesOnly } from "../../config/catalogue.ts";
import type { RunConfig } from "../../config/run_config.ts";
import { configOf, type Replica, replicasOf } from "../../config/replicas.ts";
import { openEngine } from "../../config/build/open_engine.ts";
import { buildModel } from "../../config/build/build_run.ts";
import { plainText } from "../../config/plain_text.ts";
import { UsageError } from "../../config/usage_error.ts";

type Settings = Readonly<Record<string, unknown>>;

/**
 * Examinations are about this model on this task: they use its slots, its observed values, and the cues
 * of the task.
 */
const examined = { model: "attractor", task: "attractor" } as const;

export interface NetworkSet {
  /** [P] */
  readonly replicas: readonly Replica[];
  /** [P] */
  readonly seeds: readonly number[];
  /** [P], settings of each replica's task, without the name. */
  readonly tasks: readonly Settings[];
  readonly model: RunConfig["model"];
  /** Parameters by slot, [P, ...shape]. */
  readonly parameters: ReadonlyMap<string, Values>;
}

/** Refuses the stored config of another network, before code that it may need is asked for. @throws UsageError */
export function requireExamined(stored: Readonly<Record<string, unknown>>): void {
  const nameOf = (section: keyof typeof examined) =>
    plainText(String((stored[section] as { readonly name?: unknown } | undefined)?.name));
  const [model, task] = [nameOf("model"), nameOf("task")];
  if (model === examined.model && task === examined.task) return;
  throw new UsageError(
    `expected a run of model ${examined.model} on task ${examined.task}, got ${model} on ${task}`,
  );
}

/** The networks of a checkpoint. @throws UsageError unless it holds all of attractor networks. */
export function networksOf({ tensors, path }: Checkpoint, config: RunConfig): NetworkSet {
  requireExamined({ ...config });
  const { model } = config;
  const replicas = replicasOf(config);
  const tasks = replicas.map((replica) => {
    const { task: { name: _, ...settings } } = configOf(config, replica);
    return settings;
  });
  const task = findTask(examined.task).build(tasks[0]!);
  const { slots } = forwardProgram({
    model: buildModel(config, task),
    loss: task.loss,
    extents: { replicas: replicas.length, sequences: 1, steps: task.steps },
  });
  const parameters = new Map(
    [...slots.values()].filter(isPersistent).map(({ name, shape }) => [
      name,
      requireTensor({ tensors, path }, { name, shape: [replicas.length, ...shape] }),
    ]),
  );
  return { replicas, seeds: replicas.map(({ seed }) => seed), tasks, model, parameters };
}

/** The values of one replica in a slot; undefined if the network has no such slot. */
export function ofReplica(
  { parameters, seeds }: NetworkSet,
  { slot, replica }: { slot: string; replica: number },
): Values | undefined {
  const values = parameters.get(slot);
  const size = (values?.length ?? 0) / seeds.length;
  return values?.subarray(replica * size, (replica + 1) * size);
}

/** A value of the model that is read at every step. */
export type Watched =
  | "observed/overlap"
  | "observed/wrong_bits"
  | "observed/energy"
  | "state/h";

/** What a pass over sequences leaves. */
export interface PassResult {
  /** The pattern of each sequence, [P, B, N]. */
  readonly memory: Values;
  /** The last state, [P, B, N]. */
  readonly h: Values;
  /** [P, B] */
  readonly retention: Values;
  /** [P, B] */
  readonly reaction: Values;
  /** Watched values, [T, P, B] or [T, P, B, N]. */
  readonly watched: Readonly<Partial<Record<Watched, Values>>>;
}

/** Settings of the task, the same for all networks or made from the settings of each. */
export type TaskSettings = Settings | ((settings: Settings) => Settings);

export interface PassOptions {
  /** Settings that replace those of each network's task. */
  readonly task?: Settings;
  /** Changes a sequence after it is drawn. */
  readonly change?: (sequence: Sequence, random: RandomStream, replica: number) => Sequence;
  /** Number of the batch in the test split. */
  readonly batch?: number;
}

export interface Forward {
  /** Runs every network over a batch of fresh sequences. */
  pass(options?: PassOptions): Promise<PassResult>;
  /** Puts other values in place of a parameter, [P, ...]. */
  write(slot: string, values: Values): void;
  close(): void;
}

/**
 * Opens the networks, side by side, for passes over sequences of their tasks. Overlaps are signed,
 * whatever the training used.
 *
 * @param options.task settings that all passes share, such as `steps`.
 * @param options.sequences B, sequences of each network in a pass.
 * @param options.watch values that are kept at every step.
 * @param options.model settings of the model in place of its own.
 * @throws UsageError if the checkpoint does not hold the network, or memory does not suffice.
 */
export async function openForward(
  networks: NetworkSet,
  { backend, task, sequences, watch = [], model = {} }: {
    backend: Backend;
    task: TaskSettings;
    sequences: number;
    watch?: readonly Watched[];
    model?: Settings;
  },
): Promise<Forward> {
  const buildTasks = (passSettings: Settings = {}): Task[] =>
    networks.tasks.map((settings) =>
      findTask(examined.task).build({
        ...settings,
        ...typeof task === "function" ? task(settings) : task,
        ...passSettings,
      })
    );
  const [first] = buildTasks();
  const program = forwardProgram({
    model: buildModel({
      model: { ...networks.model, signed_overlap: true, ...model },
      catalogue: tablesOnly,
    }, first!),
    loss: first!.loss,
    extents: { replicas: networks.seeds.length, sequences, steps: first!.steps },
  }, { keep: watch });
  const engine = await openEngine(backend, program, { chunk: 1 });
  for (const slot of [...program.slots.values()].filter(isPersistent)) {
    const values = networks.parameters.get(slot.name);
    if (values?.length !== iterationSize(slot, program.extents)) {
      engine.close();
      throw new UsageError(`the checkpoint does not hold "${slot.name}" of the network`);
    }
    engine.write(slot.name, values);
  }
  return {
    async pass({ task: passSettings, change, batch = 0 } = {}) {
      const tasks = buildTasks(passSettings).map((task, replica): Task =>
        change === undefined ? task : {
          ...task,
          sequence: (random, draw) => change(task.sequence(random, draw), random, replica),
        }
      );
      const inputs = createBatches(program, tasks, { seeds: networks.seeds, chunk: 1 })
        .draw("test", { first: batch, iterations: 1 });
      inputs.forEach((values, name) => engine.write(name, values));
      await engine.run("evaluate", { iterations: 1 });
      const slotOf = (name: Watched) => `probe/${name}`;
      const values = await engine.read(["h", "retention", "reaction", ...watch.map(slotOf)]);
      return {
        memory: inputs.get("memory")!,
        h: values.get("h")!,
        retention: values.get("retention")!,
        reaction: values.get("reaction")!,
        watched: Object.fromEntries(watch.map((name) => [name, values.get(slotOf(name))!])),
      };
    },
    write: (slot, values) => engine.write(slot, values),
    close: () => engine.close(),
  };
}
