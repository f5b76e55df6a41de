/** What is trained on at the moment: the tasks of the replicas' levels, on an engine that fits. */
import type { Engine } from "../backends/backend.ts";
import { isPersistent } from "../backends/layout.ts";
import type { Task } from "../task.ts";
import { type Batches, createBatches, type OpenBatches } from "./batches.ts";
import { createPace, type Pace } from "./pace.ts";

export interface Lesson {
  readonly engine: Engine;
  readonly batches: Batches;
  readonly pace: Pace;
  /** Whether it is time to let signals in; the chunks of a curriculum are too short to always do. */
  due(): boolean;
}

const SIGNAL_MILLISECONDS = 100;

export const persistentSlots = ({ program }: Engine): string[] =>
  [...program.slots.values()].filter(isPersistent).map(({ name }) => name);

/**
 * Moves the network to another engine where the levels ask for longer sequences.
 *
 * @param levels [P], of a curriculum.
 */
export async function openLesson(
  { task, seeds, prepare, openBatches = createBatches }: {
    task: Task;
    seeds: readonly number[];
    prepare?: (steps: number) => Promise<Engine>;
    openBatches?: OpenBatches;
  },
  { engine, levels }: { engine: Engine; levels: readonly number[] | undefined },
): Promise<Lesson> {
  const tasks = levels?.map((level) => task.levels!.at(level)) ?? seeds.map(() => task);
  const steps = Math.max(...tasks.map((each) => each.steps));
  let fitting = engine;
  if (levels && steps !== engine.program.extents.steps) {
    fitting = await prepare!(steps);
    const tensors = await engine.read(persistentSlots(engine));
    for (const [name, values] of tensors) fitting.write(name, values);
    engine.close();
  }
  const { chunk } = fitting;
  let served = performance.now();
  return {
    engine: fitting,
    batches: openBatches(fitting.program, tasks, { seeds, chunk, levels }),
    pace: createPace(chunk),
    due() {
      if (!levels) return true;
      const now = performance.now();
      if (now - served < SIGNAL_MILLISECONDS) return false;
      served = now;
      return true;
    },
  };
}
