/**
 * A program: named memory, and procedures that change it, each a list of stages.
 *
 * A stage is a set of simultaneous assignments: every load sees what was there before, and all stores
 * take effect together. A loop stage does this once a step, forward or in reverse. Neighbouring stages may share
 * a loop over segments of the steps: each then goes over the steps of the one segment that runs. Training is the
 * procedure `train`; `evaluate` and `measure` work on the same memory.
 */
import { describeShape, type Extents, sameShape, type Shape } from "../axes.ts";
import type { Declaration } from "./declaration.ts";
import { lift, type Operand, type Value } from "./elementwise.ts";
import { constantValue, type Initializer } from "./initializer.ts";
import { broadcast, createGraph, type Graph, loadSlot, type Slot, type SlotKind } from "./node.ts";
import { KEY_SIZE, keySlots } from "./random_keys.ts";
import { type KeySlot, type RandomNumbers, randomNumbers } from "./random_numbers.ts";

/**
 * Whether a stage runs once, or once a step from the first to the last or back, or at the one step that the run
 * names (`RunOptions.step`).
 */
export type Loop = "none" | "forward" | "reverse" | "one";

/** The order of segments: from the first to the last, or back. */
export type SegmentLoop = "forward" | "reverse";

/** One assignment of a stage. */
export interface Store {
  /** Where the value goes. */
  readonly slot: Slot;
  /** What is stored, of the shape of the slot. */
  readonly value: Value;
}

/** Simultaneous assignments: every load sees what was there before. */
export interface Stage {
  /** What `explain` and errors call it; unique in its procedure. */
  readonly name: string;
  /** How often it runs: in all, or in a segment. */
  readonly loop: Loop;
  /** It runs for one segment of S steps after the other, with the neighbouring stages that say the same. */
  readonly segments?: SegmentLoop | undefined;
  /** Its assignments, at most one a slot. */
  readonly stores: readonly Store[];
  /** What the network puts out, if the stage runs a step of it: a value of its graph. */
  readonly output?: Value;
  /** The weighted loss of a step, of a stage that judges: training lowers its sum over the steps. */
  readonly objective?: Value;
}

/** Named memory, and the procedures that work on it. An updater builds one, a backend runs it. */
export interface Program {
  /** P, B and T. */
  readonly extents: Extents;
  /** Its memory, by name. */
  readonly slots: ReadonlyMap<string, Slot>;
  /** What each slot holds at first, by name. */
  readonly initial: ReadonlyMap<string, Initializer>;
  /** The stages of `train`, `evaluate` and `measure`, in the order in which they run. */
  readonly procedures: ReadonlyMap<string, readonly Stage[]>;
  /**
   * Names of the elements of each slot `metrics/<procedure>`, by procedure. They are sums over a batch,
   * so ratios are taken later.
   */
  readonly metrics: ReadonlyMap<string, readonly string[]>;
  /** Shape of what the network puts out at a step, if a procedure runs one. */
  readonly output: Shape | undefined;
}

/** What a slot is, beside its name; see `Slot`. Default: a scalar for each replica. */
export interface SlotOptions {
  /** What it holds. */
  kind: SlotKind;
  /** Its shape without the axes K, T, P and B; default: scalar. */
  shape?: Shape;
  /** Has the B axis: one value a sequence. */
  hasBatchAxis?: boolean;
  /** Has the T axis: one value a step. */
  hasTimeAxis?: boolean;
  /** Of a slot with the T axis: it has room for one segment alone, or for one value of each; see `Slot`. */
  room?: Slot["room"];
  /** Has the K axis: one value an iteration of a chunk. */
  hasChunkAxis?: boolean;
  /** What it holds at first; default: 0. */
  initial?: Initializer;
  /** The diagonal keeps its first value whatever is learned. */
  fixedDiagonal?: boolean;
  /** Of an input: its name in the task; default: that of the slot. */
  given?: string;
  /** Of an input: what it is where the task does not give it; default: the task has to. */
  missing?: number;
}

/**
 * Writes one stage.
 *
 * @example
 * const w = stage.load("w");
 * stage.store("w", mul(w, 0.99));
 */
export interface StageBuilder {
  /** The graph that its values are nodes of. */
  readonly graph: Graph;
  /**
   * What a slot holds when the stage begins; of a per-step slot inside a loop, its value at the step.
   *
   * @throws ReferenceError if there is no such slot.
   */
  load(name: string): Value;
  /**
   * Random numbers for values of the stage. The same calls in the same scope draw the same numbers, in
   * whichever stage: what one stage adds as noise, a later one can learn from. Models have a scope of their own.
   *
   * @example
   * const direction = stage.random("perturbation").normal([8, 8], { name: "w" });
   */
  random(scope: string): RandomNumbers;
  /**
   * Assigns a value, repeated over missing axes, to a slot when the stage ends.
   *
   * @throws ReferenceError if there is no such slot.
   * @throws TypeError if the value is one of another stage.
   * @throws RangeError if the slot cannot hold the value, or is stored already.
   */
  store(name: string, value: Operand): void;
  /** Says which value is the weighted loss of the step, for checks of the gradient. */
  describeObjective(value: Value): void;
}

/** How often a stage runs, and what it is called. */
export interface StageOptions {
  /** Unique in its procedure. */
  readonly name: string;
  /** Default: once. */
  readonly loop?: Loop;
  /** Runs for each segment, together with neighbouring stages of the same order; default: for all steps at once. */
  readonly segments?: SegmentLoop | undefined;
}

/**
 * Puts a program together.
 *
 * @example
 * builder.slot("count", { kind: "state" });
 * builder.stage("train", { name: "reset" }, (stage) => stage.store("count", 0));
 */
export interface ProgramBuilder {
  /** P, B and T. */
  readonly extents: Extents;
  /**
   * Declares memory; the same slot may be declared again.
   *
   * @throws RangeError if there is another slot of that name.
   */
  slot(name: string, options: SlotOptions): void;
  /** Whether a slot of this name was declared. */
  hasSlot(name: string): boolean;
  /** Names of the slots of a kind that were declared so far. */
  slotsOf(kind: Slot["kind"]): string[];
  /** Declares a parameter or constant of a model. @throws RangeError as `slot` does. */
  declare(name: string, declaration: Declaration): void;
  /** Adds a stage to a procedure; one without assignments is left out. */
  stage(procedure: string, options: StageOptions, write: (stage: StageBuilder) => void): void;
  /** Names the elements of the slot `metrics/<procedure>`. */
  nameMetrics(procedure: string, names: readonly string[]): void;
  /** Says which value of the stage that is being written the network puts out at a step. */
  describeOutput(output: Value): void;
  /** The program so far. */
  build(): Program;
}

/** The procedures that judge a network: draws may be off there. */
const judging: ReadonlySet<string> = new Set(["evaluate", "measure"]);

/**
 * Begins a program.
 *
 * @param hasSingleSequence whether all draws are shared, since the axis of sequences is used for something else.
 * @throws RangeError unless every extent is a whole number of at least 1.
 * @example
 * const builder = createProgram({ replicas: 1, sequences: 8, steps: 20 });
 * builder.declare("w", matrix(4, 4, normal(0.5)));
 */
export function createProgram(
  extents: Extents,
  { hasSingleSequence = false }: { hasSingleSequence?: boolean } = {},
): ProgramBuilder {
  requireExtents(extents);
  const slots = new Map<string, Slot>();
  const initial = new Map<string, Initializer>();
  const procedures = new Map<string, Stage[]>();
  const metrics = new Map<string, readonly string[]>();
  let output: Value | undefined;

  function declareSlot(name: string, options: SlotOptions): void {
    const slot = slotOf(name, options);
    const earlier = slots.get(name);
    if (earlier && !sameSlot(earlier, slot)) {
      throw new RangeError(`Slot "${name}" is declared twice with different shapes or kinds`);
    }
    if (earlier) return;
    slots.set(name, slot);
    initial.set(name, options.initial ?? constantValue(0));
  }

  /** Declares the slot of the keys of draws: a program that draws nothing has none. */
  const keySlot: KeySlot = ({ perSequence }) => {
    const name = perSequence ? keySlots.sequence : keySlots.batch;
    declareSlot(name, keyOptions({ hasBatchAxis: perSequence && !hasSingleSequence }));
    return slots.get(name)!;
  };

  return {
    extents,
    slot: declareSlot,
    hasSlot: (name) => slots.has(name),
    slotsOf: (kind) =>
      [...slots.values()].filter((slot) => slot.kind === kind).map(({ name }) => name),
    declare(name, { shape, initial, trained, fast, perStep, diagonal }) {
      declareSlot(name, {
        kind: trained ? "parameter" : "constant",
        shape,
        hasBatchAxis: fast,
        hasTimeAxis: perStep,
        initial,
        fixedDiagonal: diagonal !== undefined,
      });
    },
    stage(procedure, { name, loop = "none", segments }, write) {
      const graph = createGraph(loop !== "none" || segments !== undefined, extents.sequences);
      const isJudging = judging.has(procedure);
      const opened = openStage(graph, { slots, isJudging, keySlot, hasSegments: !!segments });
      write(opened.stage);
      const stores = [...opened.stores.values()];
      if (stores.length === 0) return;
      const objective = opened.objective();
      const stages = procedures.get(procedure) ?? [];
      const own = output?.graph === graph ? { output } : {};
      const order = segments ? { segments } : {};
      stages.push({ name, loop, ...order, stores, ...own, ...objective ? { objective } : {} });
      procedures.set(procedure, stages);
    },
    nameMetrics: (procedure, names) => void metrics.set(procedure, names),
    describeOutput: (value) => void (output = value),
    build: () => ({ extents, slots, initial, procedures, metrics, output: output?.shape }),
  };
}

/** @throws RangeError unless every extent is a whole number of at least 1. */
function requireExtents(extents: Extents): void {
  for (const [axis, extent] of Object.entries(extents)) {
    if (!Number.isSafeInteger(extent) || extent < 1) {
      throw new RangeError(`Expected at least one of ${axis}, got ${extent}`);
    }
  }
}

const keyOptions = ({ hasBatchAxis }: { hasBatchAxis: boolean }): SlotOptions => ({
  kind: "input",
  shape: [KEY_SIZE],
  hasBatchAxis,
  hasChunkAxis: true,
});

const slotOf = (
  name: string,
  {
    kind,
    shape = [],
    hasBatchAxis = false,
    hasTimeAxis = false,
    hasChunkAxis = false,
    room,
    fixedDiagonal,
    given,
    missing,
  }: SlotOptions,
): Slot => ({
  ...{ name, kind, shape, hasBatchAxis, hasTimeAxis, hasChunkAxis, fixedDiagonal },
  ...room === undefined ? {} : { room },
  ...given === undefined ? {} : { given },
  ...missing === undefined ? {} : { missing },
});

const sameSlot = (a: Slot, b: Slot): boolean =>
  a.kind === b.kind && sameShape(a.shape, b.shape) && a.hasBatchAxis === b.hasBatchAxis &&
  a.hasTimeAxis === b.hasTimeAxis && a.room === b.room && a.hasChunkAxis === b.hasChunkAxis;

/** What writes a stage, and what it has written so far. */
function openStage(
  graph: Graph,
  { slots, isJudging, keySlot, hasSegments }: {
    slots: ReadonlyMap<string, Slot>;
    isJudging: boolean;
    keySlot: KeySlot;
    hasSegments: boolean;
  },
): {
  stage: StageBuilder;
  stores: ReadonlyMap<string, Store>;
  objective: () => Value | undefined;
} {
  const stores = new Map<string, Store>();
  let objective: Value | undefined;
  const find = (name: string): Slot => {
    const slot = slots.get(name);
    if (!slot) {
      throw new ReferenceError(`No slot "${name}"; there are ${[...slots.keys()].join(", ")}`);
    }
    if (!slot.room || hasSegments) return slot;
    throw new RangeError(`"${name}" is used by stages that go over segments alone`);
  };
  const stage: StageBuilder = {
    graph,
    load: (name) => loadSlot(graph, find(name)),
    random: (scope) => randomNumbers(scope, { graph, isJudging, keySlot }),
    store(name, operand) {
      const slot = find(name);
      const value = lift(graph, operand);
      if (stores.has(name)) throw new RangeError(`Stage stores "${name}" twice`);
      if (value.graph !== graph) {
        throw new TypeError(`"${name}": got a value of another stage; load it in this one`);
      }
      requireRoom(slot, value);
      stores.set(name, { slot, value: broadcast(value, slot.shape) });
    },
    describeObjective: (value) => void (objective = value),
  };
  return { stage, stores, objective: () => objective };
}

/** @throws RangeError if a slot has no room for the axes of a value. */
function requireRoom(slot: Slot, { shape, hasBatchAxis, hasTimeAxis, graph }: Value): void {
  const { name } = slot;
  if (shape.length !== 0 && !sameShape(shape, slot.shape)) {
    throw new RangeError(
      `"${name}" is a ${describeShape(slot.shape)} and cannot hold a ${describeShape(shape)}`,
    );
  }
  if (hasBatchAxis && !slot.hasBatchAxis) {
    throw new RangeError(`"${name}" is shared by all sequences; reduce over the batch first`);
  }
  if (hasTimeAxis || slot.hasTimeAxis && !graph.insideLoop) {
    throw new RangeError(
      `"${name}": per-step values are written inside a loop, and summed outside`,
    );
  }
}
