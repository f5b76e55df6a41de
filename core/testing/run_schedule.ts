/**
 * Simulates a schedule lane by lane in float64. Lanes and sequences run in a random order, as a device may
 * do. A pass that reads what another lane of it writes then differs from the reference.
 */
import { type Extents, type Shape, sizeOf } from "../axes.ts";
import type { Stage } from "../program/program.ts";
import { randomStream } from "../random.ts";
import type { Pass, Temporary } from "../schedule/pass.ts";
import { scheduleStage } from "../schedule/schedule.ts";
import { type At, type Memory, runLane } from "./run_lane.ts";

/** One position for every element of a shape. */
function positions(shape: Shape): number[][] {
  return shape.reduce<number[][]>(
    (outer, extent) =>
      outer.flatMap((element) => Array.from({ length: extent }, (_, i) => [...element, i])),
    [[]],
  );
}

const range = (length: number): number[] => Array.from({ length }, (_, i) => i);

/**
 * Runs a stage once (at step 0), or, if it loops, for every step.
 *
 * @param lockstep all sequences wait for each other after every group. Otherwise each sequence, and the
 * shared values of a replica, run ahead as far as the scopes of the passes allow.
 */
export function runStage(
  stage: Stage,
  memory: Memory,
  { extents, seed, lockstep = true }: { extents: Extents; seed: number; lockstep?: boolean },
): void {
  const schedule = scheduleStage(stage, extents);
  const random = randomStream({ seed });
  const temporaries = new Map<Temporary, Float64Array>(schedule.temporaries.map((temporary) => [
    temporary,
    new Float64Array(sizeOf(temporary.shape) * extents.replicas * extents.sequences).fill(NaN),
  ]));
  const machine = { memory, temporaries, places: schedule.places, extents };
  const steps = range(stage.loop === "none" ? 1 : extents.steps);
  if (stage.loop === "reverse") steps.reverse();
  const turns = steps.flatMap((t) => schedule.groups.map((group) => ({ t, group })));

  /** Runs the lanes of a group for one sequence; sequence number B stands for the shared values. */
  function runGroup(group: readonly Pass[], { p, b, t }: Omit<At, "element">): void {
    const isShared = b === extents.sequences;
    const lanes = group.filter(({ domain }) => domain.hasBatchAxis !== isShared).flatMap((pass) =>
      positions(pass.domain.shape).map((element) => ({
        pass,
        at: { p, b: isShared ? 0 : b, t, element },
      }))
    );
    for (const { pass, at } of random.shuffle(lanes)) runLane(machine, pass, at);
  }

  for (let p = 0; p < extents.replicas; p++) {
    const workers = range(extents.sequences + 1);
    const done = workers.map(() => 0);
    for (;;) {
      const able = workers.filter((worker) => {
        const turn = turns[done[worker]!];
        if (!turn) return false;
        const waits = lockstep || turn.group.some(({ waitsFor }) => waitsFor === "replica");
        return !waits || done.every((count) => count >= done[worker]!);
      });
      if (able.length === 0) break;
      const worker = random.sample(able);
      const { t, group } = turns[done[worker]!]!;
      runGroup(group, { p, b: worker, t });
      done[worker]!++;
    }
  }
}
