import assert from "node:assert/strict";
import { cpuBackend } from "../core/backends/cpu/cpu.ts";
import { initialValues } from "../core/backends/initial_values.ts";
import { isPersistent } from "../core/backends/layout.ts";
import { type Workload, workloads } from "./workloads.ts";

/** The parameters after an iteration, by name, and the number of replicas that they are of. */
async function learned({ build, inputs }: Workload) {
  const program = build();
  const { replicas } = program.extents;
  const seeds = Array.from({ length: replicas }, (_, index) => index + 1);
  const backend = cpuBackend({ threads: 1 });
  const engine = await backend.prepare(program);
  const first = new Map<string, Float32Array>();
  for (const slot of program.slots.values()) {
    if (!isPersistent(slot)) continue;
    const values = initialValues(program, slot.name, seeds);
    engine.write(slot.name, values);
    if (slot.kind === "parameter") first.set(slot.name, Float32Array.from(values));
  }
  inputs(program).forEach((values, slot) => engine.write(slot, values));
  await engine.run("train", { iterations: 1 });
  const after = await engine.read([...first.keys()]);
  engine.close();
  backend.close();
  return { replicas, first, after };
}

for (const workload of workloads) {
  Deno.test(`workloads: ${workload.name} learns something`, async () => {
    const { first, after } = await learned(workload);
    const changed = [...after].filter(([slot, values]) =>
      values.some((value, index) => value !== first.get(slot)![index])
    );
    assert.ok(changed.length > 0);
    for (const [slot, values] of changed) assert.ok(values.every(Number.isFinite), slot);
  });
}

const namesOfMany = workloads.map(({ name }) => name).filter((name) => /-r\d+$/.test(name));

Deno.test("workloads: three are of many replicas", () => {
  assert.deepEqual(namesOfMany, [
    "memo-50-50-t400-r16",
    "attractor-n64-t1000-r64",
    "bohp-bptt-n29-t66-r64",
  ]);
});

for (const name of namesOfMany) {
  Deno.test(`workloads: the first replica of ${name} learns what it learns alone, the last another`, async () => {
    const find = (wanted: string) => workloads.find((workload) => workload.name === wanted)!;
    const alone = await learned(find(name.replace(/-r\d+$/, "")));
    const { replicas, after } = await learned(find(name));
    for (const [slot, values] of alone.after) {
      const size = after.get(slot)!.length / replicas;
      assert.deepEqual(after.get(slot)!.subarray(0, size), values, slot);
    }
    const [slot, values] = [...alone.after].find(([, { length }]) => length > 100)!;
    assert.notDeepEqual(after.get(slot)!.subarray(-values.length), values);
  });
}
