/** Checks a network on fresh sequences before a level counts as passed, if its task asks for that. */
import type { Backend, Engine } from "../../core/backends/backend.ts";
import { isPersistent } from "../../core/backends/layout.ts";
import { judgedSlot } from "../../core/program/average_slot.ts";
import { openBatches, programFor } from "../../core/training/open_batches.ts";
import { runChunk } from "../../core/training/chunk.ts";
import { createSums } from "../../core/training/sums.ts";
import type { PassedLevel } from "../../core/training/train_options.ts";
import { forwardProgram } from "../../updaters/forward_only.ts";
import { configOf, replicasOf } from "../../config/replicas.ts";
import type { RunConfig } from "../../config/run_config.ts";
import { judgementsOf } from "./evaluation.ts";
import { buildModel, buildTask } from "../../config/build/build_run.ts";

export interface Verifier {
  /** Whether the network holds what the task asks for at this level. */
  verify(candidate: PassedLevel): Promise<boolean>;
  close(): void;
}

/**
 * Offset of the second sequence of a check from the first. A network that is tried after every good
 * streak sooner or later does well on one sequence by luck, but hardly on the next one too.
 */
const SECOND = 2 ** 52;

/**
 * Makes a verifier that judges a candidate on two sequences of its task's `LevelCheck`, one after the
 * other. They come from the validation split and are fresh for each check.
 *
 * @returns undefined if the task checks no level.
 */
export function createVerifier(config: RunConfig, backend: Backend): Verifier | undefined {
  const replicas = replicasOf(config);
  const configs = replicas.map((replica) => configOf(config, replica));
  const levels = configs.map((config) => buildTask(config).levels);
  if (levels.every((range) => range?.check === undefined)) return undefined;
  const engines = new Map<number, Engine>();
  return {
    async verify({ replica, level, state }) {
      const check = levels[replica]?.check?.(level);
      if (!check) return true;
      const { task } = check;
      const forward = () =>
        forwardProgram({
          model: buildModel(configs[replica]!, task),
          loss: task.loss,
          extents: { replicas: 1, sequences: 1, steps: task.steps },
        });
      const engine = engines.get(task.steps) ??
        await backend.prepare(programFor(task, forward()));
      engines.set(task.steps, engine);
      const { program } = engine;
      for (const { name } of [...program.slots.values()].filter(isPersistent)) {
        const values = state.tensors.get(judgedSlot(state.tensors, name))!;
        const size = values.length / replicas.length;
        engine.write(name, values.slice(replica * size, (replica + 1) * size));
      }
      const seeds = [replicas[replica]!.seed];
      const batches = openBatches(program, task, { seeds, chunk: 1 });
      // Numbers by update: no two checks of a run come after the same update.
      for (const first of [state.iteration, SECOND + state.iteration]) {
        const range = { procedure: "evaluate", split: "validation", first, iterations: 1 } as const;
        const sums = createSums(program, "evaluate");
        sums.add(await runChunk(engine, batches, range), 1);
        if (!check.holds(judgementsOf(sums, task.loss)[0]!.proportions)) return false;
      }
      return true;
    },
    close: () => engines.forEach((engine) => engine.close()),
  };
}
