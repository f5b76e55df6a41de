/** The loss of patterns against plain loops, its gradient included. */
import assert from "node:assert/strict";
import { sumOverBatch, vjp } from "../autodiff/vjp.ts";
import { filled } from "../program/language.ts";
import { prepareStage } from "../testing/evaluate_stage.ts";
import { metricOf } from "./metric_facts.ts";
import { optional } from "../program/input.ts";
import { patternError } from "./pattern_error.ts";

const output = [0.9, -0.4, 0, 0.2, -1, 7];
const target = [1, 1, -1, -1, -1];
const erased = [1, 0, 1, 1, 0];
const size = target.length;

async function judge(weight: number, { scale = 1 }: { scale?: number } = {}) {
  const { engine, run } = await prepareStage(
    {
      output: { shape: [size + 1], values: output.map((value) => scale * value) },
      target: { shape: [size], values: target },
      erased: { shape: [size], values: erased },
      weight: { shape: [], values: [weight] },
    },
    ({ output, ...targets }) => {
      const step = { output, observed: {}, state: {}, targets };
      const { loss, weight, sums } = patternError(size).step(step);
      const gradients = vjp([{ value: loss, cotangent: filled(loss, 1, []) }], [output]);
      return {
        ...sums,
        total: loss,
        counted: weight,
        gradient: sumOverBatch(gradients.get(output)!),
      };
    },
  );
  const found = await run();
  engine.close();
  return {
    of: (name: string) => found.get(name)![0]!,
    gradient: Array.from(found.get("gradient")!),
  };
}

const near = (actual: number, expected: number, what: string) =>
  assert.ok(Math.abs(actual - expected) < 1e-12, `${what}: ${actual}, expected ${expected}`);

Deno.test("patternError: sums over the pattern's own neurons", async () => {
  const differences = target.map((bit, place) => output[place]! - bit);
  const squares = differences.reduce((sum, each) => sum + each ** 2, 0);
  for (const weight of [1, 2]) {
    const { of, gradient } = await judge(weight);
    near(of("total"), weight * squares / 2, "total");
    near(of("loss"), weight * squares / 2, "loss");
    near(of("error"), differences.reduce((sum, each) => sum + Math.abs(each), 0), "error");
    // Bits 1, 2 and 3 have the wrong sign; an output of 0 has none.
    const counts = [of("judged"), of("counted"), of("bits"), of("wrong"), of("large")];
    assert.deepEqual(counts, [1, 1, 5, 3, 0]);
    assert.deepEqual([of("erasedBits"), of("wrongErased"), of("rightErased")], [3, 2, 1]);
    differences.forEach((each, place) =>
      near(gradient[place]!, weight * each, `gradient ${place}`)
    );
    assert.equal(gradient[size], 0);
  }
});

Deno.test("patternError: a step of weight 0 counts for nothing, a large error as one", async () => {
  const { of, gradient } = await judge(0);
  for (const name of ["total", "loss", "judged", "counted", "bits", "wrong", "error", "large"]) {
    assert.equal(of(name), 0, name);
  }
  for (const name of ["erasedBits", "wrongErased", "rightErased"]) assert.equal(of(name), 0, name);
  assert.ok(gradient.every((each) => each === 0));
  assert.equal((await judge(1, { scale: 10 })).of("large"), 1);
});

Deno.test("patternError: an output that is not a number is wrong", async () => {
  const { of } = await judge(1, { scale: NaN });
  assert.deepEqual([of("wrong"), of("rightErased")], [5, 0]);
});

Deno.test("patternError: metrics are ratios of its sums", async () => {
  const { metrics, inputs } = patternError(size);
  assert.deepEqual(inputs, { target: [size], erased: [size], weight: optional([]) });
  const { of } = await judge(1);
  const ratio = (name: string) => {
    const [above, below] = metricOf({ metrics }, name).sums;
    return of(above!) / of(below!);
  };
  near(ratio("erased_accuracy"), 1 - ratio("wrong_erased"), "erased accuracy");
  near(ratio("wrong_bits"), 3 / 5, "wrong bits");
});
