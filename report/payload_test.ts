import assert from "node:assert/strict";
import { buildPayload } from "./payload.ts";

Deno.test("buildPayload carries the x values of drawn rows alone", () => {
  const chart = (id: string, rows: number[][]) => ({ id, rows, traces: [], layout: {} });
  const payload = buildPayload({
    axes: {
      titles: { iteration: "iterations", seconds: "seconds" },
      values: { iteration: [10, 20, 30, 40], seconds: [1, 2, 3, 4] },
    },
    controls: { replica: { initial: 2 } },
    charts: [chart("a", [[0, 3], [3]]), chart("b", [[1]]), chart("map", [])],
  });
  assert.deepEqual(payload.axes, { iteration: [10, 20, 40], seconds: [1, 2, 4] });
  assert.deepEqual(payload.charts.map(({ rows }) => rows), [[[0, 2], [2]], [[1]], []]);
  assert.deepEqual([payload.axis, payload.controls], ["iteration", { replica: { initial: 2 } }]);
});
