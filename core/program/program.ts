/**
 * A program: named memory, and procedures that change it, each a list of stages.
 *
 * A stage is a set of simultaneous assignments: every load sees what was there before, every store
 * takes effect together. A loop stage does this once a step, forward or in reverse. Training is the
 * procedure `train`; `evaluate` and `measure` work on the same memory.
 */
import { describeShape, type Extents, sameShape, type Shape } from "../axes.ts";
import type { Declaration } from "./declaration.ts";
import { lift, type Operand, type Value } from "./elementwise.ts";
import { constantValue, type Initializer } from "./initializer.ts";
import { broadcast, createGraph, type Graph, loadSlot, type Slot, type SlotKind } from "./node.ts";

export type Loop = "none" | "forward" | "reverse";

export interface Store {
  readonly slot: Slot;
  readonly value: Value;
}

export interface Stage {
  readonly name: string;
  readonly loop: Loop;
  readonly stores: readonly Store[];
}

export interface Program {
  readonly extents: Extents;
  readonly slots: ReadonlyMap<string, Slot>;
  readonly initial: ReadonlyMap<string, Initializer>;
  readonly procedures: ReadonlyMap<string, readonly Stage[]>;
  /** Names of the elements of the `metrics` slot; sums over a batch, so ratios are taken later. */
  readonly metrics: ReadonlyMap<string, readonly string[]>;
  /** Shape of what the network puts out at a step, if a procedure runs one. */
  readonly output: Shape | undefined;
}

export interface SlotOptions {
  kind: SlotKind;
  shape?: Shape;
  hasBatchAxis?: boolean;
  hasTimeAxis?: boolean;
  hasChunkAxis?: boolean;
  initial?: Initializer;
  fixedDiagonal?: boolean;
}

/** Writes one stage. */
export interface StageBuilder {
  readonly graph: Graph;
  load(name: string): Value;
  /** Assigns a value, repeated over missing axes, to a slot when the stage ends. */
  store(name: string, value: Operand): void;
}

export interface ProgramBuilder {
  readonly extents: Extents;
  /** Declares memory; declaring the same slot again is allowed, another of that name is not. */
  slot(name: string, options: SlotOptions): void;
  /** Declares a parameter or constant of a model. */
  declare(name: string, declaration: Declaration): void;
  stage(
    procedure: string,
    options: { name: string; loop?: Loop },
    write: (stage: StageBuilder) => void,
  ): void;
  /** Names the elements of the slot `metrics/<procedure>`. */
  nameMetrics(procedure: string, names: readonly string[]): void;
  /** Says what the network puts out at a step. */
  describeOutput(shape: Shape): void;
  build(): Program;
}

export function createProgram(extents: Extents): ProgramBuilder {
  for (const [axis, extent] of Object.entries(extents)) {
    if (!Number.isSafeInteger(extent) || extent < 1) {
      throw new RangeError(`Expected at least one of ${axis}, got ${extent}`);
    }
  }
  const slots = new Map<string, Slot>();
  const initial = new Map<string, Initializer>();
  const procedures = new Map<string, Stage[]>();
  const metrics = new Map<string, readonly string[]>();
  let output: Shape | undefined;

  function find(name: string): Slot {
    const slot = slots.get(name);
    if (!slot) {
      throw new ReferenceError(`No slot "${name}"; there are ${[...slots.keys()].join(", ")}`);
    }
    return slot;
  }

  function slot(name: string, options: SlotOptions): void {
    const {
      kind,
      shape = [],
      hasBatchAxis = false,
      hasTimeAxis = false,
      hasChunkAxis = false,
      fixedDiagonal,
    } = options;
    const known = slots.get(name);
    if (known) {
      const same = known.kind === kind && sameShape(known.shape, shape) &&
        known.hasBatchAxis === hasBatchAxis && known.hasTimeAxis === hasTimeAxis &&
        known.hasChunkAxis === hasChunkAxis;
      if (!same) {
        throw new RangeError(`Slot "${name}" is declared twice with different shapes or kinds`);
      }
      return;
    }
    slots.set(name, { name, kind, shape, hasBatchAxis, hasTimeAxis, hasChunkAxis, fixedDiagonal });
    initial.set(name, options.initial ?? constantValue(0));
  }

  return {
    extents,
    slot,
    declare(name, { shape, initial, trained, fast, perStep, diagonal }) {
      const kind = trained ? "parameter" : "constant";
      const fixedDiagonal = diagonal !== undefined;
      slot(name, { kind, shape, hasBatchAxis: fast, hasTimeAxis: perStep, initial, fixedDiagonal });
    },
    stage(procedure, { name, loop = "none" }, write) {
      const graph = createGraph(loop !== "none", extents.sequences);
      const stores = new Map<string, Store>();
      write({
        graph,
        load: (name) => loadSlot(graph, find(name)),
        store(name, operand) {
          const slot = find(name);
          const value = lift(graph, operand);
          if (stores.has(name)) throw new RangeError(`Stage stores "${name}" twice`);
          if (value.graph !== graph) {
            throw new TypeError(`"${name}": got a value of another stage; load it in this one`);
          }
          if (value.shape.length !== 0 && !sameShape(value.shape, slot.shape)) {
            throw new RangeError(
              `"${name}" is a ${describeShape(slot.shape)} and cannot hold a ${
                describeShape(value.shape)
              }`,
            );
          }
          if (value.hasBatchAxis && !slot.hasBatchAxis) {
            throw new RangeError(
              `"${name}" is shared by all sequences; reduce over the batch first`,
            );
          }
          if (value.hasTimeAxis || slot.hasTimeAxis && loop === "none") {
            throw new RangeError(
              `"${name}": per-step values are written inside a loop, and summed outside`,
            );
          }
          stores.set(name, { slot, value: broadcast(value, slot.shape) });
        },
      });
      if (stores.size === 0) return;
      const stages = procedures.get(procedure) ?? [];
      stages.push({ name, loop, stores: [...stores.values()] });
      procedures.set(procedure, stages);
    },
    nameMetrics: (procedure, names) => void metrics.set(procedure, names),
    describeOutput: (shape) => void (output = shape),
    build: () => ({ extents, slots, initial, procedures, metrics, output }),
  };
}
