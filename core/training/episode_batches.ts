/**
 * Batches of tasks in closed loop. The network is run one step at a time: what it puts out at a step goes to the
 * episodes, which write the inputs of the next one. When the sequences are over, all of their inputs are
 * known, and the procedure itself runs as it does over drawn sequences: with the same inputs and random
 * numbers it computes the same outputs, bit for bit.
 */
import { type Extents, sizeOf } from "../axes.ts";
import type { Engine, Values } from "../backends/backend.ts";
import { isPersistent, iterationSize, stepSize } from "../backends/layout.ts";
import { inputsBehind, outputSlot, partsOf, type Playable } from "../program/closed_loop.ts";
import type { Slot } from "../program/node.ts";
import type { Program } from "../program/program.ts";
import { batchOf, type BatchOptions, type BatchShape, drawKeys, taskSlots } from "./batches.ts";
import { checkDrawn } from "./draw_checked.ts";
import { changedTooLate } from "./rehearse_episode.ts";
import { type Episode, openEpisode, type Split, type Task } from "./task.ts";
import { givenName, inputValues } from "./task_input.ts";

/** Which batch is played, and with which procedure. */
export interface Play {
  readonly procedure: Playable;
  readonly split: Split;
  /** Number of the batch in its split. */
  readonly first: number;
}

/** An episode at its place in the batch. */
export interface Seat {
  readonly task: Task;
  readonly episode: Episode;
  readonly replica: number;
  /** Number of the sequence among those of all replicas. */
  readonly place: number;
}

/**
 * Opens the episodes of a batch, [P, B]: of a task that is not in closed loop, sequences that are drawn.
 *
 * @param taskOf the task of a replica.
 */
export function openSeats(
  program: BatchShape,
  { seeds, taskOf, split, first }:
    & Pick<BatchOptions, "seeds">
    & Pick<Play, "split" | "first">
    & { taskOf: (replica: number) => Task },
): Seat[] {
  const batch = batchOf(program);
  return seeds.flatMap((seed, replica) =>
    Array.from({ length: batch }, (_, b): Seat => {
      const task = taskOf(replica);
      const episode = openEpisode(task, { seed, split, index: first * batch + b, batch });
      return { task, episode, replica, place: replica * batch + b };
    })
  );
}

/**
 * Plays a batch of episodes, and leaves their inputs and keys on the engine, in the place of a drawn batch. The
 * network is left as it was.
 *
 * @throws RangeError if the program is none of `closedLoop`, or an episode changes what the network has read.
 */
export async function playBatch(
  engine: Engine,
  seats: readonly Seat[],
  { procedure, split, first, seeds }: Play & Pick<BatchOptions, "seeds">,
): Promise<void> {
  const { program } = engine;
  requireSteps(program, seats[0]!.task);
  const { begin, step } = partsOf(procedure);
  const inputs = taskSlots(program).map((slot) => inputOf(slot, program.extents));
  for (const [name, keys] of drawKeys(program, { seeds, split, first, iterations: 1 })) {
    engine.write(name, keys);
  }
  for (const { slot, values } of inputs.filter(({ slot }) => !slot.hasTimeAxis)) {
    for (const seat of seats) place(seat, { slot, values, t: 0 });
    engine.write(slot.name, values);
  }
  const perStep = inputs.filter(({ slot }) => slot.hasTimeAxis);
  const before = await engine.read(carriedSlots(program, procedure));
  await engine.run(begin, { iterations: 1 });
  const lost = new Set<Seat>();
  for (let t = 0; t < program.extents.steps; t++) {
    for (const { slot, values } of perStep) {
      const now = stepOf(values, { slot, t, extents: program.extents });
      for (const seat of seats) place(seat, { slot, values: now, t });
      engine.write(slot.name, now, { step: t });
    }
    await engine.run(step, { iterations: 1, step: t });
    const outputs = (await engine.read([outputSlot])).get(outputSlot)!;
    for (const seat of seats) act(seat, { t, outputs, slot: program.slots.get(outputSlot)!, lost });
  }
  for (const seat of seats) {
    if (lost.has(seat)) continue;
    seat.episode.finish?.();
    checkPlayed(seat, { seeds, split, first, inBatch: batchOf(program) });
  }
  const behind = inputsBehind(program, procedure);
  for (const input of inputs) {
    const { slot } = input;
    const last = allOf(seats, slot, program.extents);
    if (behind.has(slot.name)) requireEqual(input, { last, seats, program });
    engine.write(slot.name, last);
  }
  for (const [name, values] of before) engine.write(name, values);
}

/** @throws CodeError if an episode has written what its task does not declare, such as NaN. */
function checkPlayed(
  { task, episode: { sequence }, replica, place }: Seat,
  { seeds, split, first, inBatch }:
    & Pick<BatchOptions, "seeds">
    & Pick<Play, "split" | "first">
    & { inBatch: number },
): void {
  const index = first * inBatch + place % inBatch;
  checkDrawn(task, sequence, { seed: seeds[replica]!, split, index });
}

/** @throws RangeError if a program cannot run single steps. */
function requireSteps({ slots }: Program, { name }: Task): void {
  if (slots.has(outputSlot)) return;
  throw new RangeError(
    `Task ${name} goes on from what the network puts out: expected the program that closedLoop makes of this one`,
  );
}

/**
 * What running the steps of a procedure alone changes and the next run of it would go on from: persistent slots,
 * and counts that only the end of the procedure sets to 0.
 */
function carriedSlots({ procedures }: Program, procedure: Playable): string[] {
  const { begin, step } = partsOf(procedure);
  const written = (name: string) =>
    new Set(procedures.get(name)!.flatMap(({ stores }) => stores.map(({ slot }) => slot)));
  const [first, then] = [written(begin), written(step)];
  const isCarried = (slot: Slot) =>
    isPersistent(slot) || slot.kind === "state" && !slot.hasTimeAxis && !first.has(slot);
  return [...first.union(then)].filter(isCarried).map(({ name }) => name)
    .filter((name) => name !== outputSlot);
}

/** An input, and what the network has read of it, [T?, P, B?, ...shape]. */
interface Input {
  readonly slot: Slot;
  readonly values: Float32Array;
}

const inputOf = (slot: Slot, extents: Extents): Input => ({
  slot,
  values: new Float32Array(iterationSize(slot, extents)),
});

/** The part of a step in values [T, P, B?, ...shape]. */
function stepOf(
  values: Float32Array,
  { slot, t, extents }: { slot: Slot; t: number; extents: Extents },
): Float32Array {
  const size = stepSize(slot, extents);
  return values.subarray(t * size, (t + 1) * size);
}

/** Copies what an episode has of an input at a step to its place in [P, B?, ...shape]; beyond its end, 0. */
function place(
  { task, episode, place }: Seat,
  { slot, values, t }: { slot: Slot; values: Float32Array; t: number },
): void {
  const size = sizeOf(slot.shape);
  const source = inputValues(episode.sequence, slot, task);
  for (let i = 0; i < size; i++) values[place * size + i] = source[t * size + i] ?? 0;
}

/** An input of all episodes as it is now, [T?, P, B?, ...shape]. */
function allOf(seats: readonly Seat[], slot: Slot, extents: Extents): Float32Array {
  const { values } = inputOf(slot, extents);
  for (let t = 0; t < (slot.hasTimeAxis ? extents.steps : 1); t++) {
    for (const seat of seats) {
      place(seat, { slot, values: stepOf(values, { slot, t, extents }), t });
    }
  }
  return values;
}

/** Hands the output of a step to an episode, unless that is over or lost. */
function act(
  seat: Seat,
  { t, outputs, slot, lost }: { t: number; outputs: Values; slot: Slot; lost: Set<Seat> },
): void {
  if (lost.has(seat) || t >= seat.task.steps) return;
  const size = sizeOf(slot.shape);
  const start = (slot.hasBatchAxis ? seat.place : seat.replica) * size;
  const output = outputs.subarray(start, start + size);
  if (output.every(Number.isFinite)) seat.episode.act(t, output);
  else lost.add(seat);
}

/** @throws RangeError if an episode has changed an input that the network's output depends on after it was read. */
function requireEqual(
  { slot, values }: Input,
  { last, seats, program: { extents } }: {
    last: Float32Array;
    seats: readonly Seat[];
    program: Program;
  },
): void {
  const changed = values.findIndex((value, index) => !Object.is(value, last[index]));
  if (changed < 0) return;
  const size = stepSize(slot, extents);
  const { task } = seats[Math.floor(changed % size / sizeOf(slot.shape))]!;
  const step = slot.hasTimeAxis ? Math.floor(changed / size) : undefined;
  throw changedTooLate(task, { name: givenName(slot), step });
}
