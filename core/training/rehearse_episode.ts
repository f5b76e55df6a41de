/** Finds out before a training whether a task in closed loop and a learning rule fit together. */
import { sizeOf } from "../axes.ts";
import { inputsBehind, outputSlot, partsOf, playable } from "../program/closed_loop.ts";
import type { Program } from "../program/program.ts";
import { CodeError } from "../code_error.ts";
import { definitionPlace } from "../code_place.ts";
import { checkDrawn } from "./draw_checked.ts";
import { openEpisode, type Task } from "./task.ts";

/**
 * Plays one episode with outputs of 0.
 *
 * @param program one of `closedLoop`.
 * @throws RangeError if the episode changes what the network has read, see `changedTooLate`.
 * @throws CodeError if what it ends with is not as the task declares (`checkDrawn`).
 * @throws what the episode throws.
 */
export function rehearseEpisode(task: Task, program: Program): void {
  const { slots } = program;
  const behind = new Set(
    playable.filter((name) => program.procedures.has(partsOf(name).step))
      .flatMap((name) => [...inputsBehind(program, name)]),
  );
  const address = { seed: 0, split: "train", index: 0 } as const;
  const episode = openEpisode(task, address);
  if (typeof episode?.act !== "function") {
    throw new CodeError(
      `Task ${task.name}: an episode has no function act`,
      definitionPlace(task),
    );
  }
  const { sequence } = episode;
  const read = [...slots.values()].filter(({ name }) => behind.has(name) && name in sequence)
    .map((slot) => ({ slot, values: sequence[slot.name]!.slice() }));
  const output = new Float32Array(sizeOf(slots.get(outputSlot)!.shape));
  for (let t = 0; t < task.steps; t++) {
    for (const { slot: { name, shape, hasTimeAxis }, values } of read) {
      if (!hasTimeAxis) continue;
      const [start, end] = [t * sizeOf(shape), (t + 1) * sizeOf(shape)];
      values.set(sequence[name]!.subarray(start, end), start);
    }
    episode.act(t, output);
  }
  episode.finish?.();
  checkDrawn(task, sequence, address);
  for (const { slot: { name, shape, hasTimeAxis }, values } of read) {
    const index = values.findIndex((value, place) => !Object.is(value, sequence[name]![place]));
    const step = hasTimeAxis ? Math.floor(index / sizeOf(shape)) : undefined;
    if (index >= 0) throw changedTooLate(task, { name, step });
  }
}

/**
 * An episode changes an input that the outputs depend on after the network has read it: what it learns from
 * would be another sequence than the one that it has played.
 *
 * @param input.step undefined: an input that is the same at every step.
 */
export function changedTooLate(
  { name: task, loss }: Task,
  { name, step }: { name: string; step: number | undefined },
): RangeError {
  const what = step === undefined ? `"${name}"` : `"${name}" of step ${step}`;
  return new RangeError(
    name in loss.inputs
      ? `Task ${task} knows ${what} only after the step, but this learning rule changes weights with it during the sequence; use one that learns after it, such as bptt`
      : `Task ${task}: an episode changes ${what} after the network has read it; expected changes of later steps`,
  );
}
