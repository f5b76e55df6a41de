/** Passes under construction, and which slots they read. */
import { sameShape } from "../axes.ts";
import type { Node, Slot } from "../program/node.ts";
import { accessesOf } from "./accesses.ts";
import type { Domain, PassStore, Reduction } from "./pass.ts";

/** A pass under construction. */
export interface PassBuilder {
  /** Passes of a lower level run before it. */
  level: number;
  readonly domain: Domain;
  readonly reduction: Reduction | undefined;
  /** The values that it computes. */
  readonly roots: Node[];
  readonly innerStores: PassStore[];
  readonly stores: PassStore[];
}

/** Moves a pass behind another one, if it is not. */
export function runAfter(pass: PassBuilder, other: PassBuilder): void {
  pass.level = Math.max(pass.level, other.level + 1);
}

/** Whether two passes have lanes for the same elements. */
export const sameDomain = (a: Domain, b: Domain): boolean =>
  a.hasBatchAxis === b.hasBatchAxis && sameShape(a.shape, b.shape);

/** How a pass reads a slot; `sameLane` and `sameElement` as in `Access`. */
export interface Reading {
  readonly slot: Slot;
  readonly pass: PassBuilder;
  readonly sameLane: boolean;
  readonly sameElement: boolean;
}

/** All reads of slots by the values that passes compute. */
export function readingsOf(
  builders: readonly PassBuilder[],
  rootSet: ReadonlySet<Node>,
): Reading[] {
  return builders.flatMap((pass) =>
    [
      ...pass.roots.map((root) => accessesOf(root, rootSet)),
      ...pass.innerStores.map(({ value }) => accessesOf(value, rootSet, { whole: true })),
    ].flatMap((accesses) =>
      accesses.flatMap(({ node, sameLane, sameElement }) =>
        node.operation.op === "load"
          ? [{ slot: node.operation.slot, pass, sameLane, sameElement }]
          : []
      )
    )
  );
}
