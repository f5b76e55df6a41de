/** Small passes of a step in one launch: which, and what waits. Twins hold their numbers. */
import assert from "node:assert/strict";
import * as l from "../../program/language.ts";
import { createProgram, type Program } from "../../program/program.ts";
import { emitProgram } from "./emit_program.ts";

/** Sums of small vectors around a product that is large. */
function aroundProduct(size: number): Program {
  const builder = createProgram({ replicas: 2, sequences: 3, steps: 4 });
  builder.slot("w", { kind: "parameter", shape: [size, size] });
  builder.slot("y", { kind: "optimizer", shape: [size], hasBatchAxis: true });
  builder.slot("z", { kind: "optimizer", shape: [5], hasBatchAxis: true });
  builder.stage("main", { name: "step", loop: "forward" }, (stage) => {
    const [w, y, z] = ["w", "y", "z"].map((name) => stage.load(name));
    const share = l.div(l.exp(z!), l.sum(l.exp(z!)));
    const next = l.tanh(l.mul(l.matvec(w!, y!), l.sum(l.mul(share, z!))));
    stage.store("y", next);
    stage.store("z", l.mul(share, l.sum(next)));
  });
  return builder.build();
}

const kernelsOf = (size: number, isSoftware: boolean) =>
  emitProgram(aroundProduct(size), {
    chunk: 1,
    lowering: "split",
    arenaLimit: 2 ** 27,
    limits: { lanes: 256, bytes: 16384, isSoftware, subgroup: 1 },
  }).stages.flatMap(({ kernels }) => kernels);

const waits = (source: string) => source.split("storageBarrier();").length - 1;

Deno.test("merged kernels: a CPU launches small passes together, and large ones by themselves", () => {
  const [all, large] = [kernelsOf(5, true), kernelsOf(150, true)];
  assert.equal(all.length, 1);
  assert.ok(large.length > 1 && large.length < kernelsOf(150, false).length);
  assert.ok(large.some(({ source }) => waits(source) === 0));
});

Deno.test("merged kernels: passes wait for those of the group before", () => {
  const [{ source, traffic, workgroups }] = kernelsOf(5, true) as [ReturnType<typeof kernelsOf>[0]];
  assert.equal(workgroups, 2);
  assert.ok(waits(source) >= 3);
  assert.equal(traffic.barriers, waits(source));
  assert.ok(traffic.passes.length > traffic.barriers);
});

Deno.test("merged kernels: a GPU launches every pass", () =>
  assert.ok(kernelsOf(5, false).every(({ source }) => waits(source) === 0)));
