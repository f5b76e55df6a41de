/**
 * The reference backend: it evaluates every stage in float64, node by node, in plain loops. Tests compare
 * the other backends with it.
 */
import { type Extents, sizeOf } from "../../axes.ts";
import { type Node, reachable, type Slot } from "../../program/node.ts";
import type { Program, Stage } from "../../program/program.ts";
import { stepsOf, visits } from "../../program/segments.ts";
import type { Backend, Engine, MemoryEstimate } from "../backend.ts";
import { disposable } from "../disposable.ts";
import {
  checkRun,
  findSlot,
  firstWritten,
  iterationSize,
  placeOfStep,
  slotSize,
  stepSize,
  writtenSlots,
} from "../layout.ts";
import { allocate, type ArrayView, type Clock, evaluator, viewSize } from "./evaluate.ts";

/** What stages work on: the values of all slots, and the iteration and step that are running. */
interface Machine {
  readonly memory: ReadonlyMap<string, Float64Array>;
  readonly extents: Extents;
  readonly clock: Clock;
}

/** A slot that a stage loads, and the view that its nodes read. */
interface Load {
  readonly slot: Slot;
  readonly view: ArrayView;
}

/** Makes the function that runs one step of a stage at the time of the clock. */
function prepareStage(stage: Stage, machine: Machine): () => void {
  const { extents, clock } = machine;
  const views = new Map<Node, ArrayView>();
  const loads: Load[] = [];
  const compute: (() => void)[] = [];
  for (const node of reachable(stage.stores.map(({ value }) => value))) {
    const { operation } = node;
    const read = operation.op === "load" || operation.op === "random" ? operation.slot : undefined;
    const view = read && loadView(node, read, machine);
    if (view) loads.push({ view, slot: read });
    if (view && operation.op === "load") views.set(node, view);
    else {
      const out = allocate(node, extents);
      const inputs = view ? [view] : node.inputs.map((input) => views.get(input)!);
      compute.push(evaluator(node, { out, inputs, extents, clock }));
      views.set(node, out);
    }
  }
  const stores = stage.stores.map(({ slot, value }) =>
    prepareStore(slot, views.get(value)!, machine)
  );
  return () => {
    for (const { view, slot } of loads) {
      view.base = view.timeStride ? slotStart(slot, extents, clock) : baseOf(slot, extents, clock);
    }
    for (const run of compute) run();
    // Stores are simultaneous: all values are copied before any slot changes.
    for (const { copy } of stores) copy();
    for (const { commit } of stores) commit();
  };
}

/** The part of a slot that a load reads: inside a loop it is that of the current step. */
function loadView(load: Node, slot: Slot, { memory, extents }: Machine): ArrayView {
  const { shape, hasBatchAxis } = slot;
  return {
    array: memory.get(slot.name)!,
    base: 0,
    timeStride: load.hasTimeAxis ? stepSize(slot, extents) : 0,
    replicaStride: (hasBatchAxis ? extents.sequences : 1) * sizeOf(shape),
    sequenceStride: hasBatchAxis ? sizeOf(shape) : 0,
  };
}

/** A store in two parts: `copy` takes the value, `commit` puts it into the slot. */
function prepareStore(
  slot: Slot,
  view: ArrayView,
  { memory, extents, clock }: Machine,
): { copy: () => void; commit: () => void } {
  const staged = new Float64Array(stepSize(slot, extents));
  const target = memory.get(slot.name)!;
  const size = sizeOf(slot.shape);
  return {
    copy() {
      let offset = 0;
      for (let p = 0; p < extents.replicas; p++) {
        for (let b = 0; b < (slot.hasBatchAxis ? extents.sequences : 1); b++, offset += size) {
          const from = view.base + p * view.replicaStride + b * view.sequenceStride;
          for (let i = 0; i < size; i++) staged[offset + i] = view.array[from + i]!;
        }
      }
    },
    commit: () => target.set(staged, baseOf(slot, extents, clock)),
  };
}

/** Index of the first value of the current iteration. */
const slotStart = (slot: Slot, extents: Extents, { iteration }: Clock): number =>
  slot.hasChunkAxis ? iteration * iterationSize(slot, extents) : 0;
/** Index of the first value of the current iteration and step. */
const baseOf = (slot: Slot, extents: Extents, clock: Clock): number =>
  slotStart(slot, extents, clock) +
  placeOfStep(clock.step, slot, extents) * stepSize(slot, extents);

/** Bytes of slots, of the values of all nodes, of copies for stores, and of what `restore` puts back. */
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

/** A stage that is ready to run. */
interface PreparedStage {
  readonly stage: Stage;
  readonly run: () => void;
}

function prepare(program: Program, chunk: number): Engine {
  const { extents } = program;
  const memory = new Map(
    [...program.slots.values()].map((slot) =>
      [slot.name, new Float64Array(slotSize(slot, extents, chunk))] as const
    ),
  );
  const clock: Clock = { iteration: 0, step: 0 };
  const procedures = new Map(
    [...program.procedures].map(([name, stages]) => [
      name,
      stages.map((stage) => ({ stage, run: prepareStage(stage, { memory, extents, clock }) })),
    ]),
  );
  return disposable({
    program,
    chunk,
    memory: estimateMemory(program, chunk),
    write(name, values, { step } = {}) {
      const slot = findSlot(program, name);
      const start = firstWritten(slot, values.length, { extents, chunk, step });
      memory.get(name)!.set(values, start);
    },
    read: (names) =>
      Promise.resolve(
        new Map(names.map((name) => [name, memory.get(findSlot(program, name).name)!.slice()])),
      ),
    run(procedure, { iterations, restore = false, step = 0 }) {
      checkRun(program, procedure, { iterations, restore, step, chunk });
      const changed = restore ? writtenSlots(program, procedure) : [];
      const snapshots = changed.map(({ name }) => [name, memory.get(name)!.slice()] as const);
      for (clock.iteration = 0; clock.iteration < iterations; clock.iteration++) {
        runIteration(procedures.get(procedure)!, clock, { extents, step });
        for (const [name, values] of snapshots) memory.get(name)!.set(values);
      }
      return Promise.resolve();
    },
    close: () => memory.clear(),
  });
}

/** Runs the stages of one iteration. */
function runIteration(
  stages: readonly PreparedStage[],
  clock: Clock,
  { extents, step: only }: { extents: Extents; step: number },
): void {
  for (const visit of visits(stages, extents)) {
    for (const step of stepsOf(visit, only)) {
      clock.step = step;
      visit.visited.run();
    }
  }
}

/** The float64 reference backend. */
export function referenceBackend(): Backend {
  return disposable({
    name: "reference",
    description: "float64, plain loops",
    estimateMemory: (program, { chunk = 1 } = {}) => estimateMemory(program, chunk),
    prepare: (program, { chunk = 1 } = {}) => Promise.resolve(prepare(program, chunk)),
    close() {},
  });
}
