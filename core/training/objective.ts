/** Makes a program report what it lowers, which is not always the loss that its metrics tell. */
import { add, batchSum } from "../program/language.ts";
import { constant, createGraph, loadSlot, type Slot } from "../program/node.ts";
import type { Program, Stage } from "../program/program.ts";

/** The slot [K, P] of the objective of a batch: the weighted loss, summed over steps and sequences. */
export const objectiveSlot = "check/objective";
const sumSlot = "check/objective_of_sequence";

/**
 * A program of which a procedure also writes `objectiveSlot`; the program itself if no stage of it says
 * what is lowered.
 */
export function withObjective(program: Program, procedure: string): Program {
  const stages = program.procedures.get(procedure) ?? [];
  const judging = stages.find(({ objective }) => objective !== undefined);
  if (judging?.objective === undefined) return program;
  const { objective } = judging;
  const memory = { shape: [], hasTimeAxis: false } as const;
  const { hasBatchAxis } = objective;
  const sum: Slot = { ...memory, name: sumSlot, kind: "state", hasBatchAxis, hasChunkAxis: false };
  const total: Slot = {
    ...memory,
    name: objectiveSlot,
    kind: "metric",
    hasBatchAxis: false,
    hasChunkAxis: true,
  };
  const summed = add(loadSlot(objective.graph, sum), objective);
  const adding: Stage = { ...judging, stores: [...judging.stores, { slot: sum, value: summed }] };
  const whole = loadSlot(createGraph(false, program.extents.sequences), sum);
  const value = hasBatchAxis ? batchSum(whole) : whole;
  const begin: Stage = {
    name: sumSlot,
    loop: "none",
    stores: [{ slot: sum, value: constant(createGraph(false, program.extents.sequences), 0) }],
  };
  const report: Stage = { name: objectiveSlot, loop: "none", stores: [{ slot: total, value }] };
  const added = [sum, total].map((slot) => [slot.name, slot] as const);
  const zero = { kind: "constant", value: 0 } as const;
  return {
    ...program,
    slots: new Map([...program.slots, ...added]),
    initial: new Map([...program.initial, ...added.map(([name]) => [name, zero] as const)]),
    procedures: new Map([
      ...program.procedures,
      [procedure, [begin, ...stages.map((stage) => stage === judging ? adding : stage), report]],
    ]),
  };
}
