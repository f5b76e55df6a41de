/** A session of a training: an engine for sequences of one length, and the batches of the levels in training. */
import type { Engine } from "../backends/backend.ts";
import { isPersistent } from "../backends/layout.ts";
import type { Task } from "./task.ts";
import type { Batches, OpenBatches } from "./batches.ts";
import { longestChunk, openBatches as openAny } from "./open_batches.ts";
import { NoRoomError } from "./no_room_error.ts";
import { type ChunkSizer, createChunkSizer } from "./chunk_sizer.ts";

export interface TrainingSession {
  readonly engine: Engine;
  /** The tasks whose sequences these batches are, [P]. */
  readonly tasks: readonly Task[];
  readonly batches: Batches;
  readonly chunkSizer: ChunkSizer;
  /** Whether to serve signals now: after each chunk; in a curriculum, whose chunks are short, now and then. */
  isSignalDue(): boolean;
}

/** Time between two services of signals in a curriculum. */
const SIGNAL_MILLISECONDS = 100;

/** Names of the slots that make up a checkpoint. */
export const persistentSlots = ({ program }: Engine): string[] =>
  [...program.slots.values()].filter(isPersistent).map(({ name }) => name);

/** Whether these levels, [P], need an engine for sequences of another length. */
export const needsMove = (
  { program }: Engine,
  { tasks, levels }: { tasks: readonly Task[]; levels: readonly number[] },
): boolean => program.extents.steps !== longestOf(tasksAt(tasks, levels));

const tasksAt = (tasks: readonly Task[], levels: readonly number[]): Task[] =>
  tasks.map((task, replica) => task.levels!.at(levels[replica]!));

const longestOf = (tasks: readonly Task[]) => Math.max(...tasks.map(({ steps }) => steps));

/**
 * Opens a session. If the levels have sequences of another length, the network moves to an engine for
 * these, and `engine` is closed.
 *
 * @param options.tasks [P].
 * @param start.levels [P]; undefined without a curriculum.
 * @returns the session, or the error if there is no room for such an engine: then `engine` stays open.
 */
export async function openTrainingSession(
  { tasks: replicaTasks, seeds, prepare, openBatches = openAny }: {
    tasks: readonly Task[];
    seeds: readonly number[];
    prepare?: (steps: number) => Promise<Engine>;
    openBatches?: OpenBatches;
  },
  { engine, levels }: { engine: Engine; levels: readonly number[] | undefined },
): Promise<TrainingSession | NoRoomError> {
  const tasks = levels ? tasksAt(replicaTasks, levels) : replicaTasks;
  const steps = longestOf(tasks);
  let fitting = engine;
  let batches: Batches;
  try {
    if (levels && steps !== engine.program.extents.steps) {
      fitting = await prepare!(steps);
      const tensors = await engine.read(persistentSlots(engine));
      for (const [name, values] of tensors) fitting.write(name, values);
    }
    const { program, chunk } = fitting;
    batches = openBatches(program, tasks, { seeds, chunk, levels });
  } catch (error) {
    if (fitting !== engine) fitting.close();
    if (!(error instanceof NoRoomError && levels)) throw error;
    const level = levels[tasks.findIndex((task) => task.steps === steps)];
    const what = `no memory for ${replicaTasks[0]!.levels!.symbol} = ${level}`;
    return new NoRoomError(`${what}: ${error.message}`, { cause: error });
  }
  if (fitting !== engine) engine.close();
  let served = performance.now();
  return {
    engine: fitting,
    tasks,
    batches,
    chunkSizer: createChunkSizer(longestChunk(fitting, batches)),
    isSignalDue() {
      if (!levels) return true;
      const now = performance.now();
      if (now - served < SIGNAL_MILLISECONDS) return false;
      served = now;
      return true;
    },
  };
}
