/** Gradients against central differences, both in float64 on the reference. */
import assert from "node:assert/strict";
import { type Extents, sizeOf } from "../axes.ts";
import { jvp } from "../autodiff/jvp.ts";
import { sumOverBatch, vjp } from "../autodiff/vjp.ts";
import type { Value } from "../program/elementwise.ts";
import { batchSum, filled, mul, sum } from "../program/language.ts";
import { createGraph, loadSlot } from "../program/node.ts";
import { centralDifferences } from "./central_differences.ts";
import {
  type PreparedStage,
  prepareStage,
  single,
  type TestInput,
  type Values,
} from "./evaluate_stage.ts";
import { assertNear } from "./relative_rms.ts";

/** The value of an expression in a graph of its own, which is not run. */
function traceOnly<G extends Readonly<Record<string, TestInput>>>(
  inputs: G,
  f: (values: Values<G>) => Value,
): Value {
  const graph = createGraph(false);
  const loads = Object.entries(inputs).map(([name, { shape, hasBatchAxis = false }]) => {
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

type Expression<G> = (values: Values<G>) => Value;
type Inputs = Readonly<Record<string, TestInput>>;

/**
 * Checks d/dx of Σ cotangent ∘ f(x), over all elements, sequences and replicas, for every input x. The
 * slope along random tangents of all inputs is checked too: forward mode against differences.
 *
 * @param bound on the relative rms error of each gradient.
 */
export async function checkGradients<G extends Inputs>(
  what: string,
  inputs: G,
  f: Expression<G>,
  { extents = single, bound = 1e-7 }: { extents?: Extents; bound?: number } = {},
): Promise<void> {
  const { engine, values, run } = await prepareCheck(inputs, f, extents);
  const sumOf = (x: ArrayLike<number>) => Array.from(x).reduce((a, b) => a + b, 0);
  const analytic = new Map([...await run()].map(([name, value]) => [name, Array.from(value)]));
  let [central, size] = [0, 0];
  for (const name of Object.keys(inputs)) {
    const base = values.get(name)!;
    const numeric = await centralDifferences(base, async (moved) => {
      engine.write(name, moved);
      return sumOf((await run()).get("loss")!);
    });
    engine.write(name, base);
    const derived = repeatCopies(analytic.get(name)!, {
      size: sizeOf(inputs[name]!.shape),
      copies: numeric.length / analytic.get(name)!.length,
    });
    assertNear(derived, numeric, { bound, what: `${what}: gradient of ${name}` });
    const tangent = values.get(tangentOf(name))!;
    numeric.forEach((slope, i) => {
      central += slope * tangent[i]!;
      size += Math.abs(slope * tangent[i]!);
    });
  }
  engine.close();
  const slope = sumOf(analytic.get("slope")!);
  assert.ok(
    Math.abs(slope - central) <= bound * Math.max(size, 1e-300),
    `${what}: slope along a tangent is ${slope}, by central differences ${central}`,
  );
}

/** A stage that computes the loss, its gradient by every input, and its slope along a tangent. */
function prepareCheck<G extends Inputs>(
  inputs: G,
  f: Expression<G>,
  extents: Extents,
): Promise<PreparedStage> {
  const { shape, hasBatchAxis } = traceOnly(inputs, f);
  const names = Object.keys(inputs);
  const tangents = names.map((name) => {
    const { shape, hasBatchAxis } = inputs[name]!;
    return [tangentOf(name), { shape, hasBatchAxis }] as const;
  });
  const slots: Record<string, TestInput> = {
    ...inputs,
    cotangent: { shape, hasBatchAxis, low: 0.3, high: 1 },
    ...Object.fromEntries(tangents),
  };
  return prepareStage(slots, (loads) => {
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
}

/** A gradient that all sequences share is stored once per replica; repeats it for each sequence. */
function repeatCopies(
  values: readonly number[],
  { size, copies }: { size: number; copies: number },
): number[] {
  return Array.from({ length: values.length / size }, (_, p) => {
    const gradient = values.slice(p * size, (p + 1) * size);
    return Array.from({ length: copies }, () => gradient).flat();
  }).flat();
}
