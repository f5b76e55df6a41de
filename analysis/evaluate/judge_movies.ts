/** Judges networks on held-out movies. */
import type { Backend, Engine } from "../../core/backends/backend.ts";
import { createBatches } from "../../core/training/batches.ts";
import { runChunk } from "../../core/training/chunk.ts";
import { serveSignals } from "../../core/training/serve_signals.ts";
import { createSums } from "../../core/training/sums.ts";
import type { Task } from "../../core/training/task.ts";
import { forwardProgram } from "../../updaters/forward_only.ts";
import { configOf } from "../../config/replicas.ts";
import type { RunConfig } from "../../config/run_config.ts";
import { keepsBounds } from "../../tasks/scene_bounds.ts";
import { buildModel } from "../../config/build/build_run.ts";
import type { Judging } from "./choose_networks.ts";
import { judgementsOf, type MovieJudgement, networkName } from "./evaluation.ts";
import { movieTask } from "./movie_task.ts";
import { openEngine } from "../../config/build/open_engine.ts";
import { sceneEstimates } from "./scene_blocks.ts";
import { networkValues } from "../../store/network_values.ts";

/** Networks and the movies that they are judged on. */
export interface MovieSet {
  /** The movie with interval R is number `firstMovie + R` of the test stream. */
  readonly firstMovie: number;
  /** Scenes of each movie. */
  readonly scenes: number;
  /** The option that gave the number of scenes, for errors. */
  readonly scenesOption: string;
  readonly judgings: readonly Judging[];
}

/** First movies far from the start of the test stream, which the end of a training judges. */
export const firstMovies = { levels: 1_000_000, curve: 2_000_000 } as const;

/** The task of each judging. @throws UsageError if a movie cannot be made, such as one without repeats. */
export function tasksOf(config: RunConfig, { scenes, scenesOption, judgings }: MovieSet): Task[] {
  const tasks = new Map<string, Task>();
  return judgings.map(({ network: { replica }, interval }) => {
    const key = `${interval} ${replica.point}`;
    const task = tasks.get(key) ??
      movieTask(configOf(config, replica), { interval, scenes, scenesOption });
    tasks.set(key, task);
    return task;
  });
}

/**
 * Runs every network of a set over its movie: P = 1, B = 1, T = all steps of the movie. Networks of one
 * seed see the same movie at the same R.
 *
 * @param options.say receives a line before each movie.
 * @returns judgements in the order of the set.
 * @throws UsageError if a movie cannot be made, or memory does not suffice.
 */
export async function judgeMovies(
  set: MovieSet,
  { config, backend, say }: {
    config: RunConfig;
    backend: Backend;
    say: (line: string) => void;
  },
): Promise<MovieJudgement[]> {
  const tasks = tasksOf(config, set);
  const [first] = tasks;
  if (!first) return [];
  const program = forwardProgram({
    model: buildModel(config, first),
    loss: first.loss,
    extents: { replicas: 1, sequences: 1, steps: first.steps },
  }, { keepsCounts: true });
  const engine = await openEngine(backend, program, { chunk: 1 });
  try {
    const results: MovieJudgement[] = [];
    for (const [index, judging] of set.judgings.entries()) {
      const { network, interval } = judging;
      say(
        `movie ${index + 1} of ${tasks.length}: ${set.scenes} scenes at R = ${interval}, ` +
          `${networkName(network)}, ${network.replica.label}`,
      );
      // Lets the terminal draw the line before the movie, not after it.
      await serveSignals();
      results.push(await judgeMovie(judging, { set, engine, task: tasks[index]! }));
    }
    return results;
  } finally {
    engine.close();
  }
}

async function judgeMovie(
  { network, interval }: Judging,
  { set: { firstMovie, scenes }, engine, task }: { set: MovieSet; engine: Engine; task: Task },
): Promise<MovieJudgement> {
  const { replica: { seed, label }, level, passed, iteration } = network;
  for (const [slot, values] of networkValues(engine.program, network.load())) {
    engine.write(slot, values);
  }
  const batches = createBatches(engine.program, task, { seeds: [seed], chunk: 1 });
  const rows = await runChunk(engine, batches, {
    procedure: "evaluate",
    split: "test",
    first: firstMovie + interval,
    iterations: 1,
  });
  const sums = createSums(engine.program, "evaluate");
  sums.add(rows, 1);
  const estimates = await sceneEstimates(engine, { loss: task.loss, scenes: task.scenes! });
  const judgement = judgementsOf(sums, task.loss, estimates)[0]!;
  return {
    seed,
    label,
    level,
    passed,
    updates: iteration,
    interval,
    scenes,
    chance: task.chance ?? NaN,
    holds: keepsBounds(judgement.proportions),
    ...judgement,
  };
}
