/** What is trained on at the moment: the tasks of the replicas' levels, on an engine that fits. */
import type { Engine } from "../backends/backend.ts";
import { isPersistent } from "../backends/layout.ts";
import type { Task } from "./task.ts";
import { type Batches, createBatches, type OpenBatches } from "./batches.ts";
import { NoRoomError } from "./no_room_error.ts";
import { type ChunkSizer, createChunkSizer } from "./chunk_sizer.ts";

export interface TrainingSession {
  readonly engine: Engine;
  readonly batches: Batches;
  readonly chunkSizer: ChunkSizer;
  /** Whether it is time to let signals in; the chunks of a curriculum are too short to always do. */
  due(): boolean;
}

const SIGNAL_MILLISECONDS = 100;

export const persistentSlots = ({ program }: Engine): string[] =>
  [...program.slots.values()].filter(isPersistent).map(({ name }) => name);

/** Whether the levels of the replicas, [P], ask for sequences of another length. */
export const needsMove = (
  { program }: Engine,
  { tasks, levels }: { tasks: readonly Task[]; levels: readonly number[] },
): boolean => program.extents.steps !== longestOf(tasksAt(tasks, levels));

const tasksAt = (tasks: readonly Task[], levels: readonly number[]): Task[] =>
  tasks.map((task, replica) => task.levels!.at(levels[replica]!));

const longestOf = (tasks: readonly Task[]) => Math.max(...tasks.map(({ steps }) => steps));

/**
 * Moves the network to another engine where the levels ask for sequences of another length, and
 * closes the one it was on.
 *
 * @param options.tasks [P].
 * @param levels [P], of a curriculum.
 * @returns why there is no room for such an engine, where that is so; the network stays then.
 */
export async function openTrainingSession(
  { tasks: all, seeds, prepare, openBatches = createBatches }: {
    tasks: readonly Task[];
    seeds: readonly number[];
    prepare?: (steps: number) => Promise<Engine>;
    openBatches?: OpenBatches;
  },
  { engine, levels }: { engine: Engine; levels: readonly number[] | undefined },
): Promise<TrainingSession | NoRoomError> {
  const tasks = levels ? tasksAt(all, levels) : all;
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
    const what = `no memory for ${all[0]!.levels!.symbol} = ${level}`;
    return new NoRoomError(`${what}: ${error.message}`, { cause: error });
  }
  if (fitting !== engine) engine.close();
  let served = performance.now();
  return {
    engine: fitting,
    batches,
    chunkSizer: createChunkSizer(fitting.chunk),
    due() {
      if (!levels) return true;
      const now = performance.now();
      if (now - served < SIGNAL_MILLISECONDS) return false;
      served = now;
      return true;
    },
  };
}
