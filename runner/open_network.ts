/** A stored network that runs over sequences. */
import { taskOf } from "../analysis/probe/probe_network.ts";
import { readNetworks } from "../analysis/probe/stored_networks.ts";
import { buildModel } from "../config/build/build_run.ts";
import { openEngine } from "../config/build/open_engine.ts";
import { configOf, replicasOf } from "../config/replicas.ts";
import type { RunConfig } from "../config/run_config.ts";
import { sizeOf } from "../core/axes.ts";
import type { Engine, Values } from "../core/backends/backend.ts";
import { openBackend } from "../core/backends/open_backend.ts";
import { describeInput } from "../core/program/input.ts";
import type { ModelInstance } from "../core/program/model.ts";
import { createBatches } from "../core/training/batches.ts";
import { heldOutOf } from "../core/training/held_out.ts";
import { drawSequence, type Sequence, type Task } from "../core/training/task.ts";
import { chooseReplica } from "../store/choose_replicas.ts";
import { networkValues } from "../store/network_values.ts";
import { forwardProgram } from "../updaters/forward_only.ts";
import type { Activity, Network, NetworkChoice, Series } from "./stored_run.ts";

/** Number of the first held-out sequence in the test split: no evaluation comes so far. */
const FIRST_HELD_OUT = 4_000_000;

/** @throws UsageError if there is no such network. */
export async function openNetwork(
  folder: string,
  { config: runConfig, ...choice }: NetworkChoice & { readonly config: RunConfig },
): Promise<Network> {
  const { seed, replica, level, checkpoint, device, allowSoftwareAdapter, threads } = choice;
  const replicas = replicasOf(runConfig);
  const chosen = chooseReplica({ replicas, seed, replica });
  const config = configOf(runConfig, chosen);
  const levelText = level === undefined ? undefined : String(level);
  // What it is, `iteration` says.
  const said = { say: () => {} };
  const request = { config: runConfig, level: levelText, checkpoint, replicas, chosen, ...said };
  const stored = readNetworks(folder, request).at(-1)!;
  const task = taskOf(config, stored);
  const model = buildModel(config, task);
  const programOf = (steps: number) =>
    forwardProgram({
      model,
      loss: task.loss,
      extents: { replicas: 1, sequences: 1, steps },
      probe: true,
    });
  const values = networkValues(programOf(task.steps), stored);
  const { backend } = await openBackend({
    ...device === undefined ? {} : { device },
    ...allowSoftwareAdapter === undefined ? {} : { allowSoftwareAdapter },
    ...threads === undefined ? {} : { threads },
  });
  /** An engine for each length of sequences. */
  const engines = new Map<number, Engine>();
  const engineOf = async (steps: number) => {
    const engine = engines.get(steps) ?? await openEngine(backend, programOf(steps), { chunk: 1 });
    engines.set(steps, engine);
    for (const [slot, data] of values) engine.write(slot, data);
    return engine;
  };
  const close = () => {
    for (const engine of engines.values()) engine.close();
    engines.clear();
    backend.close();
  };
  return {
    replica: stored.replica,
    iteration: stored.iteration,
    ...stored.level === undefined ? {} : { level: stored.level },
    model,
    task,
    weights: weightsOf(model, values),
    heldOut(count) {
      const { seed } = stored.replica;
      const first = task.heldOut ? 0 : FIRST_HELD_OUT;
      const length = Math.min(count, heldOutOf([task], "test"));
      return Array.from(
        { length },
        (_, index) => drawSequence(task, { seed, split: "test", index: first + index }),
      );
    },
    async run(sequences) {
      const activities: Activity[] = [];
      for (const [index, given] of sequences.entries()) {
        const { steps, sequence } = completed(given, { model, task, index });
        const engine = await engineOf(steps);
        const { program } = engine;
        const single: Task = { ...task, steps, sequence: () => sequence };
        const batches = createBatches(program, single, { seeds: [stored.replica.seed], chunk: 1 });
        const range = { first: FIRST_HELD_OUT + index, iterations: 1 };
        for (const [slot, data] of batches.draw("test", range)) engine.write(slot, data);
        await engine.run("evaluate", { iterations: 1 });
        activities.push(await activityOf(engine, model));
      }
      return activities;
    },
    close,
    [Symbol.dispose]: close,
  };
}

const weightsOf = (
  { parameters }: ModelInstance,
  values: ReadonlyMap<string, Values>,
): Network["weights"] =>
  new Map(
    Object.entries(parameters).map(([name, { shape }]) =>
      [name, { shape, values: values.get(name)! }] as const
    ),
  );

/**
 * The length of a sequence, and all of its inputs: what only a loss reads may be missing, and is 0 then.
 *
 * @throws RangeError if the model lacks an input, or inputs are of different lengths.
 */
function completed(
  given: Sequence,
  { model, task, index }: { model: ModelInstance; task: Task; index: number },
): { steps: number; sequence: Sequence } {
  const inputs = Object.entries(task.inputs).map(([name, declared]) => {
    const { shape, perStep } = describeInput(declared);
    return { name, perStep, size: sizeOf(shape), values: given[name] };
  });
  const missing = Object.keys(model.inputs).find((name) => given[name] === undefined);
  if (missing !== undefined) {
    throw new RangeError(`sequence ${index}: it has no input "${missing}", which the model reads`);
  }
  const [first] = inputs.filter(({ perStep, values }) => perStep && values);
  const steps = first ? first.values!.length / first.size : task.steps;
  const isWhole = Number.isInteger(steps) && steps > 0;
  for (const { name, perStep, size, values } of inputs) {
    const expected = size * (perStep ? steps : 1);
    if (values === undefined || isWhole && values.length === expected) continue;
    throw new RangeError(
      `sequence ${index}: ${name} has ${values.length} values, expected ${
        isWhole ? expected : `${size} for each step`
      }`,
    );
  }
  const sequence = Object.fromEntries(
    inputs.map(({ name, perStep, size, values }) =>
      [name, values ?? new Float32Array(size * (perStep ? steps : 1))] as const
    ),
  );
  return { steps, sequence };
}

/** Reads the probes of a run of one sequence, [T, ...shape]. */
async function activityOf(engine: Engine, model: ModelInstance): Promise<Activity> {
  const { slots, extents: { steps } } = engine.program;
  const probes = [...slots.values()].filter(({ name }) => name.startsWith("probe/"));
  const values = await engine.read(probes.map(({ name }) => name));
  const series = (prefix: string): Record<string, Series> =>
    Object.fromEntries(
      probes.filter(({ name }) => name.startsWith(prefix)).map(({ name, shape }) => [
        name.slice(prefix.length),
        { shape, values: values.get(name)! },
      ]),
    );
  const observed = series("probe/observed/");
  return {
    steps,
    output: series("probe/")["output"]!,
    states: series("probe/state/"),
    // A state that the model also names as observed is given once.
    observed: Object.fromEntries(
      Object.entries(observed).filter(([name]) => !Object.hasOwn(model.state, name)),
    ),
  };
}
