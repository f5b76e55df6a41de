/** Kernels of one subgroup: where they are printed, and that nothing in them waits. The twins run them. */
import assert from "node:assert/strict";
import { crossEntropy } from "../../losses/cross_entropy.ts";
import { models } from "../../../models/mod.ts";
import { findUpdater } from "../../../updaters/mod.ts";
import { emitProgram } from "./emit_program.ts";

const program = findUpdater("bptt").build({
  model: models.rnn.instantiate({ symbols: 5, hidden_size: 12, num_layers: 1 }),
  loss: crossEntropy,
  extents: { replicas: 2, sequences: 3, steps: 4 },
}, { learning_rate: 0.01 });

function loopsOn(device: { isSoftware: boolean; subgroup: number }) {
  const limits = { lanes: 256, bytes: 32768, ...device };
  const { stages } = emitProgram(program, {
    chunk: 1,
    lowering: "fused",
    arenaLimit: 2 ** 27,
    limits,
  });
  return stages.filter(({ procedure, stage: { loop } }) =>
    procedure === "train" && (loop === "forward" || loop === "reverse")
  ).flatMap(({ kernels }) => kernels);
}

Deno.test("subgroup kernels: loops on a software adapter have no workgroup memory and no barriers", () => {
  const kernels = loopsOn({ isSoftware: true, subgroup: 8 });
  assert.equal(kernels.length, 2);
  for (const { source, traffic, workgroups } of kernels) {
    assert.match(source, /@workgroup_size\(8\)/);
    assert.doesNotMatch(source, /workgroup>|Barrier/);
    assert.match(source, /subgroupShuffle\(/);
    assert.equal(workgroups, 6);
    assert.equal(traffic.barriers, 0);
  }
});

Deno.test("subgroup kernels: no other device has them", () => {
  for (const device of [{ isSoftware: false, subgroup: 32 }, { isSoftware: true, subgroup: 4 }]) {
    for (const { source } of loopsOn(device)) assert.match(source, /Barrier/);
  }
});
