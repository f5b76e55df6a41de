/**
 * The least time that an iteration can take on a machine: its operations at the peak rate, or the bytes that must move
 * at the rate at which copies move them, whichever is longer. It holds for the equations as they are scheduled. A change of
 * what is computed or kept goes below it.
 */
import { type Extents, sizeOf } from "../../core/axes.ts";
import { stepsHeld } from "../../core/backends/layout.ts";
import { reachable, type Slot } from "../../core/program/node.ts";
import type { Program, Stage } from "../../core/program/program.ts";
import { segmentsOf } from "../../core/program/segments.ts";
import { procedureCost } from "../../core/schedule/cost.ts";
import { hoistInvariants } from "../../core/schedule/hoist_invariants.ts";
import { scheduleStage } from "../../core/schedule/schedule.ts";
import { type Machine, peakOf } from "../machine/machine.ts";

export interface Floor {
  readonly operations: number;
  readonly operationsMs: number;
  /** Bytes that move between caches, or a cache and memory; what stays in the first cache is not counted. */
  readonly bytes: number;
  readonly bytesMs: number;
  /** The longer one. */
  readonly ms: number;
}

/** What about every processor holds in its first cache, from where operands come as fast as they are used. */
const FIRST_CACHE = 1 << 15;

/** Memory that is visited again and again, and what moves by these visits. */
interface Traffic {
  /** Its bytes: of one sequence, or of all of a replica where they wait for each other. */
  readonly footprint: number;
  /** Bytes that an iteration reads and writes of it, of all replicas and sequences. */
  readonly moved: number;
}

/** Slots that a stage reads and slots that it writes; one that it does both to is there twice. */
function touchedSlots({ stores }: Stage): Slot[] {
  const read = reachable(stores.map(({ value }) => value)).flatMap(({ operation }) =>
    operation.op === "load" ? [operation.slot] : []
  );
  return [...new Set(read), ...stores.map(({ slot }) => slot)];
}

const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);

/** What a stage moves: what it keeps from step to step, and what it has of every step, such as the tape. */
function trafficOf(stage: Stage, extents: Extents): Traffic[] {
  const { replicas, sequences, steps } = extents;
  const waits = scheduleStage(stage, extents).groups.flat().some(({ waitsFor }) =>
    waitsFor === "replica"
  );
  const isLoop = stage.loop === "forward" || stage.loop === "reverse";
  const visits = isLoop ? steps : stage.segments ? segmentsOf(extents) : 1;
  const slots = touchedSlots(stage);
  const bytesOf = ({ shape, hasBatchAxis }: Slot, count: number) =>
    4 * (hasBatchAxis ? count : 1) * sizeOf(shape);
  return [false, true].map((hasTimeAxis): Traffic => {
    const chosen = slots.filter((slot) => slot.hasTimeAxis === hasTimeAxis);
    const held = [...new Set(chosen)].map((slot) =>
      stepsHeld(slot, extents) * bytesOf(slot, waits ? sequences : 1)
    );
    const moves = hasTimeAxis && !stage.segments ? steps : visits;
    return {
      footprint: sum(held),
      moved: moves * replicas * sum(chosen.map((slot) => bytesOf(slot, sequences))),
    };
  });
}

/** GB/s of one thread, by the smallest memory measured that holds so many bytes. */
function rateAt(footprint: number, { copies }: Machine): number {
  return (copies.find(({ bytes }) => footprint <= bytes) ?? copies.at(-1)!).gigabytes;
}

/** The floor of a training iteration. A sequence does not take more than one thread. */
export function floorOf(source: Program, machine: Machine): Floor {
  const program = hoistInvariants(source);
  const { replicas, sequences } = program.extents;
  const threads = Math.min(machine.threads, replicas * sequences);
  const { operations } = procedureCost(program, "train");
  const traffic = (program.procedures.get("train") ?? []).flatMap((stage) =>
    trafficOf(stage, program.extents)
  ).filter(({ footprint }) => footprint > FIRST_CACHE);
  const bytes = sum(traffic.map(({ moved }) => moved));
  const operationsMs = operations / (threads * peakOf(machine)) / 1e6;
  const bytesMs = sum(traffic.map(({ footprint, moved }) => moved / rateAt(footprint, machine))) /
    threads / 1e6;
  return { operations, operationsMs, bytes, bytesMs, ms: Math.max(operationsMs, bytesMs) };
}
