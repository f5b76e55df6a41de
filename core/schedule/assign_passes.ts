/** Assigns every value to the pass that computes it: one that exists already, or a new one. */
import { type Extents, sameShape } from "../axes.ts";
import type { Node } from "../program/node.ts";
import { isReduction } from "../program/operations.ts";
import { type Access, accessesOf } from "./accesses.ts";
import { loopAxes, loopLengths } from "./index.ts";
import type { Domain, Reduction } from "./pass.ts";
import { type PassBuilder, sameDomain } from "./pass_builder.ts";

/** The passes so far, and the pass that computes each value. */
export interface Assignment {
  readonly builders: readonly PassBuilder[];
  readonly passOf: ReadonlyMap<Node, PassBuilder>;
}

/** What the pass of a value must have. */
interface Needs {
  /** The first level at which all operands are computed. */
  readonly level: number;
  readonly domain: Domain;
  readonly reduction: Reduction | undefined;
}

/**
 * Assigns values to passes. An elementwise value joins the pass of its operands where its lanes read
 * nothing of other lanes. A reduction joins a loop over the same extents.
 *
 * @param roots the values that get memory or a register, operands before users.
 */
export function assignPasses(roots: readonly Node[], extents: Extents): Assignment {
  const builders: PassBuilder[] = [];
  const passOf = new Map<Node, PassBuilder>();
  const rootSet = new Set(roots);
  const accesses = new Map(roots.map((root) => [root, accessesOf(root, rootSet)]));

  for (const root of roots) {
    const domain = { hasBatchAxis: root.hasBatchAxis, shape: root.shape };
    const reduction = reductionOf(root, extents);
    const { level, partners } = partnersOf(accesses.get(root)!, { domain, reduction, passOf });
    const needs = { level, domain, reduction };
    let pass: PassBuilder | undefined;
    if (partners.length === 1) pass = partners[0];
    else if (reduction) pass = findLoop(root, needs, { builders, accesses });
    else pass = findPass(accesses.get(root)!, needs, { builders, passOf });
    if (!pass) {
      pass = { level, domain, reduction, roots: [], innerStores: [], stores: [] };
      builders.push(pass);
    }
    pass.roots.push(root);
    passOf.set(root, pass);
  }
  return { builders, passOf };
}

function reductionOf(node: Node, extents: Extents): Reduction | undefined {
  if (!isReduction(node.operation.op)) return undefined;
  return {
    axes: loopAxes(node),
    lengths: loopLengths(node, extents),
    operand: node.inputs[0]!.shape,
  };
}

/** The passes that a value can join since its lanes read only their own elements, and its level. */
function partnersOf(
  accesses: readonly Access[],
  { domain, reduction, passOf }: {
    domain: Domain;
    reduction: Reduction | undefined;
    passOf: ReadonlyMap<Node, PassBuilder>;
  },
): { level: number; partners: PassBuilder[] } {
  let level = 0;
  const joinable = new Set<PassBuilder>();
  for (const { node, sameLane } of accesses) {
    const pass = passOf.get(node);
    if (!pass) continue;
    const joins = !reduction && sameLane && sameDomain(pass.domain, domain);
    level = Math.max(level, joins ? pass.level : pass.level + 1);
    if (joins) joinable.add(pass);
  }
  const partners = [...joinable].filter((pass) => pass.level === level);
  // A value that reads two passes runs after both.
  return { level: partners.length > 1 ? level + 1 : level, partners };
}

/** A pass of this level over the same domain; the value must not read other lanes of it. */
function findPass(
  accesses: readonly Access[],
  { level, domain }: Needs,
  { builders, passOf }: Assignment,
): PassBuilder | undefined {
  const dependsOn = (pass: PassBuilder) =>
    accesses.some(({ node, sameLane }) => passOf.get(node) === pass && !sameLane);
  return builders.find((pass) =>
    pass.level === level && sameDomain(pass.domain, domain) && !dependsOn(pass)
  );
}

/**
 * A pass whose loop can compute this reduction too; a later pass only if it reads the same matrix. Sums that are
 * matrices share a loop only if they read the same values: else each would take registers from the other.
 */
function findLoop(
  root: Node,
  { level, domain, reduction }: Needs,
  { builders, accesses }: {
    builders: readonly PassBuilder[];
    accesses: ReadonlyMap<Node, readonly Access[]>;
  },
): PassBuilder | undefined {
  const loops = builders.filter((pass) =>
    pass.level >= level && sameDomain(pass.domain, domain) &&
    sameReduction(pass.reduction, reduction)
  );
  const shares = (pass: PassBuilder, readBy: (accesses: readonly Access[]) => Set<Node>) => {
    const read = readBy(accesses.get(root)!);
    return pass.roots.some((other) => !read.isDisjointFrom(readBy(accesses.get(other)!)));
  };
  const isMatrix = domain.shape.length === 2;
  return loops.find((pass) => pass.level === level && (!isMatrix || shares(pass, valuesOf))) ??
    loops.find((pass) => shares(pass, matricesOf));
}

/** All that a reduction reads. */
const valuesOf = (accesses: readonly Access[]): Set<Node> =>
  new Set(accesses.map(({ node }) => node));

const sameReduction = (a: Reduction | undefined, b: Reduction | undefined): boolean =>
  a !== undefined && b !== undefined && a.axes.join() === b.axes.join() &&
  a.lengths.join() === b.lengths.join() && sameShape(a.operand, b.operand);

/** The matrices that a reduction reads at the elements that its loop visits. */
function matricesOf(accesses: readonly Access[]): Set<Node> {
  return new Set(
    accesses.flatMap(({ node, sameElement }) =>
      sameElement && node.shape.length === 2 ? [node] : []
    ),
  );
}
