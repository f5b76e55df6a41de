/**
 * A schedule: the passes that compute one stage, in order.
 *
 * A pass runs one lane for every element of its domain, [P, B?, ...shape]. A lane first runs the loops
 * of its reductions, if it has any. Then it computes elementwise values and stores them. Lanes of a
 * pass never wait for each other.
 */
import type { Shape } from "../axes.ts";
import type { Node, ReduceAxis, Slot } from "../program/node.ts";

/** Memory for a value between two passes of a stage, [P, B?, ...shape]. */
export interface Temporary {
  readonly name: string;
  readonly shape: Shape;
  readonly hasBatchAxis: boolean;
}

/** Where a value lies in memory. */
export type Place = { readonly slot: Slot } | { readonly temporary: Temporary };

/** What a lane stores, and where: at its own element, or at the one its loop visits. */
export interface PassStore {
  readonly value: Node;
  readonly to: Place;
}

/** The elements that a pass has a lane for, [P, B?, ...shape]. */
export interface Domain {
  readonly hasBatchAxis: boolean;
  readonly shape: Shape;
}

/** What a loop of a reduction runs over; `shared`: the columns of one matrix, the rows of the other. */
export type LoopAxis = ReduceAxis | "shared";

/** The loops that a lane runs to reduce, outermost first. */
export interface Reduction {
  readonly axes: readonly LoopAxis[];
  readonly lengths: readonly number[];
  /** Shape of the operand, whose elements the loop visits; of a matrix product that of the first. */
  readonly operand: Shape;
}

/** What must have finished the passes before: the lane itself, its whole sequence, or its replica. */
export type SyncScope = "lane" | "sequence" | "replica";

/**
 * Of the rows of a pass, or of those that its loop visits, only those of steps before this one count: nobody reads the
 * others, or they add 0.
 */
export type PastRows = "rows" | "loop";

/** One pass over its domain. */
export interface Pass {
  readonly domain: Domain;
  readonly reduction: Reduction | undefined;
  /** Reduce nodes computed by the loop. */
  readonly reduced: readonly Node[];
  /** Elementwise values kept in registers because several later expressions use them. */
  readonly locals: readonly Node[];
  /** Matrices whose elements are stored inside the loop that reads them. */
  readonly innerStores: readonly PassStore[];
  readonly stores: readonly PassStore[];
  /** What must be finished before the pass begins. */
  readonly waitsFor: SyncScope;
  /** See `PastRows`; a printer that leaves out rows has to end loops too. */
  readonly past?: PastRows | undefined;
}

/** The passes of a stage. */
export interface Schedule {
  /** In order; passes of one group do not depend on each other. */
  readonly groups: readonly (readonly Pass[])[];
  readonly temporaries: readonly Temporary[];
  /** Where the values lie that passes store. */
  readonly places: ReadonlyMap<Node, Place>;
}
