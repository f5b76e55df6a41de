/** Run folders with untrained networks, for tests: they take no time to train. */
import { initialValues } from "../../../core/backends/initial_values.ts";
import { isPersistent } from "../../../core/backends/layout.ts";
import { writeConfig } from "../../../store/files/config_file.ts";
import type { Values } from "../../../core/backends/backend.ts";
import { forwardProgram } from "../../../updaters/forward_only.ts";
import { replicasOf } from "../../../config/replicas.ts";
import { resolveConfig } from "../../../config/resolve_config.ts";
import type { RunConfig } from "../../../config/run_config.ts";
import { type SectionName, sectionNames } from "../../../config/assignment.ts";
import { buildModel } from "../../../config/build/build_run.ts";
import { writeLevel } from "../../../store/level_files.ts";
import { movieTask } from "../movie_task.ts";

const sections: Readonly<Record<SectionName, Readonly<Record<string, unknown>>>> = {
  task: { name: "continual_scene" },
  // With random signs even an untrained network answers both yes and no.
  model: { name: "hybrid", hidden_dims: [6, 4], initial_rates: "random" },
  updater: { name: "bptt" },
  training: {},
  device: { name: "reference" },
};

/** Settings of a run of networks of a few units. */
export function levelConfig(
  { task = { scene_time: 2, vec_len: 6 }, seeds = [1] }: {
    task?: Readonly<Record<string, unknown>>;
    seeds?: readonly number[];
  } = {},
): RunConfig {
  const values = {
    ...sections,
    task: { ...sections.task, ...task },
    training: { ...sections.training, seeds },
  };
  const assignments = sectionNames.flatMap((section) =>
    Object.entries(values[section]).map(([key, value]) => ({
      section,
      key,
      value,
      isText: false,
      origin: section,
    }))
  );
  return resolveConfig(assignments, { source: "test" }).config;
}

/** Writes `config.json` and, for every seed and level, a network that passed the level. */
export function writeLevelRun(
  folder: string,
  { config, levels }: { config: RunConfig; levels: readonly number[] },
): void {
  Deno.mkdirSync(folder, { recursive: true });
  writeConfig(folder, config);
  const { seeds } = config.training;
  const replicas = replicasOf(config);
  const task = movieTask(config, { interval: 1, scenes: 10, scenesOption: "" });
  const program = forwardProgram({
    model: buildModel(config, task),
    loss: task.loss,
    extents: { replicas: seeds.length, sequences: 1, steps: task.steps },
  });
  for (const level of levels) {
    const tensors = new Map<string, Values>();
    for (const { name } of [...program.slots.values()].filter(isPersistent)) {
      // Every level has weights of its own.
      const values = initialValues(program, name, seeds.map((seed) => 100 * seed + level));
      // A readout that leans to neither side answers both yes and no.
      if (name === "w_final") {
        values.forEach((_, index) => values[index] = index % 2 === 0 ? 9 : -9);
      }
      if (name === "b_final") values.fill(0);
      tensors.set(name, values);
    }
    const state = {
      iteration: 100 * level,
      seconds: 1,
      highLossIntervals: 0,
      window: new Float64Array(),
      tensors,
    };
    seeds.forEach((_, replica) =>
      writeLevel(folder, { replica, level, state }, { program, replicas })
    );
  }
}
