/** Counts of the work of a schedule: arithmetic, and bytes that move at least once a pass. */
import { type Extents, sizeOf } from "../axes.ts";
import type { Node } from "../program/node.ts";
import { isElementwise } from "../program/operations.ts";
import type { Program, Stage } from "../program/program.ts";
import { accessesOf } from "./accesses.ts";
import type { Pass, Schedule } from "./pass.ts";
import { scheduleStage } from "./schedule.ts";

/** The work of all replicas and sequences. */
export interface Cost {
  /** Additions, multiplications and function values, each counted once. */
  readonly operations: number;
  /** Bytes of every array a pass reads or writes, once a pass, in float32. */
  readonly bytes: number;
}

/** Elements one value has over all replicas and sequences. */
const count = (
  shape: Node["shape"],
  hasBatchAxis: boolean,
  { replicas, sequences }: Extents,
): number => replicas * (hasBatchAxis ? sequences : 1) * sizeOf(shape);

function passCost(pass: Pass, { places }: Schedule, extents: Extents): Cost {
  const materialized = new Set(places.keys());
  const made = new Set([...pass.reduced, ...pass.locals]);
  const visits = (pass.reduction?.lengths ?? []).reduce((product, length) => product * length, 1);
  const lanes = count(pass.domain.shape, pass.domain.hasBatchAxis, extents);
  let operations = pass.reduced.length * lanes * visits;
  const seen = new Set<Node>();
  const visit = (node: Node) => {
    if (seen.has(node)) return;
    seen.add(node);
    if (materialized.has(node) && !made.has(node)) return;
    if (isElementwise(node.operation.op)) {
      const loops = node.hasTimeAxis ? extents.steps : 1;
      operations += count(node.shape, node.hasBatchAxis, extents) * loops;
    }
    node.inputs.forEach(visit);
  };
  const touched = new Map<string, number>();
  const touch = (node: Node) => {
    for (const { node: read } of accessesOf(node, materialized, { whole: !made.has(node) })) {
      const loops = read.hasTimeAxis ? extents.steps : 1;
      if (!made.has(read)) {
        touched.set(`${read.id}`, 4 * loops * count(read.shape, read.hasBatchAxis, extents));
      }
    }
  };
  const stores = [...pass.innerStores, ...pass.stores];
  for (const node of [...made, ...stores.map(({ value }) => value)]) {
    visit(node);
    touch(node);
  }
  stores.forEach(({ to }, index) => {
    const { shape, hasBatchAxis } = "slot" in to ? to.slot : to.temporary;
    touched.set(`store ${index}`, 4 * count(shape, hasBatchAxis, extents));
  });
  return { operations, bytes: [...touched.values()].reduce((total, bytes) => total + bytes, 0) };
}

/** The work of one stage; a loop counts all its steps. */
export function stageCost(stage: Stage, extents: Extents): Cost {
  const schedule = scheduleStage(stage, extents);
  const steps = stage.loop === "none" ? 1 : extents.steps;
  const costs = schedule.groups.flat().map((pass) => passCost(pass, schedule, extents));
  const total = (what: keyof Cost) => steps * costs.reduce((sum, cost) => sum + cost[what], 0);
  return { operations: total("operations"), bytes: total("bytes") };
}

/** One iteration of a procedure. */
export function procedureCost(program: Program, procedure: string): Cost {
  const costs = (program.procedures.get(procedure) ?? []).map((stage) =>
    stageCost(stage, program.extents)
  );
  return {
    operations: costs.reduce((sum, cost) => sum + cost.operations, 0),
    bytes: costs.reduce((sum, cost) => sum + cost.bytes, 0),
  };
}
