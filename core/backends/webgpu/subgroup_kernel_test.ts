/** Kernels of one subgroup: where they are printed, and that nothing in them waits. The twins run them. */
import assert from "node:assert/strict";
import { crossEntropy } from "../../losses/cross_entropy.ts";
import { models } from "../../../models/mod.ts";
import { findUpdater } from "../../../updaters/mod.ts";
import { closedLoop } from "../../program/closed_loop.ts";
import type { Program } from "../../program/program.ts";
import { emitProgram } from "./emit_program.ts";

const programOf = (hidden_size: number) =>
  findUpdater("bptt").build({
    model: models.rnn.instantiate({ symbols: 5, hidden_size, num_layers: 1 }),
    loss: crossEntropy,
    extents: { replicas: 2, sequences: 3, steps: 4 },
  }, { learning_rate: 0.01 });

const stagesOn = (device: { isSoftware: boolean; subgroup: number }, program: Program) =>
  emitProgram(program, {
    chunk: 1,
    lowering: "fused",
    arenaLimit: 2 ** 27,
    limits: { lanes: 256, bytes: 32768, ...device },
  }).stages;

function loopsOn(
  device: { isSoftware: boolean; subgroup: number },
  { hidden = 12, steps = 4 }: { hidden?: number; steps?: number } = {},
) {
  const whole = programOf(hidden);
  const program = { ...whole, extents: { ...whole.extents, steps } };
  return stagesOn(device, program).filter(({ procedure, stage: { loop } }) =>
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

Deno.test("subgroup kernels: a long text loops over rows, and too many registers or turns are left to workgroup memory", () => {
  const device = { isSoftware: true, subgroup: 8 };
  for (const { source } of loopsOn(device, { hidden: 96 })) {
    assert.match(source, /@workgroup_size\(8\)/);
    assert.match(source, /for \(var g\d+q = 0u/);
    assert.ok(source.split("\n").length < 2000);
  }
  for (const { source } of loopsOn(device, { hidden: 112 })) assert.match(source, /Barrier/);
  for (const { source, traffic } of loopsOn(device, { hidden: 96, steps: 4000 })) {
    assert.doesNotMatch(source, /@workgroup_size\(8\)/);
    assert.ok(traffic.turns <= 65535, `${traffic.turns}`);
  }
});

Deno.test("subgroup kernels: a step that is played alone has one exactly if its loop has", () => {
  for (const [steps, lanes] of [[4, "8"], [4000, "64"]] as const) {
    const whole = programOf(96);
    const program = closedLoop({ ...whole, extents: { ...whole.extents, steps } });
    const stages = stagesOn({ isSoftware: true, subgroup: 8 }, program);
    const lanesOf = (name: string, loop: string) =>
      stages.filter(({ procedure, stage }) => procedure === name && stage.loop === loop)
        .flatMap(({ kernels }) => kernels)
        .map(({ source }) => /@workgroup_size\((\d+)\)/.exec(source)?.[1]);
    assert.deepEqual(lanesOf("evaluate", "forward"), [lanes]);
    assert.deepEqual(lanesOf("evaluate/step", "one"), [lanes]);
  }
});
