import assert from "node:assert/strict";
import type { Shape } from "../../core/axes.ts";
import type { NetworkView } from "./network_view.ts";
import { stepNumbersFigure } from "./step_numbers_figure.ts";

const series = (name: string, shape: Shape, ...values: number[]) => ({
  ...{ name, shape, values: Float32Array.from(values) },
});

/** As much of a view as the figure is made of. */
function viewOf({ states = [], observed = [], reads }: {
  states?: ReturnType<typeof series>[];
  observed?: ReturnType<typeof series>[];
  reads?: { observed?: string[]; state?: string[] };
}): NetworkView {
  const probe = { states, observed, start: 0, steps: 3, task: { loss: { reads } } };
  return { probe, frames: [], series: [] } as unknown as NetworkView;
}

const figuresOf = (parts: Parameters<typeof viewOf>[0]) =>
  stepNumbersFigure(viewOf(parts), { id: "n", slider: "s" });

Deno.test("numbers of each step: scalars of state and of what is observed, a line each", () => {
  const [figure, ...more] = figuresOf({
    states: [series("y", [2], 1, 2, 3, 4, 5, 6), series("level", [], 1, 2, 3)],
    observed: [series("m", [], 0.5, NaN, -0.5), series("eta", [1], 7, 8, 9)],
  });
  assert.deepEqual(more, []);
  assert.deepEqual(figure!.chart.traces.map(({ plotly: { name, mode, y } }) => [name, mode, y]), [
    ["level", "lines", [1, 2, 3]],
    // A point on either side of a gap has no neighbour to be joined with.
    ["m", "lines+markers", [0.5, null, -0.5]],
  ]);
  assert.doesNotMatch(figure!.caption!, /The loss/);
});

Deno.test("numbers of each step: those that the loss reads are named", () => {
  const observed = [series("m", [], 1, 2, 3), series("surprise", [], 1, 2, 3)];
  const [figure] = figuresOf({ observed, reads: { observed: ["surprise"] } });
  assert.match(figure!.caption!, /The loss reads surprise\./);
});

Deno.test("numbers of each step: no figure of a network without", () => {
  assert.deepEqual(figuresOf({ states: [series("y", [1], 1, 2, 3)] }), []);
});
