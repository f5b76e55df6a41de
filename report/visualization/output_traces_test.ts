import assert from "node:assert/strict";
import type { Shape } from "../../core/axes.ts";
import type { Probe } from "../../analysis/probe/probe_network.ts";
import type { NetworkView } from "./network_view.ts";
import { hasTraces, tracesFigure } from "./output_traces.ts";

const STEPS = 3;

/** As much of a view as the traces are made of. */
function viewOf(
  shape: Shape,
  { isClassification = false, inputs = {}, weighedBy }: {
    isClassification?: boolean;
    weighedBy?: string[];
    inputs?: Record<string, number[]>;
  } = {},
): NetworkView {
  const units = shape[0] ?? 1;
  const values = Float32Array.from({ length: STEPS * units }, (_, index) => index);
  const probe = {
    ...{ output: { name: "output", shape, values }, start: 0, steps: STEPS },
    task: { loss: { isClassification, inputs, weighedBy } },
    inputs: Object.fromEntries(
      Object.entries(inputs).map(([name, numbers]) => [name, Float32Array.from(numbers)]),
    ),
  } as unknown as Probe;
  return { probe, frames: [], series: [] } as unknown as NetworkView;
}

const linesOf = (view: NetworkView) =>
  tracesFigure(view, { id: "n", slider: "s" }).chart.traces.map(({ plotly: { name, y } }) => [
    name,
    y,
  ]);

Deno.test("traces: outputs and targets over time, targets only where a step is judged", () => {
  const inputs = { target: [10, 11, 12, 13, 14, NaN], weight: [1, 0, 2] };
  assert.deepEqual(linesOf(viewOf([2], { inputs })), [
    ["output 0", [0, 2, 4]],
    ["target 0", [10, null, 14]],
    ["output 1", [1, 3, 5]],
    ["target 1", [11, null, null]],
  ]);
  const { target, weight } = inputs;
  const renamed = { inputs: { target, gain: weight }, weighedBy: ["gain"] };
  assert.deepEqual(linesOf(viewOf([2], renamed)), linesOf(viewOf([2], { inputs })));
});

Deno.test("traces: an output of one number, and targets that are not of its shape", () => {
  assert.deepEqual(linesOf(viewOf([])), [["output", [0, 1, 2]]]);
  assert.deepEqual(linesOf(viewOf([], { inputs: { target: [1, 2] } })), [["output", [0, 1, 2]]]);
  const { caption } = tracesFigure(viewOf([], { inputs: { target: [1, 2, 3] } }), {
    ...{ id: "n", slider: "s" },
  });
  assert.match(caption!, /Dotted: the targets/);
});

Deno.test("traces: of a few outputs that are no logits", () => {
  assert.ok(hasTraces(viewOf([]).probe) && hasTraces(viewOf([8]).probe));
  assert.ok(!hasTraces(viewOf([9]).probe));
  assert.ok(!hasTraces(viewOf([], { isClassification: true }).probe));
});

const modesOf = (inputs: Record<string, number[]>) =>
  tracesFigure(viewOf([], { inputs }), { id: "n", slider: "s" }).chart.traces
    .map(({ plotly: { mode } }) => mode);

Deno.test("traces: the target of a single judged step is seen", () => {
  const target = [1, 2, 3];
  for (const weight of [[0, 0, 1], [1, 0, 0], [0, 1, 0], [1, 0, 1]]) {
    assert.deepEqual(modesOf({ target, weight }), ["lines", "lines+markers"], weight.join());
  }
  assert.deepEqual(modesOf({ target, weight: [0, 1, 1] }), ["lines", "lines"]);
  assert.deepEqual(modesOf({ target, weight: [0, 0, 0] }), ["lines", "lines"]);
});
