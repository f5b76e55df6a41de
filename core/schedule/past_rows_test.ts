/** Rows of earlier steps: which passes leave out the others, and that nobody misses them. */
import assert from "node:assert/strict";
import { cpuBackend } from "../backends/cpu/cpu.ts";
import { referenceBackend } from "../backends/reference/reference.ts";
import { webgpuBackend } from "../backends/webgpu/webgpu.ts";
import type { Value } from "../program/elementwise.ts";
import * as l from "../program/language.ts";
import { createProgram, type Program, type StageBuilder } from "../program/program.ts";
import { poisonMemory } from "../testing/poison_memory.ts";
import { assertTwins, trainOn } from "../testing/twin.ts";
import { changedRows } from "./past_rows.ts";
import { scheduleStage } from "./schedule.ts";

const [steps, size] = [6, 19];

/** Keeps a vector of each step, and makes the next one of those before. */
function remembering(
  also: (stage: StageBuilder, values: { past: Value; through: Value }) => void = () => {},
): Program {
  const builder = createProgram({ replicas: 2, sequences: 3, steps });
  builder.slot("w", { kind: "parameter", shape: [size, size] });
  builder.slot("x", { kind: "input", shape: [size], hasBatchAxis: true, hasTimeAxis: true });
  builder.slot("rows", { kind: "state", shape: [steps, size], hasBatchAxis: true });
  builder.slot("y", { kind: "optimizer", shape: [size], hasBatchAxis: true });
  builder.slot("other", { kind: "optimizer", shape: [steps, size], hasBatchAxis: true });
  builder.stage("main", { name: "begin" }, (stage) => {
    stage.store("rows", 0);
    stage.store("y", 0);
  });
  builder.stage("main", { name: "step", loop: "forward" }, (stage) => {
    const [w, x, rows, y] = ["w", "x", "rows", "y"].map((name) => stage.load(name));
    const index = l.iota(rows!, steps);
    const past = l.where(l.column(l.less(index, l.stepIndex(rows!))), rows!, 0);
    const each = l.mul(past, l.row(y!));
    const through = l.matmul(each, w!);
    const sum = l.reduce(l.mul(rows!, l.tanh(rows!), through), { axes: ["post"] });
    const dots = l.vecmat(l.matvec(past, y!), rows!);
    const next = l.tanh(l.add(l.mul(0.5, sum), dots, x!));
    stage.store("y", next);
    const isNow = l.equal(index, l.stepIndex(rows!));
    stage.store("rows", l.where(l.column(isNow), l.row(next), rows!));
    also(stage, { past, through });
  });
  return builder.build();
}

const passesOf = ({ procedures, extents }: Program) =>
  scheduleStage(procedures.get("main")![1]!, extents).groups.flat();

const pastOf = (program: Program): string[] =>
  passesOf(program).flatMap(({ past, domain, reduction }) =>
    past ? [`${past} of ${past === "loop" ? reduction!.operand : domain.shape}`] : []
  );

Deno.test("past rows: what only sums over earlier steps read is not made of others", () => {
  assert.deepEqual(pastOf(remembering()).toSorted(), [
    "loop of 6,19",
    "rows of 6",
    "rows of 6,19",
    "rows of 6,19",
  ]);
});

Deno.test("past rows: all are made where one is stored, or read from another row", () => {
  const isMade = (program: Program) =>
    passesOf(program).some(({ reduced, past }) =>
      reduced.some(({ operation }) => operation.op === "matmul") && past === undefined
    );
  assert.ok(!isMade(remembering()));
  assert.ok(isMade(remembering((stage, { through }) => stage.store("other", l.tanh(through)))));
  assert.ok(isMade(remembering((stage, { through }) => {
    const turned = l.vecmat(l.slice(stage.load("y"), 0, steps), l.add(through, 1));
    stage.store("other", l.outer(l.slice(turned, 0, steps), turned));
  })));
});

Deno.test("past rows: a step changes its own row", () => {
  const changed = (steps: number) =>
    passesOf(remembering()).flatMap((pass) => changedRows(pass, steps) ?? []);
  assert.deepEqual(changed(steps).map(({ to }) => "slot" in to && to.slot.name), ["rows"]);
  assert.deepEqual(changed(steps + 1), [], "the last step has no row");
});

const devices = {
  "cpu": () => cpuBackend({ threads: 1 }),
  "gpu": () => webgpuBackend({ allowSoftware: true, planAsHardware: true, lowering: "split" }),
  "software": () => webgpuBackend({ allowSoftware: true, lowering: "split" }),
  "gpu, fused": () => webgpuBackend({ allowSoftware: true, lowering: "fused" }),
} as const;

for (const [device, open] of Object.entries(devices)) {
  Deno.test(`past rows: the numbers of the reference, whatever memory holds, ${device}`, async () => {
    const undo = poisonMemory();
    const backend = await open();
    const options = { seeds: [1, 2], procedures: ["main"], iterations: 1, drawn: false };
    const expected = await trainOn(referenceBackend(), remembering(), options);
    const actual = await trainOn(backend, remembering(), options);
    backend.close();
    undo();
    assertTwins(actual, expected, { bound: 1e-5, what: device });
  });
}
