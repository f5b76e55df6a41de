/** Small golden cases on every backend, and what is said of damaged ones. */
import assert from "node:assert/strict";
import type { DeviceChoice } from "../../core/backends/device_choices.ts";
import { openBackend } from "../../core/backends/open_backend.ts";
import { findAdapter } from "../../core/backends/webgpu/device/adapter.ts";
import { DamagedFileError } from "../../store/files/damaged_file_error.ts";
import { decodeSafetensors, encodeSafetensors } from "../../store/files/safetensors.ts";
import type { Tensor } from "../../store/files/tensor.ts";
import type { LoweringChoice } from "../../core/schedule/lowering.ts";
import { readGolden } from "./golden.ts";
import { runParity } from "./run_parity.ts";

const folder = new URL("../../tests/goldens/", import.meta.url);
const files = [...Deno.readDirSync(folder)].map(({ name }) => name)
  .filter((name) => name.endsWith(".safetensors")).sort();
const bytesOf = (file: string) => Deno.readFileSync(new URL(file, folder));

async function assertAgrees(
  file: string,
  { device, lowering }: { device: DeviceChoice; lowering?: LoweringChoice },
): Promise<void> {
  const choice = { device, allowSoftwareAdapter: true, ...lowering ? { lowering } : {} };
  const { backend } = await openBackend(choice);
  try {
    const rows = await runParity(readGolden(file, bytesOf(file)), backend);
    assert.ok(rows.length > 4);
    assert.deepEqual(rows.filter(({ passed }) => !passed), []);
  } finally {
    backend.close();
  }
}

for (const device of ["reference", "cpu"] as const) {
  for (const file of files) {
    Deno.test(`${file} on ${device}`, () => assertAgrees(file, { device }));
  }
}

const ignore = await findAdapter() === undefined && Deno.env.get("CI") === undefined;
if (ignore) console.log("skip: golden cases on the gpu, as there is no adapter");
for (const lowering of ["fused", "split"] as const) {
  for (const file of files) {
    Deno.test({
      name: `${file} on the gpu, ${lowering}`,
      ignore,
      fn: () => assertAgrees(file, { device: "gpu", lowering }),
    });
  }
}

type Edit = (parts: { tensors: Map<string, Tensor>; settings: Record<string, unknown> }) => void;

async function parityOf(file: string, edit: Edit) {
  const { tensors, metadata } = decodeSafetensors(bytesOf(file), { source: file });
  const settings = JSON.parse(metadata["case"]!);
  edit({ tensors, settings });
  const bytes = encodeSafetensors(tensors, { case: JSON.stringify(settings) });
  const { backend } = await openBackend({ device: "reference" });
  return await runParity(readGolden("x.safetensors", bytes), backend);
}

const dfa = "ethereal_dfa_all_options.safetensors";
const rnn = "rnn_dfa_clipped.safetensors";

const remove = (name: string): Edit => ({ tensors }) => assert.ok(tensors.delete(name));
const set = (name: string, value: unknown): Edit => ({ settings }) => settings[name] = value;
const fill = (name: string, value: number): Edit => ({ tensors }) => {
  tensors.get(name)!.data[0] = value;
};
const flatten = (name: string): Edit => ({ tensors }) => {
  const { dtype, data } = tensors.get(name)!;
  tensors.set(name, { dtype, data, shape: [data.length, 1, 1] });
};
const add = (name: string): Edit => ({ tensors }) => {
  tensors.set(name, { dtype: "F32", shape: [1], data: Float32Array.of(1) });
};

const damaged: [file: string, says: RegExp, edit: Edit][] = [
  [dfa, /expected a tensor "init\/i2o\/bias"/, remove("init/i2o/bias")],
  [dfa, /expected a tensor "fixed\/i2h\/feedback"/, remove("fixed/i2h/feedback")],
  [rnn, /"fixed\/linear_layers\/1\/feedback"/, remove("fixed/linear_layers/1/feedback")],
  [dfa, /expected a tensor "input\/tokens"/, remove("input/tokens")],
  [
    dfa,
    /"fixed\/linear0\/mask" of shape \[9, 9\], got \[81, 1, 1\]/,
    flatten("fixed/linear0/mask"),
  ],
  [dfa, /"expected\/linear1\/weight" of shape \[2, 9, 9\]/, flatten("expected/linear1/weight")],
  [dfa, /"init\/linear0\/weight" holds NaN at 0/, fill("init/linear0/weight", NaN)],
  [dfa, /"expected\/loss" holds Infinity at 0/, fill("expected/loss", Infinity)],
  [dfa, /"input\/tokens" holds 3, expected an integer from 0 to 2/, fill("input/tokens", 3)],
  [dfa, /"input\/tokens" holds 0.5/, fill("input/tokens", 0.5)],
  [dfa, /expected only 0 and 1 in "fixed\/linear0\/mask"/, fill("fixed/linear0/mask", 0.5)],
  [dfa, /"input\/tokens" of shape \[2, 1000000000, 5\]/, set("batch", 1e9)],
  [dfa, /nothing is expected/, ({ tensors }) => {
    for (const name of tensors.keys()) if (name.startsWith("expected/")) tensors.delete(name);
  }],
  [dfa, /"family"/, ({ settings }) => delete settings["family"]],
];

const notUnderstood: [file: string, says: RegExp, edit: Edit][] = [
  [dfa, /unknown family "quantum"; expected one of ethereal, /, set("family", "quantum")],
  [dfa, /unknown family "toString"/, set("family", "toString")],
  [dfa, /setting "updater"/, set("updater", "rtrl")],
  [dfa, /"momentum"/, set("momentum", 0.9)],
  [dfa, /setting "hidden"/, set("hidden", 1.5)],
  [dfa, /setting "hidden_size"/, set("hidden", 1e6)],
  [dfa, /setting "positional_encoding"/, set("positional_encoding", 3)],
  [dfa, /setting "activation"/, set("activation", "gelu (tanh)")],
  [dfa, /setting "residual"/, ({ settings }) => delete settings["residual"]],
  [dfa, /setting "learning_rate"/, set("learning_rate", "0.1")],
  [rnn, /setting "optimizer"/, set("optimizer", "adam")],
  [dfa, /tensor "init\/linear9\/weight" is not understood/, add("init/linear9/weight")],
  [dfa, /tensor "fixed\/linear9\/feedback" is not understood/, add("fixed/linear9/feedback")],
  [dfa, /tensor "input\/mask" is not understood/, add("input/mask")],
  [dfa, /tensor "output\/loss" is not understood/, add("output/loss")],
  [dfa, /no value for the tensor "expected\/gradient"/, add("expected/gradient")],
];

for (
  const [kind, cases, type] of [
    ["damaged", damaged, DamagedFileError],
    ["not understood", notUnderstood, RangeError],
  ] as const
) {
  Deno.test(`what is ${kind} is refused in one line that names the file`, async (test) => {
    for (const [file, says, edit] of cases) {
      await test.step(String(says), () =>
        assert.rejects(parityOf(file, edit), (error: Error) => {
          assert.ok(error instanceof type, `${error.name}: ${error.message}`);
          assert.match(error.message, says);
          assert.match(error.message, /^x\.safetensors: [^\n]+$/);
          return true;
        }));
    }
  });
}

Deno.test("a wrong weight fails its own tensor", async () => {
  const rows = await parityOf(dfa, ({ tensors }) => {
    tensors.get("expected/i2o/bias")!.data[0]! += 1e-4;
  });
  assert.deepEqual(rows.filter(({ passed }) => !passed).map(({ name }) => name), [
    "expected/i2o/bias",
  ]);
});

Deno.test("every option changes what the case computes", async (test) => {
  const changes: [name: string, value: unknown][] = [
    ["updater", "backprop"],
    ["normalize", false],
    ["clip_weights", 0],
    ["grad_clip", 0],
    ["self_grad", 0],
    ["residual", false],
    ["recurrence", false],
    ["plast_clip", 5],
    ["learning_rate", 0.02],
    ["recurrent_feedback", false],
  ];
  for (const [name, value] of changes) {
    await test.step(name, async () => {
      const rows = await parityOf(dfa, set(name, value));
      assert.ok(rows.some(({ passed }) => !passed));
    });
  }
});
