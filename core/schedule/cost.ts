/** Counts the work of a schedule: arithmetic operations, and bytes read and written. */
import { type Extents, sizeOf } from "../axes.ts";
import type { Node } from "../program/node.ts";
import { isElementwise } from "../program/operations.ts";
import type { Program, Stage } from "../program/program.ts";
import { segmentsOf } from "../program/segments.ts";
import { accessesOf } from "./accesses.ts";
import type { Domain, Pass, Schedule } from "./pass.ts";
import { scheduleStage } from "./schedule.ts";

/** The work of all replicas and sequences. */
export interface Cost {
  /** Additions, multiplications, function values and random numbers, each counted once. */
  readonly operations: number;
  /** Bytes in float32 of the arrays that passes read or write, each array once per pass. */
  readonly bytes: number;
}

/** Number of elements of a value over all replicas and sequences. */
const count = (
  { shape, hasBatchAxis }: Domain,
  { replicas, sequences }: Extents,
): number => replicas * (hasBatchAxis ? sequences : 1) * sizeOf(shape);

/** Number of elements of a node, over all steps where it has the T axis. */
const elementsOf = (node: Node, extents: Extents): number =>
  count(node, extents) * (node.hasTimeAxis ? extents.steps : 1);

const computedBy = ({ reduced, locals }: Pass): Set<Node> => new Set([...reduced, ...locals]);
const storesOf = ({ innerStores, stores }: Pass) => [...innerStores, ...stores];

/** Everything whose expression a pass evaluates. */
const rootsOf = (pass: Pass): Node[] => [
  ...computedBy(pass),
  ...storesOf(pass).map(({ value }) => value),
];

function passOperations(pass: Pass, { places }: Schedule, extents: Extents): number {
  const computed = computedBy(pass);
  const turns = (pass.reduction?.lengths ?? []).reduce((product, length) => product * length, 1);
  // A product of matrices multiplies at every visit, too.
  const perVisit = pass.reduced.map(({ operation }) => operation.op === "matmul" ? 2 : 1);
  let operations = perVisit.reduce((sum, each) => sum + each, 0) * count(pass.domain, extents) *
    turns;
  const seen = new Set<Node>();
  const visit = (node: Node) => {
    if (seen.has(node)) return;
    seen.add(node);
    if (places.has(node) && !computed.has(node)) return;
    const { op } = node.operation;
    if (isElementwise(op) || op === "random") operations += elementsOf(node, extents);
    node.inputs.forEach(visit);
  };
  rootsOf(pass).forEach(visit);
  return operations;
}

function passBytes(pass: Pass, { places }: Schedule, extents: Extents): number {
  const computed = computedBy(pass);
  const materialized = new Set(places.keys());
  const read = new Set(
    rootsOf(pass).flatMap((root) =>
      accessesOf(root, materialized, { whole: !computed.has(root) }).map(({ node }) => node)
    ).filter((node) => !computed.has(node)),
  );
  const readElements = [...read].map((node) => elementsOf(node, extents));
  const storedElements = storesOf(pass).map(({ to }) =>
    count("slot" in to ? to.slot : to.temporary, extents)
  );
  return 4 * [...readElements, ...storedElements].reduce((sum, elements) => sum + elements, 0);
}

/** The work of one stage, with all steps of its loop. */
function stageCost(stage: Stage, extents: Extents): Cost {
  const schedule = scheduleStage(stage, extents);
  const isLoop = stage.loop === "forward" || stage.loop === "reverse";
  const steps = isLoop ? extents.steps : stage.segments ? segmentsOf(extents) : 1;
  let [operations, bytes] = [0, 0];
  for (const pass of schedule.groups.flat()) {
    operations += steps * passOperations(pass, schedule, extents);
    bytes += steps * passBytes(pass, schedule, extents);
  }
  return { operations, bytes };
}

/**
 * The work of one iteration of a procedure as it stands; 0 if the program does not have it. Backends take
 * invariants out of loops first (`hoist_invariants.ts`).
 */
export function procedureCost(program: Program, procedure: string): Cost {
  const costs = (program.procedures.get(procedure) ?? []).map((stage) =>
    stageCost(stage, program.extents)
  );
  return {
    operations: costs.reduce((sum, cost) => sum + cost.operations, 0),
    bytes: costs.reduce((sum, cost) => sum + cost.bytes, 0),
  };
}
