import assert from "node:assert/strict";
import type { RunMatrix } from "../run_files.ts";
import { colourLimit, drawWeightMap, weightMaps } from "./weight_map.ts";

const matrix = (name: string, replica?: number, values = [1, 2, 3, 4, 5, 6]): RunMatrix => ({
  name,
  title: `the ${name}`,
  rows: 2,
  columns: 3,
  values: Float32Array.from(values),
  replica,
});

Deno.test("colourLimit is the far end of mean ± 2 sd of the finite values", () => {
  assert.equal(colourLimit(Float32Array.of(-1, 1, -1, 1)), 2);
  assert.equal(colourLimit(Float32Array.of(-4, -2, NaN, Infinity)), 3 + 2);
});

Deno.test("colourLimit of a matrix without spread is not 0", () => {
  assert.equal(colourLimit(Float32Array.of(0, 0)), 1);
  assert.equal(colourLimit(Float32Array.of(NaN)), 1);
  assert.equal(colourLimit(Float32Array.of(3, 3)), 3);
});

Deno.test("weightMaps groups the replicas of a matrix", () => {
  const maps = weightMaps([matrix("w", 0), matrix("v"), matrix("w", 1)]);
  assert.deepEqual(
    maps.map(({ name, title, layers }) => [name, title, layers.map((layer) => layer.replica)]),
    [["w", "the w", [0, 1]], ["v", "the v", [undefined]]],
  );
});

Deno.test("drawWeightMap centres colours at 0 and keeps every value", () => {
  const [map] = weightMaps([matrix("w", 0, [-1, 1, -1, 1, -1, 1])]);
  assert.ok(map);
  const [trace] = drawWeightMap("id", map).traces;
  const { z, zmin, zmax } = trace?.plotly as {
    z: { bdata: string; shape: string };
    zmin: number;
    zmax: number;
  };
  assert.deepEqual([zmin, zmax, z.shape], [-2, 2, "2,3"]);
  const read = new Float32Array(Uint8Array.fromBase64(z.bdata).buffer);
  assert.deepEqual([...read], [-1, 1, -1, 1, -1, 1]);
});

Deno.test("drawWeightMap gives no text of the run to Plotly", () => {
  const [map] = weightMaps([matrix("<b>w</b>", 0)]);
  assert.ok(map);
  assert.doesNotMatch(JSON.stringify(drawWeightMap("id", map)), /<b>w/);
});
