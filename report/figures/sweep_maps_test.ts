import assert from "node:assert/strict";
import { intervalOverNetworks } from "../../core/numerics/over_networks.ts";
import { wilsonInterval } from "../../core/numerics/statistics.ts";
import { parseRunFiles } from "../run_files.ts";
import { explodedNetworks } from "./exploded.ts";
import { lossPanel } from "./learning_curve.ts";
import { mapGrids } from "./map_grids.ts";
import { curveFigures } from "./mod.ts";
import { drawSweepMap, edgesOf, explodedMap, metricMap, sweepMapFigures } from "./sweep_maps.ts";
import { sweepMetrics, sweepTable } from "./sweep_table.ts";
import { verdict } from "./verdict.ts";

const rates = { "updater.learning_rate": [0.1, 0.01], "model.plast_clip": [100, 1000] };

/** Losses of [rate][clip][seed]: NaN, and one above twice the guess of 2 symbols. */
const losses = [0.5, NaN, 9, 1.5, 0.4, 0.3, 0.2, 0.1];
const scores = [0.5, NaN, 0, 0.25, 0.75, 1, 1, 1];

const filesOf = (
  { sweep = rates, training = {}, hasGuess = true }: {
    sweep?: Readonly<Record<string, readonly unknown[]>>;
    training?: object;
    hasGuess?: boolean;
  } = {},
) =>
  parseRunFiles({
    config: JSON.stringify({ training: { seeds: [1, 2], sweep, ...training } }),
    metrics: JSON.stringify({
      iteration: 1,
      "test/loss": losses.map((loss) => Number.isNaN(loss) ? null : loss),
      "test/kept": scores.map((score) => Number.isNaN(score) ? null : score),
    }),
    figures: JSON.stringify({
      bounds: { score: "kept", ...hasGuess ? { guess_loss: Math.log(2) } : {} },
      metrics: { kept: { kind: "share" }, loss: { kind: "mean", unit: "nats", better: "less" } },
    }),
  });

Deno.test("maps: axes are the first two settings with several numbers, in rising order", () => {
  const [grid, ...more] = mapGrids(filesOf().sweep);
  assert.deepEqual(more, []);
  assert.deepEqual(grid, {
    x: { name: "learning rate", values: [0.01, 0.1] },
    y: { name: "plast clip", values: [100, 1000] },
    slice: "",
    cells: [[[4, 5], [0, 1]], [[6, 7], [2, 3]]],
  });
  const kinds = { "task.cue": ["input", "state"] };
  const flat: readonly Readonly<Record<string, readonly unknown[]>>[] = [
    {},
    kinds,
    { ...kinds, "task.a": [1, 2] },
    { "a.a": [1, 2], "a.b": [3] },
  ];
  for (const sweep of flat) {
    assert.deepEqual(mapGrids(filesOf({ sweep }).sweep), [], JSON.stringify(sweep));
  }
  const slices = mapGrids(filesOf({ sweep: { ...kinds, ...rates } }).sweep);
  assert.deepEqual(slices.map(({ slice, cells }) => [slice, cells]), [
    ["cue input", [[[4, 5], [0, 1]], [[6, 7], [2, 3]]]],
    ["cue state", [[[12, 13], [8, 9]], [[14, 15], [10, 11]]]],
  ]);
});

Deno.test("maps: exploded is a loss that is not finite or above the threshold", () => {
  const exploded = (options: Parameters<typeof filesOf>[0]) => explodedNetworks(filesOf(options));
  const two = 2 * Math.log(2);
  assert.deepEqual(exploded({}), {
    values: [0, 1, 1, 1, 0, 0, 0, 0],
    loss: two,
    where: "on fresh sequences",
  });
  assert.deepEqual(exploded({ training: { exploded_loss: 0 } })!.loss, two);
  assert.deepEqual(exploded({ training: { exploded_loss: 2 } })!.values, [0, 1, 1, 0, 0, 0, 0, 0]);
  const unknown = exploded({ hasGuess: false })!;
  assert.deepEqual([unknown.values, unknown.loss], [[0, 1, 0, 0, 0, 0, 0, 0], undefined]);
});

Deno.test("maps: a cell has the share that exploded, and the mean score of the others", () => {
  const files = filesOf();
  const [grid] = mapGrids(files.sweep);
  const map = explodedMap(grid!, explodedNetworks(files)!);
  const cell = (count: number) => ({
    value: count / 2,
    interval: wilsonInterval(count, 2),
    count: 2,
    of: 2,
  });
  assert.deepEqual(map.cells, [[cell(0), cell(1)], [cell(0), cell(2)]]);
  const { cells } = metricMap(grid!, {
    values: scores,
    facts: { kind: "share" },
    sequences: 100,
  });
  const over = (values: readonly number[]) =>
    intervalOverNetworks(values, { isShare: true, sequences: 100 });
  assert.deepEqual(cells, [
    [
      { value: 0.875, interval: over([0.75, 1]), count: 2, of: 2 },
      { value: 0.5, count: 1, of: 2 },
    ],
    [
      { value: 1, interval: over([1, 1]), count: 2, of: 2 },
      { value: 0.125, interval: over([0, 0.25]), count: 2, of: 2 },
    ],
  ]);
});

Deno.test("maps: colours of a share span 0 to 1, cells hold their values, axes follow the steps", () => {
  const files = filesOf();
  const [grid] = mapGrids(files.sweep);
  const { traces, layout } = drawSweepMap("a", explodedMap(grid!, explodedNetworks(files)!), []);
  const { x, z, zmin, zmax, text, customdata } = traces[0]!.plotly as Record<string, unknown[][]>;
  assert.deepEqual([z, zmin, zmax], [[[0, 0.5], [0, 1]], 0, 1]);
  assert.deepEqual(text, [["0", "0.5"], ["0", "1"]]);
  assert.equal(
    customdata![0]![1],
    "learning rate 0.1, plast clip 100<br>0.50 (95% interval 0.09 to 0.91), 2 networks",
  );
  assert.deepEqual(x, [0.00316228, 0.0316228, 0.316228]);
  const { type, ticktext } = layout["xaxis"] as Record<string, unknown>;
  assert.deepEqual([type, ticktext], ["log", ["0.01", "0.1"]]);
  assert.deepEqual(edgesOf([5, 10, 15]), [2.5, 7.5, 12.5, 17.5]);
});

Deno.test("maps: report, table and verdict tell the share over the map, and what it is", () => {
  const files = filesOf();
  const [exploded, score] = sweepMapFigures(files);
  assert.equal(exploded!.title, "Share of networks that exploded");
  assert.match(exploded!.caption, /^Exploded: a loss on fresh sequences above 1\.386 nats, or not/);
  assert.match(exploded!.caption, /Over the map 0\.375, 3 of 8\. 2 networks a cell/);
  assert.equal(score!.title, "Kept");
  assert.match(verdict(files), /3 of 8 networks exploded, a share of 0\.375 \(a loss on fresh/);
  const { columns, rows } = sweepTable(files, sweepMetrics(files));
  const column = columns.indexOf("Share of seeds that exploded");
  assert.deepEqual(rows.map((row) => row[column]), ["0.5", "1", "0", "0"]);
  const { caption, options } = lossPanel(files);
  assert.equal(caption, "The axis leaves out exploded networks.");
  assert.equal(options.highest, 4 * Math.log(2));
});

Deno.test("maps: of many combinations of further settings some are drawn, and that is told", () => {
  const numbers = (count: number) => Array.from({ length: count }, (_, index) => index + 1);
  const sweep = { "a.x": [1, 2], "a.y": [1, 2], "a.z": numbers(9) };
  const files = parseRunFiles({
    config: JSON.stringify({ training: { seeds: [1], sweep, exploded_loss: 2 } }),
    metrics: JSON.stringify({ iteration: 1, "train/loss": numbers(36) }),
  });
  const figures = sweepMapFigures(files);
  assert.equal(figures.length, 8);
  assert.equal(figures[7]!.title, "Share of networks that exploded, z 8");
  assert.match(figures[7]!.caption, /1 network a cell; .* Of 9 such maps the first 8 are drawn/);
});

Deno.test("maps: of 560 networks curves draw the mean of each point, without a legend", () => {
  const values = (count: number) => Array.from({ length: count }, (_, index) => index + 1);
  const files = parseRunFiles({
    config: JSON.stringify({
      training: { seeds: values(10), sweep: { "a.x": values(8), "a.y": values(7) } },
    }),
    metrics: JSON.stringify({ iteration: 1, "train/loss": values(560) }),
  });
  const [loss] = curveFigures(files);
  assert.equal(loss!.chart.traces.length, 56);
  assert.ok(loss!.chart.traces.every(({ plotly }) => plotly["showlegend"] === false));
  assert.deepEqual(loss!.chart.traces[1]!.plotly["y"], [15.5]);
});
