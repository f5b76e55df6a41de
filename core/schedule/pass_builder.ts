import { sameShape } from "../axes.ts";
import type { Node, Slot } from "../program/node.ts";
import { accessesOf } from "./accesses.ts";
import type { Domain, PassStore, Reduction } from "./pass.ts";

/** A pass being put together. */
export interface PassBuilder {
  readonly level: number;
  readonly domain: Domain;
  readonly reduction: Reduction | undefined;
  readonly roots: Node[];
  readonly innerStores: PassStore[];
  readonly stores: PassStore[];
}

export const sameDomain = (a: Domain, b: Domain): boolean =>
  a.hasBatchAxis === b.hasBatchAxis && sameShape(a.shape, b.shape);

/** How a pass reads a slot. */
export interface Reading {
  readonly slot: Slot;
  readonly pass: PassBuilder;
  readonly sameLane: boolean;
  /** The lane's own element of the loop over a matrix. */
  readonly sameElement: boolean;
}

export function readingsOf(
  builders: readonly PassBuilder[],
  rootSet: ReadonlySet<Node>,
): Reading[] {
  return builders.flatMap((pass) =>
    pass.roots.flatMap((root) =>
      accessesOf(root, rootSet).flatMap(({ node, sameLane, sameElement }) =>
        node.operation.op === "load"
          ? [{ slot: node.operation.slot, pass, sameLane, sameElement }]
          : []
      )
    )
  );
}
