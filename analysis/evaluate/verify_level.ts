/** A second opinion before a level counts as passed: the check that the task has for it. */
import type { Backend, Engine } from "../../core/backends/backend.ts";
import { isPersistent } from "../../core/backends/layout.ts";
import { judgedSlot } from "../../core/program/average_slot.ts";
import { createBatches } from "../../core/training/batches.ts";
import { runChunk } from "../../core/training/chunk.ts";
import { createSums } from "../../core/training/sums.ts";
import type { PassedLevel } from "../../core/training/train_options.ts";
import { forwardProgram } from "../../updaters/forward_only.ts";
import { configOf, replicasOf } from "../../config/replicas.ts";
import type { RunConfig } from "../../config/run_config.ts";
import { judgementsOf } from "./evaluation.ts";
import { buildModel, buildTask } from "../../config/build/build_run.ts";

export interface Verifier {
  verify(candidate: PassedLevel): Promise<boolean>;
  close(): void;
}

/**
 * The second sequence of update n is number n + this. A network that is tried after every good streak
 * does well on one sequence by luck some time; on the next one that luck is gone.
 */
const SECOND = 2 ** 52;

/**
 * Judges a candidate on two sequences of its task's `LevelCheck`, one after the other, of the
 * validation split, fresh ones each time; undefined where the task checks no level.
 */
export function createVerifier(config: RunConfig, backend: Backend): Verifier | undefined {
  const replicas = replicasOf(config);
  const configs = replicas.map((replica) => configOf(config, replica));
  const levels = configs.map(({ task }) => buildTask(task).levels);
  if (levels.every((own) => own?.check === undefined)) return undefined;
  const engines = new Map<number, Engine>();
  return {
    async verify({ replica, level, state }) {
      const check = levels[replica]?.check?.(level);
      if (!check) return true;
      const { task } = check;
      const engine = engines.get(task.steps) ?? await backend.prepare(forwardProgram({
        model: buildModel(configs[replica]!.model, task),
        loss: task.loss,
        extents: { replicas: 1, sequences: 1, steps: task.steps },
      }));
      engines.set(task.steps, engine);
      const { program } = engine;
      for (const { name } of [...program.slots.values()].filter(isPersistent)) {
        const all = state.tensors.get(judgedSlot(state.tensors, name))!;
        const size = all.length / replicas.length;
        engine.write(name, all.slice(replica * size, (replica + 1) * size));
      }
      const seeds = [replicas[replica]!.seed];
      const batches = createBatches(program, task, { seeds, chunk: 1 });
      // No two checks of a run come after the same update.
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
