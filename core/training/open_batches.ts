/** Batches of any task: drawn, or played where it goes on from the network's output. */
import type { Engine } from "../backends/backend.ts";
import { closedLoop } from "../program/closed_loop.ts";
import type { Program } from "../program/program.ts";
import { type Batches, createBatches, type OpenBatches } from "./batches.ts";
import { openSeats, type Play, playBatch } from "./episode_batches.ts";
import { rehearseEpisode } from "./rehearse_episode.ts";
import type { Task } from "./task.ts";

const listOf = (tasks: Task | readonly Task[]): readonly Task[] =>
  "sequence" in tasks ? [tasks] : tasks;

/** Whether a task, or one of several, goes on from the network's output. */
export const isClosedLoop = (tasks: Task | readonly Task[]): boolean =>
  listOf(tasks).some(({ episode }) => episode !== undefined);

/**
 * The program that a task needs: one that can run single steps, if the task is in closed loop.
 *
 * @throws RangeError if the learning rule does not fit such a task.
 */
export function programFor(task: Task, program: Program): Program {
  if (!task.episode) return program;
  const stepwise = closedLoop(program);
  rehearseEpisode(task, stepwise);
  return stepwise;
}

/** Opens batches: those of tasks in closed loop are played, all others drawn when they are needed. */
export const openBatches: OpenBatches = (program, tasks, options) => {
  const drawn = createBatches(program, tasks, options);
  if (!isClosedLoop(tasks)) return drawn;
  const { seeds } = options;
  const taskOf = (replica: number) => "sequence" in tasks ? tasks : tasks[replica]!;
  return {
    draw() {
      throw new RangeError(
        `Task ${taskOf(0).name} is played, not drawn: its inputs depend on the network`,
      );
    },
    play: (engine, batch) =>
      playBatch(engine, openSeats(program, { ...batch, seeds, taskOf }), { ...batch, seeds }),
  };
};

/** Most iterations of one run: episodes begin when the network is known. */
export const longestChunk = ({ chunk }: Engine, { play }: Batches): number => play ? 1 : chunk;

/**
 * Puts the inputs of iterations onto an engine: draws them, or plays them with a procedure of the network.
 *
 * @throws RangeError if several iterations are to be played at once.
 */
export async function loadBatches(
  engine: Engine,
  batches: Batches,
  { iterations, ...batch }: Play & { iterations: number },
): Promise<void> {
  if (!batches.play) {
    const inputs = batches.draw(batch.split, { first: batch.first, iterations });
    for (const [name, values] of inputs) engine.write(name, values);
    return;
  }
  if (iterations !== 1) throw new RangeError(`Expected one batch to play, got ${iterations}`);
  await batches.play(engine, batch);
}
