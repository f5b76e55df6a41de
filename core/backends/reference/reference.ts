/**
 * The float64 backend: every stage node by node, in plain loops. It is the truth that tests compare
 * against, and the last resort where nothing faster runs.
 */
import { type Extents, sizeOf } from "../../axes.ts";
import { type Node, reachable, type Slot } from "../../program/node.ts";
import type { Program, Stage } from "../../program/program.ts";
import type { Backend, Engine, MemoryEstimate } from "../backend.ts";
import {
  checkLength,
  checkRun,
  findSlot,
  isPersistent,
  iterationSize,
  slotSize,
  stepSize,
  writtenSlots,
} from "../layout.ts";
import { allocate, evaluator, type Place, placeSize } from "./evaluate.ts";

interface Moment {
  iteration: number;
  step: number;
}

/** Makes the function that runs one step of a stage at the current moment. */
function prepareStage(
  stage: Stage,
  { memory, extents, moment }: {
    memory: ReadonlyMap<string, Float64Array>;
    extents: Extents;
    moment: Moment;
  },
): () => void {
  const places = new Map<Node, Place>();
  const loads: { place: Place; slot: Slot }[] = [];
  const compute: (() => void)[] = [];
  for (const node of reachable(stage.stores.map(({ value }) => value))) {
    if (node.operation.op === "load") {
      const { slot } = node.operation;
      const place: Place = {
        array: memory.get(slot.name)!,
        base: 0,
        timeStride: node.hasTimeAxis ? stepSize(slot, extents) : 0,
        replicaStride: (slot.hasBatchAxis ? extents.sequences : 1) * sizeOf(slot.shape),
        sequenceStride: slot.hasBatchAxis ? sizeOf(slot.shape) : 0,
      };
      loads.push({ place, slot });
      places.set(node, place);
    } else {
      const out = allocate(node, extents);
      const inputs = node.inputs.map((input) => places.get(input)!);
      compute.push(evaluator(node, { out, inputs, extents, moment }));
      places.set(node, out);
    }
  }

  // All values are copied out before any slot changes: the stores are simultaneous.
  const copies: (() => void)[] = [];
  const commits: (() => void)[] = [];
  for (const { slot, value } of stage.stores) {
    const place = places.get(value)!;
    const staged = new Float64Array(stepSize(slot, extents));
    const size = sizeOf(slot.shape);
    copies.push(() => {
      let offset = 0;
      for (let p = 0; p < extents.replicas; p++) {
        for (let b = 0; b < (slot.hasBatchAxis ? extents.sequences : 1); b++, offset += size) {
          const from = place.base + p * place.replicaStride + b * place.sequenceStride;
          for (let i = 0; i < size; i++) staged[offset + i] = place.array[from + i]!;
        }
      }
    });
    const target = memory.get(slot.name)!;
    commits.push(() => target.set(staged, baseOf(slot, extents, moment)));
  }
  return () => {
    for (const { place, slot } of loads) {
      place.base = place.timeStride
        ? slotStart(slot, extents, moment)
        : baseOf(slot, extents, moment);
    }
    for (const run of compute) run();
    for (const run of copies) run();
    for (const run of commits) run();
  };
}

const slotStart = (slot: Slot, extents: Extents, { iteration }: Moment): number =>
  slot.hasChunkAxis ? iteration * iterationSize(slot, extents) : 0;
const baseOf = (slot: Slot, extents: Extents, moment: Moment): number =>
  slotStart(slot, extents, moment) + (slot.hasTimeAxis ? moment.step * stepSize(slot, extents) : 0);

/** Slots, a value of every node and a copy of every store, and what `restore` puts back. */
function estimateMemory(program: Program, chunk: number): MemoryEstimate {
  const { extents } = program;
  const estimate = new Map<string, number>();
  const add = (purpose: string, size: number) =>
    estimate.set(purpose, (estimate.get(purpose) ?? 0) + 8 * size);
  for (const slot of program.slots.values()) add(slot.kind, slotSize(slot, extents, chunk));
  for (const { stores } of [...program.procedures.values()].flat()) {
    for (const node of reachable(stores.map(({ value }) => value))) {
      if (node.operation.op !== "load") add("temporary", placeSize(node, extents));
    }
    for (const { slot } of stores) add("temporary", stepSize(slot, extents));
  }
  for (const slot of writtenSlots(program, "evaluate")) {
    add("copies for evaluation", slotSize(slot, extents, chunk));
  }
  return estimate;
}

function prepare(program: Program, chunk: number): Engine {
  const { extents } = program;
  const memory = new Map<string, Float64Array>();
  for (const slot of program.slots.values()) {
    memory.set(slot.name, new Float64Array(slotSize(slot, extents, chunk)));
  }
  const moment: Moment = { iteration: 0, step: 0 };
  const procedures = new Map(
    [...program.procedures].map(([name, stages]) => [
      name,
      stages.map((stage) => ({ stage, run: prepareStage(stage, { memory, extents, moment }) })),
    ]),
  );
  const snapshots = new Map(
    [...program.slots.values()].filter(isPersistent).map((
      slot,
    ) => [slot.name, new Float64Array(0)]),
  );

  function runOnce(procedure: string): void {
    for (const { stage, run } of procedures.get(procedure)!) {
      if (stage.loop === "none") {
        moment.step = 0;
        run();
        continue;
      }
      for (let count = 0; count < extents.steps; count++) {
        moment.step = stage.loop === "forward" ? count : extents.steps - 1 - count;
        run();
      }
    }
  }

  return {
    program,
    chunk,
    memory: estimateMemory(program, chunk),
    write(name, values) {
      const slot = findSlot(program, name);
      checkLength(slot, values.length, { extents, chunk });
      memory.get(name)!.set(values);
    },
    read: (names) =>
      Promise.resolve(
        new Map(names.map((name) => [name, memory.get(findSlot(program, name).name)!.slice()])),
      ),
    run(procedure, { iterations, restore = false }) {
      checkRun(program, procedure, { iterations, restore, chunk });
      const changed = restore ? writtenSlots(program, procedure) : [];
      for (const { name } of changed) {
        if (snapshots.get(name)!.length === 0) {
          snapshots.set(name, new Float64Array(memory.get(name)!.length));
        }
        snapshots.get(name)!.set(memory.get(name)!);
      }
      for (moment.iteration = 0; moment.iteration < iterations; moment.iteration++) {
        runOnce(procedure);
        for (const { name } of changed) memory.get(name)!.set(snapshots.get(name)!);
      }
      return Promise.resolve();
    },
    close: () => memory.clear(),
  };
}

/** The float64 reference backend. */
export function referenceBackend(): Backend {
  return {
    name: "reference",
    description: "float64, plain loops",
    estimateMemory: (program, { chunk = 1 } = {}) => estimateMemory(program, chunk),
    prepare: (program, { chunk = 1 } = {}) => Promise.resolve(prepare(program, chunk)),
    close() {},
  };
}
