/** Runs one network over one held-out sequence and keeps what happens inside. */
import { type Shape, sizeOf } from "../../core/axes.ts";
import type { Backend, Engine, Values } from "../../core/backends/backend.ts";
import { drawKeys, taskSlots } from "../../core/training/batches.ts";
import { playBatch } from "../../core/training/episode_batches.ts";
import { checkDrawn } from "../../core/training/draw_checked.ts";
import { programFor } from "../../core/training/open_batches.ts";
import { openEpisode, type Sequence, type Split, type Task } from "../../core/training/task.ts";
import { givenName, inputValues } from "../../core/training/task_input.ts";
import type { ModelInstance } from "../../core/program/model.ts";
import type { Program } from "../../core/program/program.ts";
import { forwardProgram } from "../../updaters/forward_only.ts";
import type { RunConfig } from "../../config/run_config.ts";
import { networkValues } from "../../store/network_values.ts";
import { openEngine } from "../../config/build/open_engine.ts";
import type { StoredNetwork } from "../../store/stored_network.ts";
import { buildModel, buildTask } from "../../config/build/build_run.ts";
import { UsageError } from "../../config/usage_error.ts";
import { chooseScenes, defaultScenes, type Scene, scenesOf } from "./scene_window.ts";

/** A value of the network at every step that is drawn. */
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

/** What is drawn of one network. */
export interface Probe {
  readonly network: StoredNetwork;
  readonly model: ModelInstance;
  readonly task: Task;
  /** The first step that is drawn; the network was run from step 0. */
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
  /** Values that the model names as observed. */
  readonly observed: readonly Series[];
  readonly output: Series;
  /** Inputs of the drawn steps, by name, [steps, ...]. */
  readonly inputs: Sequence;
}

/** Number of the sequence in the test split: neither training nor evaluation judges it. */
const SEQUENCE = 3_000_000;

/** Most steps that are drawn of a sequence without scenes. */
const MOST_STEPS = 480;

/** The part of a sequence that is drawn. */
interface Window {
  /** The first step. */
  readonly start: number;
  readonly steps: number;
  /** Steps that are run, from step 0. */
  readonly length: number;
  /** The scenes in it, of a task that has scenes. */
  readonly scenes: readonly Scene[] | undefined;
}

/**
 * Runs a network over one held-out sequence of its task, at its level.
 *
 * @param options.scenes number of scenes to draw; undefined: the default.
 * @throws UsageError if the network is not that of the config, or memory does not suffice.
 */
export async function probeNetwork(
  network: StoredNetwork,
  { config, backend, scenes }: {
    config: RunConfig;
    backend: Backend;
    scenes: number | undefined;
  },
): Promise<Probe> {
  const task = taskOf(config, network);
  const { seed } = network.replica;
  const address = { seed, split: "test", index: SEQUENCE } as const;
  const episode = openEpisode(task, address);
  const sequence = checkDrawn(task, episode.sequence, address);
  const window = windowOf(task, { sequence, scenes });
  const model = buildModel(config, task);
  const extents = { replicas: 1, sequences: 1, steps: window.length };
  const program = programFor(
    task,
    forwardProgram({ model, loss: task.loss, extents, probe: true }),
  );
  const values = networkValues(program, network);
  const engine = await openEngine(backend, program, { chunk: 1 });
  try {
    for (const [slot, data] of values) engine.write(slot, data);
    const batch = { split: "test", first: SEQUENCE, seeds: [seed] } as const;
    if (task.episode) {
      const seats = [{ task, episode, replica: 0, place: 0 }];
      await playBatch(engine, seats, { ...batch, procedure: "evaluate" });
    } else writeInputs(engine, { task, sequence, length: window.length, batch });
    await engine.run("evaluate", { iterations: 1 });
    const series = await readSeries(engine, window);
    const { start, steps } = window;
    return {
      network,
      model,
      task,
      start,
      steps,
      ...window.scenes ? { scenes: window.scenes, interval: task.scenes!.interval } : {},
      parameters: Object.entries(model.parameters).filter(([, { trained }]) => trained)
        .map(([name, { shape }]) => ({ name, shape, values: values.get(name)! })),
      states: series("probe/state/"),
      // A state that the model also names as observed is drawn once.
      observed: series("probe/observed/").filter(({ name }) => !(name in model.state)),
      output: { ...series("probe/output")[0]!, name: "output" },
      inputs: drawnInputs(sequence, { program, task, window }),
    };
  } finally {
    engine.close();
  }
}

/** Writes a sequence that was drawn, and the keys of its random numbers. */
function writeInputs(
  engine: Engine,
  { task, sequence, length, batch }: {
    task: Task;
    sequence: Sequence;
    length: number;
    batch: { split: Split; first: number; seeds: readonly number[] };
  },
): void {
  const { program } = engine;
  for (const [slot, keys] of drawKeys(program, { ...batch, iterations: 1 })) {
    engine.write(slot, keys);
  }
  for (const slot of taskSlots(program)) {
    const { name, shape, hasTimeAxis } = slot;
    const input = inputValues(sequence, slot, task);
    engine.write(name, hasTimeAxis ? padded(input, length * sizeOf(shape)) : input);
  }
}

/** The task at the network's level. */
export function taskOf(config: RunConfig, { level }: Pick<StoredNetwork, "level">): Task {
  const trainedTask = buildTask(config);
  return level === undefined ? trainedTask : trainedTask.levels?.at(level) ?? trainedTask;
}

/** @throws UsageError if the sequence does not have so many scenes. */
function windowOf(
  task: Task,
  { sequence, scenes }: { sequence: Sequence; scenes: number | undefined },
): Window {
  if (!task.scenes) {
    if (scenes !== undefined) {
      throw new UsageError(`--scenes ${scenes}: task ${task.name} has no scenes`);
    }
    // Inputs that depend on the step are as long as the whole sequence.
    const { steps: length } = task;
    return { start: 0, steps: Math.min(MOST_STEPS, length), length, scenes: undefined };
  }
  const { steps: sceneSteps, interval } = task.scenes;
  const drawn = scenesToDraw(scenesOf(sequence, sceneSteps), { scenes, interval });
  const start = drawn[0]?.start ?? 0;
  const steps = drawn.length * sceneSteps;
  return { start, steps, length: start + steps, scenes: drawn };
}

function scenesToDraw(
  movie: readonly Scene[],
  { scenes, interval }: { scenes: number | undefined; interval: number },
): readonly Scene[] {
  if (scenes !== undefined && scenes > movie.length) {
    throw new UsageError(
      `--scenes ${scenes}: a movie at R = ${interval} has ${movie.length} scenes, expected no more`,
    );
  }
  return chooseScenes(movie, Math.min(scenes ?? defaultScenes, movie.length));
}

/** Reads all probes. @returns those whose slots begin with a prefix, in the window, without the prefix. */
async function readSeries(
  engine: Engine,
  { start, steps }: Window,
): Promise<(prefix: string) => Series[]> {
  const probes = [...engine.program.slots.values()].filter(({ name }) => name.startsWith("probe/"));
  const values = await engine.read(probes.map(({ name }) => name));
  return (prefix) =>
    probes.filter(({ name }) => name.startsWith(prefix)).map(({ name, shape }) => {
      const size = sizeOf(shape);
      return {
        name: name.slice(prefix.length),
        shape,
        // A copy, so that the steps before it do not stay in memory.
        values: values.get(name)!.slice(start * size, (start + steps) * size),
      };
    });
}

/** The inputs in the window, [steps, ...shape] each, also those that are fixed for a sequence. */
function drawnInputs(
  sequence: Sequence,
  { program, task, window: { start, steps, length } }: {
    program: Program;
    task: Task;
    window: Window;
  },
): Sequence {
  return Object.fromEntries(
    taskSlots(program).map((slot) => {
      const size = sizeOf(slot.shape);
      const input = inputValues(sequence, slot, task);
      const values = slot.hasTimeAxis ? padded(input, length * size) : repeated(input, length);
      return [givenName(slot), values.slice(start * size, (start + steps) * size)];
    }),
  );
}

/** The same values at every step. */
function repeated(values: Float32Array, steps: number): Float32Array {
  const copies = new Float32Array(steps * values.length);
  for (let step = 0; step < steps; step++) copies.set(values, step * values.length);
  return copies;
}

/** The first `length` values; a shorter sequence is filled up with zeros. */
function padded(values: Float32Array, length: number): Float32Array {
  if (values.length >= length) return values.subarray(0, length);
  const filled = new Float32Array(length);
  filled.set(values);
  return filled;
}
