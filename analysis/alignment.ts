/** How far the updates of a rule that learns after every step point along the exact gradient, in a stored run. */
import { type Shape, sizeOf } from "../core/axes.ts";
import type { Backend, Engine } from "../core/backends/backend.ts";
import { initialValues } from "../core/backends/initial_values.ts";
import { isPersistent } from "../core/backends/layout.ts";
import type { Program } from "../core/program/program.ts";
import type { Batches } from "../core/training/batches.ts";
import { loadBatches, openBatches, programFor } from "../core/training/open_batches.ts";
import type { Task } from "../core/training/task.ts";
import { buildModel, buildTask } from "../config/build/build_run.ts";
import { openEngine } from "../config/build/open_engine.ts";
import { replicasOf } from "../config/replicas.ts";
import type { RunConfig } from "../config/run_config.ts";
import { readLatestCheckpoint } from "../store/files/checkpoint.ts";
import { requireSameRun } from "../store/state_file.ts";
import { loadTensors, readRunConfig } from "../store/stored_run.ts";
import { ALIGNMENT } from "../updaters/keep_alignment.ts";

/** Cosines of the angles between the update of a layer and its exact gradient. */
export interface LayerAlignment {
  readonly layer: string;
  /** With the first values, the mean over steps and sequences of each replica, [P]; NaN: no update. */
  readonly before: readonly number[];
  /** With the values of the newest checkpoint. */
  readonly after: readonly number[];
}

/** Sequences that each mean is taken over, at least. */
const SEQUENCES = 32;

/**
 * Measures the alignment of every layer on the same held-out sequences, before training and with the newest
 * checkpoint. The network runs as in training: what its rule writes at a step is there at the next one.
 *
 * @returns no layers if the rule does not learn after every step, or the run has levels.
 * @throws UsageError or DamagedFileError if the run cannot be read.
 */
export async function measureAlignment(
  folder: string,
  { backend }: { backend: Backend },
): Promise<LayerAlignment[]> {
  const config = readRunConfig(folder);
  const checkpoint = readLatestCheckpoint(folder, { warn: () => {} });
  requireSameRun(checkpoint, config);
  const task = buildTask(config);
  const program = probedProgram(config, task);
  const layers = alignedLayers(program);
  if (layers.length === 0 || task.levels) return [];
  const seeds = replicasOf(config).map(({ seed }) => seed);
  const engine = await openEngine(backend, program, { chunk: 1 });
  try {
    const batches = openBatches(program, task, { seeds, chunk: 1 });
    const persistent = [...program.slots.values()].filter(isPersistent);
    const before = await meanCosines({ engine, batches, layers }, () => {
      for (const { name } of persistent) engine.write(name, initialValues(program, name, seeds));
    });
    const after = await meanCosines(
      { engine, batches, layers },
      () => loadTensors(engine, checkpoint),
    );
    return layers.map((layer, index) => ({ layer, before: before[index]!, after: after[index]! }));
  } finally {
    engine.close();
  }
}

function probedProgram({ updater, model, training, catalogue }: RunConfig, built: Task) {
  const { name, ...settings } = updater;
  const extents = {
    replicas: replicasOf({ training }).length,
    sequences: training.batch_size,
    steps: built.steps,
  };
  const learning = {
    model: buildModel({ model, catalogue }, built),
    loss: built.loss,
    extents,
    output: built.output as Shape,
    iterations: training.iterations,
    probe: true,
  };
  return programFor(built, catalogue.find("updater", name).build(learning, settings));
}

const slotOf = (layer: string) => `${ALIGNMENT}/${layer}`;

const alignedLayers = ({ slots }: Program): string[] =>
  [...slots.keys()].filter((name) => name.startsWith(slotOf("")))
    .map((name) => name.slice(slotOf("").length));

/** By layer, the mean cosine of each replica over steps and sequences at which there is an update. */
async function meanCosines(
  { engine, batches, layers }: {
    engine: Engine;
    batches: Batches;
    layers: readonly string[];
  },
  restore: () => void,
): Promise<number[][]> {
  const { replicas, sequences } = engine.program.extents;
  const sums = layers.map(() => new Float64Array(replicas));
  const counts = layers.map(() => new Float64Array(replicas));
  for (let first = 0; first * sequences < SEQUENCES; first++) {
    // Training changes the weights: each batch begins from the same ones.
    restore();
    const batch = { procedure: "train", split: "validation", first, iterations: 1 } as const;
    await loadBatches(engine, batches, batch);
    await engine.run("train", { iterations: 1 });
    const read = await engine.read(layers.map(slotOf));
    layers.forEach((layer, index) => {
      const values = read.get(slotOf(layer))!;
      const { hasBatchAxis, shape } = engine.program.slots.get(slotOf(layer))!;
      const each = (hasBatchAxis ? sequences : 1) * sizeOf(shape);
      values.forEach((value: number, place: number) => {
        // Without an update there is no angle.
        if (value === 0 || !Number.isFinite(value)) return;
        const replica = Math.floor(place / each) % replicas;
        sums[index]![replica]! += value;
        counts[index]![replica]! += 1;
      });
    });
  }
  return sums.map((sum, index) =>
    [...sum].map((value, replica) => value / counts[index]![replica]!)
  );
}
