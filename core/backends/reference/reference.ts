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
import { allocate, type ArrayView, type Clock, evaluator, viewSize } from "./evaluate.ts";

/** Makes the function that runs one step of a stage at the time of the clock. */
function prepareStage(
  stage: Stage,
  { memory, extents, clock }: {
    memory: ReadonlyMap<string, Float64Array>;
    extents: Extents;
    clock: Clock;
  },
): () => void {
  const views = new Map<Node, ArrayView>();
  const loads: { view: ArrayView; slot: Slot }[] = [];
  const compute: (() => void)[] = [];
  for (const node of reachable(stage.stores.map(({ value }) => value))) {
    if (node.operation.op === "load") {
      const { slot } = node.operation;
      const view: ArrayView = {
        array: memory.get(slot.name)!,
        base: 0,
        timeStride: node.hasTimeAxis ? stepSize(slot, extents) : 0,
        replicaStride: (slot.hasBatchAxis ? extents.sequences : 1) * sizeOf(slot.shape),
        sequenceStride: slot.hasBatchAxis ? sizeOf(slot.shape) : 0,
      };
      loads.push({ view, slot });
      views.set(node, view);
    } else {
      const out = allocate(node, extents);
      const inputs = node.inputs.map((input) => views.get(input)!);
      compute.push(evaluator(node, { out, inputs, extents, clock }));
      views.set(node, out);
    }
  }

  // All values are copied out before any slot changes: the stores are simultaneous.
  const copies: (() => void)[] = [];
  const commits: (() => void)[] = [];
  for (const { slot, value } of stage.stores) {
    const view = views.get(value)!;
    const staged = new Float64Array(stepSize(slot, extents));
    const size = sizeOf(slot.shape);
    copies.push(() => {
      let offset = 0;
      for (let p = 0; p < extents.replicas; p++) {
        for (let b = 0; b < (slot.hasBatchAxis ? extents.sequences : 1); b++, offset += size) {
          const from = view.base + p * view.replicaStride + b * view.sequenceStride;
          for (let i = 0; i < size; i++) staged[offset + i] = view.array[from + i]!;
        }
      }
    });
    const target = memory.get(slot.name)!;
    commits.push(() => target.set(staged, baseOf(slot, extents, clock)));
  }
  return () => {
    for (const { view, slot } of loads) {
      view.base = view.timeStride ? slotStart(slot, extents, clock) : baseOf(slot, extents, clock);
    }
    for (const run of compute) run();
    for (const run of copies) run();
    for (const run of commits) run();
  };
}

const slotStart = (slot: Slot, extents: Extents, { iteration }: Clock): number =>
  slot.hasChunkAxis ? iteration * iterationSize(slot, extents) : 0;
const baseOf = (slot: Slot, extents: Extents, clock: Clock): number =>
  slotStart(slot, extents, clock) + (slot.hasTimeAxis ? clock.step * stepSize(slot, extents) : 0);

/** Slots, a value of every node and a copy of every store, and what `restore` puts back. */
function estimateMemory(program: Program, chunk: number): MemoryEstimate {
  const { extents } = program;
  const estimate = new Map<string, number>();
  const add = (purpose: string, size: number) =>
    estimate.set(purpose, (estimate.get(purpose) ?? 0) + 8 * size);
  for (const slot of program.slots.values()) add(slot.kind, slotSize(slot, extents, chunk));
  for (const { stores } of [...program.procedures.values()].flat()) {
    for (const node of reachable(stores.map(({ value }) => value))) {
      if (node.operation.op !== "load") add("temporary", viewSize(node, extents));
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
  const clock: Clock = { iteration: 0, step: 0 };
  const procedures = new Map(
    [...program.procedures].map(([name, stages]) => [
      name,
      stages.map((stage) => ({ stage, run: prepareStage(stage, { memory, extents, clock }) })),
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
        clock.step = 0;
        run();
        continue;
      }
      for (let count = 0; count < extents.steps; count++) {
        clock.step = stage.loop === "forward" ? count : extents.steps - 1 - count;
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
      for (clock.iteration = 0; clock.iteration < iterations; clock.iteration++) {
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
