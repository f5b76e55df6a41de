/** Golden cases of the plastic RNN from plain loops: the network, and its gradient in forward mode. */
import { randomStream } from "../../../core/random.ts";
import { encodeSafetensors } from "../../../store/files/safetensors.ts";
import type { Tensor } from "../../../store/files/tensor.ts";

/** N, T and η. */
export interface Sizes {
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

/** The bytes of a case; `edit` may damage it. */
export function drawnGolden(
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
  return encodeSafetensors(tensors, { case: JSON.stringify(settings) });
}
