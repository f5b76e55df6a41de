/** Runs one network over one held-out sequence and keeps what happens inside. */
import { type Shape, sizeOf } from "../../core/axes.ts";
import type { Backend, Values } from "../../core/backends/backend.ts";
import { inputSlots } from "../../core/training/batches.ts";
import { randomStream } from "../../core/random.ts";
import { type Sequence, splitStreams, type Task } from "../../core/training/task.ts";
import type { ModelInstance } from "../../core/program/model.ts";
import { forwardProgram } from "../../updaters/forward_only.ts";
import type { RunConfig } from "../../config/run_config.ts";
import { networkValues } from "../../store/network_values.ts";
import { openEngine } from "../../config/build/open_engine.ts";
import type { StoredNetwork } from "../../store/stored_network.ts";
import { buildModel, buildTask } from "../../config/build/build_run.ts";
import { UsageError } from "../../config/usage_error.ts";
import { chooseScenes, defaultScenes, type Scene, scenesOf } from "./scene_window.ts";

/** A value at every step that is drawn. */
export interface Series {
  readonly name: string;
  readonly shape: Shape;
  /** [steps, ...shape] */
  readonly values: Values;
}

/** A parameter of the network. */
export interface Weights {
  readonly name: string;
  readonly shape: Shape;
  readonly values: Values;
}

/** All that is drawn of one network. */
export interface Probe {
  readonly network: StoredNetwork;
  readonly model: ModelInstance;
  readonly task: Task;
  /** The first step that is drawn; the sequence was run from its step 0. */
  readonly start: number;
  /** Steps drawn. */
  readonly steps: number;
  /** The scenes drawn, of a task that has scenes. */
  readonly scenes?: readonly Scene[];
  /** R, of such a task. */
  readonly interval?: number;
  readonly parameters: readonly Weights[];
  /** States after each step. */
  readonly states: readonly Series[];
  /** What the model names on the way of each step. */
  readonly observed: readonly Series[];
  readonly output: Series;
  /** Inputs of the drawn steps, by name, [steps, ...]. */
  readonly inputs: Sequence;
}

/** Number of the sequence in the test split, far from those that training and evaluation judge. */
const SEQUENCE = 3_000_000;

/** Steps of a sequence without scenes that are drawn. */
const MOST_STEPS = 480;

/** @throws UsageError if the network is not that of the config, or memory does not suffice. */
export async function probeNetwork(
  network: StoredNetwork,
  { config, backend, scenes }: {
    config: RunConfig;
    backend: Backend;
    /** As typed. */
    scenes: number | undefined;
  },
): Promise<Probe> {
  const task = taskOf(config, network);
  const { steps: sceneTime, interval } = task.scenes ?? {};
  const sequence = task.sequence(
    randomStream({ seed: network.replica.seed, stream: splitStreams.test, step: SEQUENCE }),
  );
  const drawn = sceneTime === undefined
    ? undefined
    : scenesToDraw(scenesOf(sequence, sceneTime), { scenes, interval });
  if (!drawn && scenes !== undefined) {
    throw new UsageError(`--scenes ${scenes}: task ${task.name} has no scenes`);
  }
  const start = drawn?.[0]?.start ?? 0;
  const steps = drawn ? drawn.length * sceneTime! : Math.min(MOST_STEPS, task.steps);
  const model = buildModel(config.model, task);
  // Values that depend on the step have the length of the whole sequence where there are no scenes.
  const length = drawn ? start + steps : task.steps;
  const program = forwardProgram({
    model,
    loss: task.loss,
    extents: { replicas: 1, sequences: 1, steps: length },
    probe: true,
  });
  const values = networkValues(program, network);
  const engine = await openEngine(backend, program, { chunk: 1 });
  try {
    for (const [slot, data] of values) engine.write(slot, data);
    for (const { name, shape, hasTimeAxis } of inputSlots(program)) {
      const given = sequence[name]!;
      engine.write(name, hasTimeAxis ? padded(given, length * sizeOf(shape)) : given);
    }
    await engine.run("evaluate", { iterations: 1 });
    const probes = [...program.slots.values()].filter(({ name }) => name.startsWith("probe/"));
    const read = await engine.read(probes.map(({ name }) => name));
    const series = (group: string): Series[] =>
      probes.filter(({ name }) => name.startsWith(group)).map(({ name, shape }) => {
        const size = sizeOf(shape);
        const all = read.get(name)!;
        return {
          name: name.slice(group.length),
          shape,
          // A copy, so that the steps before it do not stay in memory.
          values: all.slice(start * size, (start + steps) * size),
        };
      });
    return {
      network,
      model,
      task,
      start,
      steps,
      ...drawn ? { scenes: drawn, interval: interval! } : {},
      parameters: Object.entries(model.parameters).filter(([, { trained }]) => trained)
        .map(([name, { shape }]) => ({ name, shape, values: values.get(name)! })),
      states: series("probe/state/"),
      // A state that the model also lets one see is drawn once.
      observed: series("probe/observed/").filter(({ name }) => !(name in model.state)),
      output: {
        ...series("probe/output")[0]!,
        name: "output",
      },
      inputs: Object.fromEntries(
        inputSlots(program).map(({ name, shape, hasTimeAxis }) => {
          const size = sizeOf(shape);
          const given = sequence[name]!;
          const all = hasTimeAxis ? padded(given, length * size) : repeated(given, length);
          return [name, all.slice(start * size, (start + steps) * size)];
        }),
      ),
    };
  } finally {
    engine.close();
  }
}

/** The task at the network's level. */
function taskOf({ task }: RunConfig, { level }: StoredNetwork): Task {
  const first = buildTask(task);
  return level === undefined ? first : first.levels?.at(level) ?? first;
}

function scenesToDraw(
  all: readonly Scene[],
  { scenes, interval }: { scenes: number | undefined; interval: number | undefined },
): readonly Scene[] {
  if (scenes !== undefined && scenes > all.length) {
    throw new UsageError(
      `--scenes ${scenes}: a movie at R = ${interval} has ${all.length} scenes, expected no more`,
    );
  }
  return chooseScenes(all, Math.min(scenes ?? defaultScenes, all.length));
}

/** What is the same at every step, once for each. */
function repeated(values: Float32Array, steps: number): Float32Array {
  const all = new Float32Array(steps * values.length);
  for (let step = 0; step < steps; step++) all.set(values, step * values.length);
  return all;
}

/** The first `length` values; a sequence that is over goes on with zeros. */
function padded(values: Float32Array, length: number): Float32Array {
  if (values.length >= length) return values.subarray(0, length);
  const all = new Float32Array(length);
  all.set(values);
  return all;
}
