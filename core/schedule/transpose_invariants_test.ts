import assert from "node:assert/strict";
import * as l from "../program/language.ts";
import { type Node, reachable } from "../program/node.ts";
import { createProgram } from "../program/program.ts";
import { hoistInvariants } from "./hoist_invariants.ts";

/** The nodes of the loop of a program that multiplies weights with its state, after hoisting. */
function loopOf(
  { rows = 16, columns = 12, steps = 40, write }: {
    rows?: number;
    columns?: number;
    steps?: number;
    write?: (w: Node, x: Node) => Node;
  },
): { nodes: Node[]; stages: string[] } {
  const builder = createProgram({ replicas: 1, sequences: 1, steps });
  builder.slot("w", { kind: "parameter", shape: [rows, columns] });
  builder.slot("x", { kind: "input", shape: [columns], hasBatchAxis: true, hasTimeAxis: true });
  builder.slot("y", { kind: "state", shape: [rows], hasBatchAxis: true });
  builder.stage("train", { name: "loop", loop: "forward" }, ({ load, store }) => {
    store("y", (write ?? l.matvec)(load("w"), load("x")));
  });
  const stages = hoistInvariants(builder.build()).procedures.get("train")!;
  const { stores } = stages.find(({ name }) => name === "loop")!;
  return {
    nodes: reachable(stores.map(({ value }) => value)),
    stages: stages.map(({ name }) => name),
  };
}

const axesOf = (nodes: readonly Node[]) =>
  nodes.flatMap(({ operation }) => operation.op === "reduce" ? [operation.axes.join()] : []);

Deno.test("a product with a matrix that stays is turned, and the matrix transposed before the loop", () => {
  const { nodes, stages } = loopOf({});
  assert.deepEqual(axesOf(nodes), ["post"]);
  assert.deepEqual(stages, ["prepare", "loop"]);
  assert.ok(nodes.every(({ operation }) => operation.op !== "transpose"));
});

Deno.test("a product is left as it is: few steps, few rows, a large matrix, weights that change", () => {
  for (const options of [{ steps: 4 }, { rows: 4 }, { rows: 512, columns: 64 }]) {
    assert.deepEqual(axesOf(loopOf(options).nodes), ["pre"], JSON.stringify(options));
  }
  const changing = loopOf({ write: (w, x) => l.matvec(l.mul(w, l.stepIndex(x)), x) });
  assert.deepEqual(axesOf(changing.nodes), ["pre"]);
});

Deno.test("a transposed matrix of each sequence takes no place of its own", () => {
  const builder = createProgram({ replicas: 1, sequences: 3, steps: 40 });
  builder.slot("h", { kind: "input", shape: [12, 12], hasBatchAxis: true });
  builder.slot("x", { kind: "input", shape: [12], hasBatchAxis: true, hasTimeAxis: true });
  builder.slot("y", { kind: "state", shape: [12], hasBatchAxis: true });
  builder.stage("train", { name: "loop", loop: "forward" }, ({ load, store }) => {
    store("y", l.vecmat(load("x"), l.transpose(load("h"))));
  });
  const stages = hoistInvariants(builder.build()).procedures.get("train")!;
  assert.deepEqual(stages.map(({ name }) => name), ["loop"]);
});
