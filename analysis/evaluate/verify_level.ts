/** A second opinion before a level counts as passed: a long held-out movie. */
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
import { judgementsOf, willHoldLevel } from "./evaluation.ts";
import { movieTask } from "./movie_task.ts";
import { defaults } from "./defaults.ts";
import { buildModel } from "../../config/build/build_run.ts";

export interface Verifier {
  verify(candidate: PassedLevel): Promise<boolean>;
  close(): void;
}

/**
 * The second movie of update n is number n + this. A network that is tried after every good streak does
 * well on one movie by luck some time; on the next one that luck is gone.
 */
const SECOND = 2 ** 52;

/**
 * Judges a candidate on two movies, one after the other, of `task.verify_scenes` scenes of the
 * validation split, fresh ones each time; undefined where the run asks for none.
 */
export function createVerifier(config: RunConfig, backend: Backend): Verifier | undefined {
  const replicas = replicasOf(config);
  const configs = replicas.map((replica) => configOf(config, replica));
  const scenesOf = ({ task }: RunConfig) => Number(task.verify_scenes ?? 0);
  if (configs.every((own) => scenesOf(own) === 0)) return undefined;
  const engines = new Map<number, Engine>();
  return {
    async verify({ replica, level, state }) {
      const own = configs[replica]!;
      const scenes = scenesOf(own);
      if (scenes === 0) return true;
      const task = movieTask(own, { interval: level, scenes, scenesOption: "--verify-scenes" });
      const engine = engines.get(scenes) ?? await backend.prepare(forwardProgram({
        model: buildModel(own.model, task),
        loss: task.loss,
        extents: { replicas: 1, sequences: 1, steps: task.steps },
      }));
      engines.set(scenes, engine);
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
        if (!willHoldLevel(judgementsOf(sums, task.loss)[0]!, defaults)) return false;
      }
      return true;
    },
    close: () => engines.forEach((engine) => engine.close()),
  };
}
