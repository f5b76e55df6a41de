/** A fused kernel declares no more workgroup memory than the device has. */
import assert from "node:assert/strict";
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
