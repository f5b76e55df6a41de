/** Plastic networks of any size against plain loops: the network, and its gradient in forward mode. */
import assert from "node:assert/strict";
import { type DeviceChoice, openBackend } from "../../core/backends/open_backend.ts";
import { findAdapter } from "../../core/backends/webgpu/gpu.ts";
import { randomStream } from "../../core/random.ts";
import { DamagedFileError } from "../../store/files/damaged_file_error.ts";
import { encodeSafetensors } from "../../store/files/safetensors.ts";
import type { Tensor } from "../../store/files/tensor.ts";
import { updaters } from "../../updaters/mod.ts";
import { readGolden } from "./golden.ts";
import { runParity } from "./run_parity.ts";

interface Sizes {
  readonly neurons: number;
  readonly steps: number;
  readonly eta: number;
}

/** What is given, float32 as a file holds it. */
function draw({ neurons: n, steps }: Sizes) {
  const random = randomStream({ seed: 9, stream: n });
  const normal = (length: number, deviation: number) =>
    Float32Array.from({ length }, () => deviation * random.normal());
  return {
    w: normal(n * n, 1 / Math.sqrt(n)),
    alpha: normal(n * n, 0.7),
    y: normal(n, 0.5),
    x: normal(steps * n, 1),
    target: Float32Array.from({ length: n - 1 }, () => random.below(2) * 2 - 1),
  };
}

/** y at every step, and the gradients by w and α: the recursion of all sensitivities. */
function byForwardMode(drawn: ReturnType<typeof draw>, { neurons: n, steps, eta }: Sizes) {
  const { w, alpha, x, target } = drawn;
  const numbers = 2 * n * n;
  let now = Array.from(drawn.y), before = now.map(() => 0);
  let dNow = now.map(() => new Float64Array(numbers));
  let dBefore = dNow.map(() => new Float64Array(numbers));
  const hebb = Array.from(w, () => 0);
  const dHebb = hebb.map(() => new Float64Array(numbers));
  const shown: number[] = [];
  for (let t = 0; t < steps; t++) {
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) {
        const [place, slopes] = [i * n + j, dHebb[i * n + j]!];
        hebb[place] = eta * hebb[place]! + (1 - eta) * now[i]! * before[j]!;
        for (let k = 0; k < numbers; k++) {
          const product = dNow[i]![k]! * before[j]! + now[i]! * dBefore[j]![k]!;
          slopes[k] = eta * slopes[k]! + (1 - eta) * product;
        }
      }
    }
    const next: number[] = [], dNext: Float64Array<ArrayBuffer>[] = [];
    for (let i = 0; i < n; i++) {
      let sum = x[t * n + i]!;
      const slope = new Float64Array(numbers);
      for (let j = 0; j < n; j++) {
        const place = i * n + j;
        const weight = w[place]! + alpha[place]! * hebb[place]!;
        sum += weight * now[j]!;
        slope[place]! += now[j]!;
        slope[n * n + place]! += hebb[place]! * now[j]!;
        for (let k = 0; k < numbers; k++) {
          slope[k]! += weight * dNow[j]![k]! + alpha[place]! * dHebb[place]![k]! * now[j]!;
        }
      }
      next.push(Math.tanh(sum));
      dNext.push(slope.map((value) => value * (1 - next[i]! ** 2)));
    }
    [before, now, dBefore, dNow] = [now, next, dNow, dNext];
    shown.push(...next);
  }
  const gradient = new Float64Array(numbers);
  for (let i = 0; i < n - 1; i++) {
    for (let k = 0; k < numbers; k++) gradient[k]! += (now[i]! - target[i]!) * dNow[i]![k]!;
  }
  return { shown, gradient };
}

const settingsOf = ({ neurons, steps, eta }: Sizes) => ({
  family: "bohp",
  name: "drawn",
  neurons,
  steps,
  eta,
  recurrence: "hebb=eta*hebb+(1-eta)*outer(y[t-1],y[t-2]); y=tanh((w+alpha*hebb)@y[t-1]+x)",
  loss: "0.5*sum((y[T-1][:N-1]-target)^2)",
  gradient: "rtrl",
});

function goldenOf(
  sizes: Sizes,
  edit: (tensors: Map<string, Tensor>, settings: Record<string, unknown>) => void = () => {},
) {
  const { neurons: n, steps } = sizes;
  const drawn = draw(sizes);
  const { shown, gradient } = byForwardMode(drawn, sizes);
  const tensor = (data: ArrayLike<number>, ...shape: number[]): Tensor => ({
    dtype: "F32",
    shape,
    data: Float32Array.from(data),
  });
  const tensors = new Map<string, Tensor>([
    ["init/w", tensor(drawn.w, n, n)],
    ["init/alpha", tensor(drawn.alpha, n, n)],
    ["init/y", tensor(drawn.y, n)],
    ["input/x", tensor(drawn.x, steps, n)],
    ["input/target", tensor(drawn.target, n - 1)],
    ["expected/y", tensor(shown, steps, n)],
    ["expected/grad_w", tensor(gradient.subarray(0, n * n), n, n)],
    ["expected/grad_alpha", tensor(gradient.subarray(n * n), n, n)],
  ]);
  const settings: Record<string, unknown> = settingsOf(sizes);
  edit(tensors, settings);
  const bytes = encodeSafetensors(tensors, { case: JSON.stringify(settings) });
  return readGolden("drawn.safetensors", bytes);
}

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
