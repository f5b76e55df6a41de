/** The networks of a run, each with the task of its own, and passes over sequences of that task. */
import type { Backend, Values } from "../../core/backends/backend.ts";
import { isPersistent, iterationSize } from "../../core/backends/layout.ts";
import { createBatches } from "../../core/training/batches.ts";
import type { Checkpoint } from "../../store/files/checkpoint_format.ts";
import type { Sequence, Task } from "../../core/training/task.ts";
import type { RandomStream } from "../../core/random.ts";
import { findTask } from "../../tasks/mod.ts";
import { forwardProgram } from "../../updaters/forward_only.ts";
import type { RunConfig } from "../../config/run_config.ts";
import { configOf, type Replica, replicasOf } from "../../config/replicas.ts";
import { openEngine } from "../../config/build/open_engine.ts";
import { buildModel } from "../../config/build/build_run.ts";
import { UsageError } from "../../config/usage_error.ts";

type Settings = Readonly<Record<string, unknown>>;

export interface NetworkSet {
  readonly replicas: readonly Replica[];
  /** One a replica. */
  readonly seeds: readonly number[];
  /** Task settings of each replica, without the name. */
  readonly tasks: readonly Settings[];
  readonly model: RunConfig["model"];
  /** Parameters by slot, [P, ...shape]. */
  readonly parameters: ReadonlyMap<string, Values>;
}

/** @throws UsageError unless the run is one of attractor networks of one model. */
export function networksOf({ tensors, path }: Checkpoint, config: RunConfig): NetworkSet {
  const { task: { name }, model } = config;
  if (name !== "attractor" || model.name !== "attractor") {
    throw new UsageError(
      `expected a run of model attractor on task attractor, got ${model.name} on ${name}`,
    );
  }
  const parameters = new Map<string, Values>();
  for (const [slot, { data }] of tensors) {
    if (data instanceof Float32Array || data instanceof Float64Array) parameters.set(slot, data);
  }
  if (!parameters.has("w_self_free")) throw new UsageError(`${path}: does not hold "w_self_free"`);
  const replicas = replicasOf(config);
  const tasks = replicas.map((replica) => {
    const { task: { name: _, ...settings } } = configOf(config, replica);
    return settings;
  });
  return { replicas, seeds: replicas.map(({ seed }) => seed), tasks, model, parameters };
}

/** The elements of one replica of a slot. */
export function ofReplica(
  { parameters, seeds }: NetworkSet,
  { slot, replica }: { slot: string; replica: number },
): Values | undefined {
  const all = parameters.get(slot);
  const size = (all?.length ?? 0) / seeds.length;
  return all?.subarray(replica * size, (replica + 1) * size);
}

/** A value of the model at every step. */
export type Watched =
  | "observed/overlap"
  | "observed/wrong_bits"
  | "observed/energy"
  | "state/h";

/** What a pass leaves, [P, B] or [P, B, N]. */
export interface Passed {
  readonly memory: Values;
  readonly h: Values;
  readonly retention: Values;
  readonly reaction: Values;
  /** What is watched, [T, P, B] or [T, P, B, N]. */
  readonly watched: Readonly<Partial<Record<Watched, Values>>>;
}

/** Settings of the task, the same of all networks or made from each network's own. */
export type TaskSettings = Settings | ((own: Settings) => Settings);

export interface PassOptions {
  /** Instead of those of each network's task. */
  readonly task?: Settings;
  /** Changes a drawn sequence. */
  readonly change?: (sequence: Sequence, random: RandomStream, replica: number) => Sequence;
  /** Number of the batch in the test split. */
  readonly batch?: number;
}

export interface Forward {
  pass(options?: PassOptions): Promise<Passed>;
  /** Puts other values in place of a parameter, [P, ...]. */
  write(slot: string, values: Values): void;
  close(): void;
}

/**
 * Opens the networks, side by side, for sequences of so many steps. The overlap is signed, whatever
 * they were trained with.
 */
export async function openForward(
  networks: NetworkSet,
  { backend, task, sequences, watch = [], model = {} }: {
    backend: Backend;
    /** Settings that all passes share, such as `steps`. */
    task: TaskSettings;
    sequences: number;
    watch?: readonly Watched[];
    /** Settings of the model instead of its own. */
    model?: Settings;
  },
): Promise<Forward> {
  const build = (more: Settings = {}): Task[] =>
    networks.tasks.map((own) =>
      findTask("attractor").build({
        ...own,
        ...typeof task === "function" ? task(own) : task,
        ...more,
      })
    );
  const [first] = build();
  const program = forwardProgram({
    model: buildModel({ ...networks.model, signed_overlap: true, ...model }, first!),
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
    async pass({ task: more, change, batch = 0 } = {}) {
      const tasks = build(more).map((one, replica): Task =>
        change === undefined ? one : {
          ...one,
          sequence: (random) => change(one.sequence(random), random, replica),
        }
      );
      const drawn = createBatches(program, tasks, { seeds: networks.seeds, chunk: 1 })
        .draw("test", { first: batch, iterations: 1 });
      drawn.forEach((values, name) => engine.write(name, values));
      await engine.run("evaluate", { iterations: 1 });
      const probe = (name: Watched) => `probe/${name}`;
      const read = await engine.read(["h", "retention", "reaction", ...watch.map(probe)]);
      return {
        memory: drawn.get("memory")!,
        h: read.get("h")!,
        retention: read.get("retention")!,
        reaction: read.get("reaction")!,
        watched: Object.fromEntries(watch.map((name) => [name, read.get(probe(name))!])),
      };
    },
    write: (slot, values) => engine.write(slot, values),
    close: () => engine.close(),
  };
}
