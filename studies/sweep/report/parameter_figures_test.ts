/** Where a figure of a setting has ticks. */
import assert from "node:assert/strict";
import type { SweepPoint } from "../results.ts";
import { drawParameter } from "./parameter_figures.ts";
import { parameterScale } from "./parameter_scale.ts";

const numbers = { min: 0.001, max: 1 };
const parameter = { path: "updater.learning_rate", name: "learning rate" };

/** The x axis of a figure of points with these values of a setting between .001 and 1. */
function axisOf(values: readonly number[]) {
  const points = values.map((value, index): SweepPoint => ({
    trial: { number: index, values: { [parameter.path]: value } },
    job: "0001",
    label: "",
    state: "done",
    iterations: 1,
    values: [value],
    mean: value,
    place: index,
    interval: undefined,
    problem: undefined,
  }));
  const domain = { kind: "range", distribution: "log_uniform_values", numbers } as const;
  const scale = parameterScale({ domain }, values);
  const metric = { name: "eval/loss", better: "less", facts: {} } as const;
  const { chart } = drawParameter({ parameter, number: 0, scale, points, metric });
  return chart.layout.xaxis as { tickvals?: number[]; dtick?: number };
}

Deno.test("a setting has ticks at its values, if their texts do not touch", () => {
  assert.deepEqual(axisOf([0.1, 0.001, 0.01, 0.1]).tickvals, [0.001, 0.01, 0.1]);
  const even = Array.from({ length: 12 }, (_, index) => 0.001 * 1.5 ** index);
  assert.deepEqual(axisOf(even).tickvals, even);
});

Deno.test("values that lie close together leave the ticks to powers of ten", () => {
  const axis = axisOf([0.0016, 0.0376, 0.0377, 0.0392, 0.19]);
  assert.equal(axis.tickvals, undefined);
  assert.equal(axis.dtick, 1);
});
