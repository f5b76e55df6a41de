/** A kernel declares no more workgroup memory than the device has. */
import assert from "node:assert/strict";
import { matvec } from "../../program/language.ts";
import { createProgram } from "../../program/program.ts";
import { tableCases } from "../../testing/table_cases.ts";
import { emitProgram } from "./emit_program.ts";

/** Bytes of the arrays that a kernel declares, each in units of 16, as WebGPU counts them. */
function declaredBytes(source: string): number {
  const sizes = [...source.matchAll(/^var<workgroup> \w+: array<f32, (\d+)>;$/gm)];
  assert.equal(sizes.length, source.match(/var<workgroup>/g)?.length ?? 0);
  return sizes.reduce((sum, [, size]) => sum + Math.ceil(Number(size) * 4 / 16) * 16, 0);
}

Deno.test("arrays of a workgroup fit its memory, small ones in units of 16 bytes", () => {
  const isWanted = ({ model, updater }: { model: string; updater: string }) =>
    model === "binding" && updater === "rtrl" || model === "hybrid" && updater === "bptt";
  let fullest = 0;
  for (const { model, program } of tableCases({ replicas: 2, sequences: 3, isWanted })) {
    for (const bytes of [8 * 1024, 16 * 1024, 32 * 1024]) {
      const { stages } = emitProgram(program, {
        chunk: 1,
        lowering: "fused",
        arenaLimit: 2 ** 27,
        limits: { lanes: 256, bytes, isSoftware: true, subgroup: 1 },
      });
      for (const { source, traffic } of stages.flatMap(({ kernels }) => kernels)) {
        const declared = declaredBytes(source);
        assert.ok(declared <= bytes, `${model}: ${declared} bytes of ${bytes}`);
        assert.equal(traffic.workgroupBytes, declared);
        fullest = Math.max(fullest, declared / bytes);
      }
    }
  }
  assert.ok(fullest > 0.95, "a limit was felt");
});

Deno.test("so do those of one pass with many sums", () => {
  const [size, count] = [65, 24];
  const builder = createProgram({ replicas: 1, sequences: 33, steps: 1 });
  for (const name of Array.from({ length: count }, (_, index) => `${index}`)) {
    for (const [kind, hasBatchAxis] of [["own", true], ["shared", false]] as const) {
      builder.slot(`${kind}${name}`, { kind: "parameter", shape: [size, size], hasBatchAxis });
      builder.slot(`${kind} sum${name}`, { kind: "optimizer", shape: [size], hasBatchAxis: true });
    }
  }
  builder.slot("x", { kind: "parameter", shape: [size], hasBatchAxis: true });
  for (const kind of ["own", "shared"]) {
    builder.stage("main", { name: kind }, (stage) => {
      for (let index = 0; index < count; index++) {
        stage.store(`${kind} sum${index}`, matvec(stage.load(`${kind}${index}`), stage.load("x")));
      }
    });
  }
  const bytes = 16 * 1024;
  const { stages } = emitProgram(builder.build(), {
    chunk: 1,
    lowering: "split",
    arenaLimit: 2 ** 27,
    limits: { lanes: 256, bytes, isSoftware: false, subgroup: 1 },
  });
  const kernels = stages.flatMap(({ kernels }) => kernels);
  assert.deepEqual(kernels.map(({ source }) => /scratchpad|tile/.exec(source)?.[0]), [
    "scratchpad",
    "tile",
  ]);
  for (const { source, traffic } of kernels) {
    assert.ok(declaredBytes(source) <= bytes);
    assert.equal(traffic.workgroupBytes, declaredBytes(source));
  }
});
