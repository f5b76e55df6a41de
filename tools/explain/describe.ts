/** Programs on their way to kernels, as lines for people. */
import { describeShape } from "../../core/axes.ts";
import type { LoweredProgram } from "../../core/backends/lower.ts";
import { type Node, type Operation, reachable } from "../../core/program/node.ts";
import type { Program, Stage } from "../../core/program/program.ts";
import type { Pass, PassStore, Schedule } from "../../core/schedule/pass.ts";

const nameOf = ({ id }: Node): string => `n${id}`;

function describeOperation(operation: Operation): string {
  switch (operation.op) {
    case "load":
      return `load ${operation.slot.name}`;
    case "constant":
      return String(operation.value);
    case "slice":
      return `slice from ${operation.start}`;
    case "random":
      return `random, ${operation.distribution}`;
    case "reduce":
      return `${operation.kind} over ${operation.axes.join(", ")}`;
    default:
      return operation.op;
  }
}

/** The graph of a stage: one line a node, inputs before users. */
export function describeGraph({ stores }: Stage): string[] {
  return reachable(stores.map(({ value }) => value)).map((node) => {
    const inputs = node.inputs.map(nameOf).join(", ");
    const value = `${describeOperation(node.operation)}${inputs && `(${inputs})`}`;
    const axes = node.hasBatchAxis ? ", one a sequence" : "";
    return `${nameOf(node)} = ${value}`.padEnd(36) + `${describeShape(node.shape)}${axes}`;
  });
}

/** The stages of every procedure: one line a store. */
export function describeStages({ procedures }: Pick<Program, "procedures">): string[] {
  return [...procedures].flatMap(([procedure, stages]) =>
    stages.flatMap(({ name, loop, segments, stores }) => [
      `${procedure}/${name}` +
      (segments ? `, segment by segment, ${segments}` : "") +
      (loop === "none" ? "" : `, once a step, ${loop}`),
      ...stores.map(({ slot, value }) => `  ${slot.name} <- ${nameOf(value)}`),
    ])
  );
}

const describeStore = ({ value, to }: PassStore): string =>
  `${"slot" in to ? to.slot.name : `temporary ${to.temporary.name}`} <- ${nameOf(value)}`;

function describePass({ domain, reduction, reduced, locals, ...pass }: Pass): string[] {
  const { innerStores, stores, waitsFor } = pass;
  const lanes = `${describeShape(domain.shape)}${domain.hasBatchAxis ? ", one a sequence" : ""}`;
  return [
    `pass over ${lanes}; waits for its ${waitsFor}`,
    ...reduction
      ? [`  loop over ${reduction.axes.join(", ")} makes ${reduced.map(nameOf).join(", ")}`]
      : [],
    ...innerStores.map((store) => `  stores inside the loop ${describeStore(store)}`),
    ...locals.length > 0 ? [`  keeps ${locals.map(nameOf).join(", ")} in registers`] : [],
    ...stores.map((store) => `  stores ${describeStore(store)}`),
  ];
}

/** The passes of a schedule, in order. */
const describePasses = ({ groups }: Schedule): string[] => groups.flat().flatMap(describePass);

/** Every stage of a lowered program with how it is launched and its passes. */
export function describeLowered({ procedures }: LoweredProgram): string[] {
  return [...procedures.values()].flat().flatMap(({ procedure, stage, schedule, lowering }) => [
    `${procedure}/${stage.name}: ${
      lowering.kind === "split"
        ? "a launch for each pass"
        : `one launch, a workgroup owns a ${lowering.owner}`
    }`,
    ...describePasses(schedule).map((line) => `  ${line}`),
  ]);
}
