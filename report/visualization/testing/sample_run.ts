/** Writes a made-up run folder for tests: untrained networks that are said to have passed levels. */
import { isPersistent, iterationSize } from "../../../core/backends/layout.ts";
import { writeCheckpoint } from "../../../store/files/checkpoint.ts";
import { writeConfig } from "../../../store/files/config_file.ts";
import { createCurriculum } from "../../../core/training/curriculum.ts";
import { createSums } from "../../../core/training/sums.ts";
import { randomStream } from "../../../core/random.ts";
import { replicasOf } from "../../../config/replicas.ts";
import { resolveConfig } from "../../../config/resolve_config.ts";
import type { RunConfig } from "../../../config/run_config.ts";
import type { SectionName } from "../../../config/assignment.ts";
import { buildRun } from "../../../config/build/build_run.ts";
import { writeLevel } from "../../../store/level_files.ts";
import { checkpointOf } from "../../../store/state_file.ts";

export interface SampleOptions {
  /** Levels that the network of the first seed has passed. */
  readonly levels?: readonly number[];
  /** Whether to write a checkpoint of all seeds. */
  readonly checkpoint?: boolean;
  /** Settings in place of those of a small Memo network with seed 5. */
  readonly settings?: Partial<Record<SectionName, Readonly<Record<string, unknown>>>>;
}

const memo: NonNullable<SampleOptions["settings"]> = {
  task: { name: "continual_scene", vec_len: 7 },
  model: { name: "hybrid", hidden_dims: [6, 4] },
  updater: { name: "bptt" },
  training: { seeds: [5], iterations: 40 },
};

/** @returns the config of the run. */
export function writeSampleRun(
  folder: string,
  { levels = [], checkpoint = false, settings = memo }: SampleOptions,
): RunConfig {
  const assignments = Object.entries(settings).flatMap(([section, values]) =>
    Object.entries(values).map(([key, value]) => ({
      section: section as SectionName,
      key,
      value,
      isText: false,
      origin: key,
    }))
  );
  const { config } = resolveConfig(assignments, { source: "test" });
  const { program, task, tasks } = buildRun(config);
  const replicas = replicasOf(config);
  const curriculum = task.levels && createCurriculum(
    replicas.map(() => task.levels!),
  ).state;
  Deno.mkdirSync(folder, { recursive: true });
  writeConfig(folder, config);
  const stateAt = (level: number) => ({
    iteration: 10 * level,
    seconds: 1,
    highLossIntervals: 0,
    window: createSums(program, "train").totals,
    ...curriculum ? { curriculum } : {},
    tensors: new Map(
      [...program.slots.values()].filter(isPersistent).map((slot, stream) => {
        const random = randomStream({ seed: level, stream });
        const size = iterationSize(slot, program.extents);
        return [slot.name, Float32Array.from({ length: size }, () => 0.4 * random.normal())];
      }),
    ),
  });
  for (const level of levels) {
    writeLevel(folder, { replica: 0, level, state: stateAt(level) }, { program, replicas });
  }
  if (checkpoint) writeCheckpoint(folder, checkpointOf(stateAt(4), { config, program, tasks }));
  return config;
}

/** The replica that `visualize` chooses by default. */
export function firstReplica(config: RunConfig) {
  const replicas = replicasOf(config);
  return { replicas, chosen: replicas[0]! };
}
