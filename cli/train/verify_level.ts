/** A second opinion before a level counts as passed: a long held-out movie. */
import type { Backend, Engine } from "../../core/backends/backend.ts";
import { isPersistent } from "../../core/backends/layout.ts";
import { createBatches } from "../../core/run/batches.ts";
import { runChunk } from "../../core/run/chunk.ts";
import { createSums } from "../../core/run/sums.ts";
import type { PassedLevel } from "../../core/run/train_options.ts";
import { forwardProgram } from "../../updaters/forward_only.ts";
import { configOf, replicasOf } from "../config/replicas.ts";
import type { RunConfig } from "../config/run_config.ts";
import { judgementsOf, surelyHoldsLevel } from "../evaluate/evaluation.ts";
import { movieTask } from "../evaluate/movie_task.ts";
import { buildModel } from "./build_run.ts";

export interface Verifier {
  verify(candidate: PassedLevel): Promise<boolean>;
  close(): void;
}

/**
 * Judges a candidate on a movie of `task.verify_scenes` scenes of the validation split, a fresh one
 * each time; undefined where the run asks for none.
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
        const all = state.tensors.get(name)!;
        const size = all.length / replicas.length;
        engine.write(name, all.slice(replica * size, (replica + 1) * size));
      }
      const seeds = [replicas[replica]!.seed];
      const rows = await runChunk(engine, createBatches(program, task, { seeds, chunk: 1 }), {
        procedure: "evaluate",
        split: "validation",
        // No two checks of a run come after the same update.
        first: state.iteration,
        iterations: 1,
      });
      const sums = createSums(program, "evaluate");
      sums.add(rows, 1);
      return surelyHoldsLevel(judgementsOf(sums, task.loss)[0]!);
    },
    close: () => engines.forEach((engine) => engine.close()),
  };
}
