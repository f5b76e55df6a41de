import assert from "node:assert/strict";
import { parseRunFiles } from "../run_files.ts";
import { plasticStructure, structures, structureTable } from "./structure.ts";

// Three pattern neurons and a bias neuron; what belongs to the bias must not count.
const w = [
  [-1, 0.1, -0.2, 9],
  [0.3, 2, 0.1, 9],
  [-0.1, 0.2, -3, 9],
  [9, 9, 9, -9],
].flat();
const alpha = [
  [0, 1, 2, -5],
  [3, 0, -1, -5],
  [1, 1, 0, -5],
  [-5, -5, -5, 0],
].flat();

const near = (actual: number, expected: number) =>
  assert.ok(Math.abs(actual - expected) < 1e-7, `${actual}, expected ${expected}`);

Deno.test("plasticStructure measures pattern neurons alone, without the diagonal", () => {
  const structure = plasticStructure({ w, alpha, neurons: 4 }, { patternNeurons: 3 });
  near(structure.positive, 5 / 6);
  near(structure.selfInhibiting, 2 / 3);
  near(structure.fixed, 1 / 6);
  near(structure.plastic, 9 / 6);
  near(structure.ratio, 1 / 9);
  const whole = plasticStructure({ w, alpha, neurons: 4 }, { patternNeurons: 4 });
  near(whole.positive, 5 / 12);
  near(whole.selfInhibiting, 3 / 4);
});

Deno.test("plasticStructure: nothing plastic has no ratio, and sizes have to fit", () => {
  const none = plasticStructure({ w, alpha: w.map(() => 0), neurons: 4 }, { patternNeurons: 3 });
  assert.ok(Number.isNaN(none.ratio));
  assert.equal(none.positive, 0);
  for (const neurons of [3, 5]) {
    assert.throws(() => plasticStructure({ w, alpha, neurons }, { patternNeurons: 3 }), RangeError);
  }
  for (const patternNeurons of [1, 5]) {
    assert.throws(() => plasticStructure({ w, alpha, neurons: 4 }, { patternNeurons }), RangeError);
  }
});

Deno.test("structures: one for each replica that has both matrices, of runs on patterns", () => {
  const matrices = [0, 1].flatMap((replica) => [
    { name: "w", rows: 4, columns: 4, values: w, replica },
    { name: "alpha", rows: 4, columns: 4, values: alpha.map((x) => replica * x), replica },
  ]);
  const config = JSON.stringify({ task: { name: "auto_associative", pattern_size: 3 } });
  const measured = structures(
    parseRunFiles({ config, figures: JSON.stringify({ matrices }) }),
  );
  assert.deepEqual(measured.map(({ positive }) => positive), [0, 5 / 6]);
  const { columns, rows } = structureTable(measured);
  assert.deepEqual(columns, ["Structure", "Replica 0", "Replica 1"]);
  assert.deepEqual(rows.at(-1), ["Mean |w| over mean |α|", "–", "0.1111"]);
  assert.deepEqual(structureTable(measured.slice(1)).columns, ["Structure", "Value"]);
  const figures = JSON.stringify({ matrices: matrices.slice(0, 1) });
  assert.deepEqual(structures(parseRunFiles({ config, figures })), []);
  const other = JSON.stringify({ task: { name: "palindrome" } });
  const whole = JSON.stringify({ matrices });
  assert.deepEqual(structures(parseRunFiles({ config: other, figures: whole })), []);
});
