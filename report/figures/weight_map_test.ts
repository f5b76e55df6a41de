import assert from "node:assert/strict";
import type { RunMatrix } from "../run_files.ts";
import { colourLimit, drawWeightMap, isSingle, twoValues, weightMaps } from "./weight_map.ts";

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
  const [map] = weightMaps([matrix("w", 0, [-2, 2, 0, 0, 0, 0])]);
  assert.ok(map);
  const [trace] = drawWeightMap("id", map).traces;
  const { z, zmin, zmax } = trace?.plotly as {
    z: { bdata: string; shape: string };
    zmin: number;
    zmax: number;
  };
  const limit = 2 * Math.sqrt(8 / 6);
  assert.deepEqual([zmin, zmax, z.shape], [-limit, limit, "2,3"]);
  const read = new Float32Array(Uint8Array.fromBase64(z.bdata).buffer);
  assert.deepEqual([...read], [-2, 2, 0, 0, 0, 0]);
});

Deno.test("drawWeightMap gives no text of the run to Plotly", () => {
  const [map] = weightMaps([matrix("<b>w</b>", 0)]);
  assert.ok(map);
  assert.doesNotMatch(JSON.stringify(drawWeightMap("id", map)), /<b>w/);
});

Deno.test("a mask of two values has two colours, named by its values", () => {
  assert.deepEqual(twoValues(Float32Array.of(1, 0, 1)), [0, 1]);
  assert.equal(twoValues(Float32Array.of(1, 1)), undefined);
  assert.equal(twoValues(Float32Array.of(0, 0.5, 1)), undefined);
  assert.equal(twoValues(Float32Array.of(0, NaN)), undefined);
  const [map] = weightMaps([matrix("mask", 0, [0, 1, 0, 1, 1, 0])]);
  const { plotly } = drawWeightMap("id", map!).traces[0]!;
  const colourscale = plotly["colorscale"] as [number, string][];
  assert.equal(new Set(colourscale.map(([, colour]) => colour)).size, 2);
  const { ticktext, title } = plotly["colorbar"] as { ticktext: string[]; title: { text: string } };
  assert.deepEqual([ticktext, title.text], [["0", "1"], ""], "nothing is clipped");
});

Deno.test("a bias is drawn as bars, a thin matrix with sides within 1 to 4, one number not at all", () => {
  const column = { ...matrix("bias", 0), rows: 6, columns: 1 };
  const [bias] = weightMaps([column]);
  const { plotly } = drawWeightMap("id", bias!).traces[0]!;
  assert.deepEqual([plotly["type"], plotly["y"]], ["bar", [1, 2, 3, 4, 5, 6]]);
  const ratioOf = (rows: number, columns: number) => {
    const values = Array.from({ length: rows * columns }, (_, index) => index);
    const [map] = weightMaps([{ ...matrix("w", 0, values), rows, columns }]);
    return (drawWeightMap("id", map!).layout["yaxis"] as { scaleratio: number }).scaleratio;
  };
  assert.deepEqual([ratioOf(2, 3), ratioOf(2, 64), ratioOf(64, 2)], [1, 8, 1 / 8]);
  const [single] = weightMaps([{ ...matrix("b", 0, [1]), rows: 1, columns: 1 }]);
  assert.deepEqual([isSingle(single!), isSingle(bias!)], [true, false]);
});
