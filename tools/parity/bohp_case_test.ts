/** Plastic networks of any size against plain loops: the network, and its gradient in forward mode. */
import assert from "node:assert/strict";
import type { DeviceChoice } from "../../core/backends/device_choices.ts";
import { openBackend } from "../../core/backends/open_backend.ts";
import { findAdapter } from "../../core/backends/webgpu/device/adapter.ts";
import { DamagedFileError } from "../../store/files/damaged_file_error.ts";
import { updaters } from "../../updaters/mod.ts";
import { readGolden } from "./golden.ts";
import { runParity } from "./run_parity.ts";
import { drawnGolden, type Sizes } from "./testing/drawn_golden.ts";

const goldenOf = (...options: Parameters<typeof drawnGolden>) =>
  readGolden("drawn.safetensors", drawnGolden(...options));

const cases: readonly Sizes[] = [
  { neurons: 5, steps: 9, eta: 0.7 },
  { neurons: 2, steps: 1, eta: 0.5 },
  { neurons: 7, steps: 15, eta: 0.99 },
];
const rules = ["bptt", "rtrl"].filter((rule) => Object.hasOwn(updaters, rule));

async function assertAgrees(device: DeviceChoice, lowering?: "fused" | "split"): Promise<void> {
  const choice = { device, allowSoftwareAdapter: true, ...lowering ? { lowering } : {} };
  const { backend } = await openBackend(choice);
  try {
    for (const sizes of device === "gpu" ? cases.slice(0, 1) : cases) {
      const rows = await runParity(goldenOf(sizes), backend);
      assert.deepEqual(rows.filter(({ passed }) => !passed), [], JSON.stringify(sizes));
      const names = rules.flatMap((rule) =>
        ["y", "grad_w", "grad_alpha"].map((name) => `expected/${name} (${rule})`)
      );
      assert.deepEqual(rows.map(({ name }) => name).sort(), names.sort());
    }
  } finally {
    backend.close();
  }
}

for (const device of ["reference", "cpu"] as const) {
  Deno.test(`bohp: plain loops agree with every rule on ${device}`, () => assertAgrees(device));
}

const ignore = await findAdapter() === undefined && Deno.env.get("CI") === undefined;
for (const lowering of ["fused", "split"] as const) {
  Deno.test({
    name: `bohp: plain loops agree with every rule on the gpu, ${lowering}`,
    ignore,
    fn: () => assertAgrees("gpu", lowering),
  });
}

Deno.test("bohp: a wrong gradient fails, and what is damaged or not understood is refused", async () => {
  const { backend } = await openBackend({ device: "reference" });
  const parityOf = (edit: Parameters<typeof goldenOf>[1]) =>
    runParity(goldenOf(cases[0]!, edit), backend);
  const rows = await parityOf((tensors) => {
    tensors.get("expected/grad_alpha")!.data[6]! += 1e-3;
  });
  const failed = rows.filter(({ passed }) => !passed).map(({ name }) => name);
  assert.deepEqual(failed, rules.map((rule) => `expected/grad_alpha (${rule})`));
  await assert.rejects(parityOf((tensors) => void tensors.delete("init/alpha")), DamagedFileError);
  for (const [key, value] of [["gradient", "guess"], ["eta", 2], ["decay", 1]] as const) {
    await assert.rejects(parityOf((_, settings) => void (settings[key] = value)), RangeError);
  }
  backend.close();
});
