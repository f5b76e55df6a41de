/** Gradients against central differences, both in float64 on the reference. */
import { type Extents, sizeOf } from "../axes.ts";
import { jvp } from "../autodiff/jvp.ts";
import { sumOverBatch, vjp } from "../autodiff/vjp.ts";
import type { Value } from "../program/elementwise.ts";
import { batchSum, filled, mul, sum } from "../program/language.ts";
import { createGraph, loadSlot } from "../program/node.ts";
import { type Given, prepareStage, single, type Values } from "./evaluate_stage.ts";
import { assertNear } from "./relative_rms.ts";

/** Half the distance of two samples; the error of a central difference is of the order of 1e-10. */
export const DIFFERENCE_STEP = 1e-5;

/** What an expression gives, without running it. */
function traceOnly<G extends Readonly<Record<string, Given>>>(
  given: G,
  f: (values: Values<G>) => Value,
): Value {
  const graph = createGraph(false);
  const loads = Object.entries(given).map(([name, { shape, hasBatchAxis = false }]) => {
    const slot = {
      name,
      kind: "parameter",
      shape,
      hasBatchAxis,
      hasTimeAxis: false,
      hasChunkAxis: false,
    } as const;
    return [name, loadSlot(graph, slot)] as const;
  });
  return f(Object.fromEntries(loads) as Values<G>);
}

const tangentOf = (name: string) => `tangent/${name}`;

/**
 * Checks d/dx of Σ cotangent ∘ f(x), over all elements, sequences and replicas, for every given x,
 * and its slope along random tangents of all x, forward and in reverse.
 *
 * @param bound on the relative rms error of each gradient.
 */
export async function checkGradients<G extends Readonly<Record<string, Given>>>(
  what: string,
  given: G,
  f: (values: Values<G>) => Value,
  { extents = single, bound = 1e-7 }: { extents?: Extents; bound?: number } = {},
): Promise<void> {
  const { shape, hasBatchAxis } = traceOnly(given, f);
  const names = Object.keys(given);
  const all: Record<string, Given> = {
    ...given,
    cotangent: { shape, hasBatchAxis, low: 0.3, high: 1 },
    ...Object.fromEntries(names.map((name) => {
      const { shape, hasBatchAxis } = given[name]!;
      return [tangentOf(name), { shape, hasBatchAxis }];
    })),
  };
  const { engine, values, run } = await prepareStage(all, (loads) => {
    const x = loads as Values<G> & { cotangent: Value };
    const result = f(x);
    const gradients = vjp(
      [{ value: result, cotangent: x.cotangent }],
      names.map((name) => loads[name]!),
    );
    const loss = sum(mul(x.cotangent, result));
    const tangents = new Map(names.map((name) => [loads[name]!, loads[tangentOf(name)]!] as const));
    const [moved] = jvp([result], tangents);
    const slope = sum(mul(x.cotangent, moved ?? filled(result, 0, shape)));
    return {
      loss: loss.hasBatchAxis ? batchSum(loss) : loss,
      slope: slope.hasBatchAxis ? batchSum(slope) : slope,
      ...Object.fromEntries(names.map((name) => {
        const load = loads[name]!;
        const gradient = gradients.get(load);
        if (!gradient) return [name, filled(load, 0, load.shape)];
        return [name, load.hasBatchAxis ? gradient.perSequence! : sumOverBatch(gradient)];
      })),
    };
  }, { extents });
  const lossOf = async () => Array.from((await run()).get("loss")!).reduce((a, b) => a + b, 0);
  let [central, size] = [0, 0];
  const analytic = new Map([...await run()].map(([name, each]) => [name, Array.from(each)]));
  for (const name of names) {
    const base = values.get(name)!;
    const numeric: number[] = [];
    for (let i = 0; i < base.length; i++) {
      const moved = base.slice();
      moved[i] = base[i]! + DIFFERENCE_STEP;
      engine.write(name, moved);
      const above = await lossOf();
      moved[i] = base[i]! - DIFFERENCE_STEP;
      engine.write(name, moved);
      numeric.push((above - await lossOf()) / (2 * DIFFERENCE_STEP));
    }
    engine.write(name, base);
    const derived = spreadCopies(analytic.get(name)!, {
      size: sizeOf(given[name]!.shape),
      copies: numeric.length / analytic.get(name)!.length,
    });
    assertNear(derived, numeric, { bound, what: `${what}: gradient of ${name}` });
    const tangent = values.get(tangentOf(name))!;
    numeric.forEach((each, i) => {
      central += each * tangent[i]!;
      size += Math.abs(each * tangent[i]!);
    });
  }
  const slope = analytic.get("slope")!.reduce((a, b) => a + b, 0);
  if (Math.abs(slope - central) > bound * Math.max(size, 1e-300)) {
    throw new Error(
      `${what}: slope along a tangent is ${slope}, by central differences ${central}`,
    );
  }
  engine.close();
}

/** A gradient that is the same for all sequences is kept once; repeats it for each of them. */
function spreadCopies(
  values: readonly number[],
  { size, copies }: { size: number; copies: number },
): number[] {
  return Array.from(
    { length: values.length / size },
    (_, p) => values.slice(p * size, (p + 1) * size),
  )
    .flatMap((one) => Array.from({ length: copies }, () => one).flat());
}
