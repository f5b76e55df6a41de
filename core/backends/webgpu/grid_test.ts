/** Grids of lanes: every element has one owner, and the text means what the model of traffic counts. */
import assert from "node:assert/strict";
import type { Shape } from "../../axes.ts";
import { symbolIndex } from "../../schedule/index.ts";
import {
  chooseLanes,
  createGrid,
  type Grid,
  gridSymbols,
  gridValues,
  insideTest,
  isOwned,
  lanesOf,
  ownedPosition,
  tiledGrid,
} from "./grid.ts";

const shapes: readonly Shape[] = [[64, 64], [50, 25], [29, 29], [1, 50], [7, 1], [33, 38], [64], [
  5,
]];

/** What the printed statements give the symbols, and whether their elements are inside. */
function runSymbols(grid: Grid, lane: number, tile: number): Record<string, number | boolean> {
  const lines = gridSymbols(grid).map((line) =>
    line.replaceAll(/\b(g0\w+)\b/g, "names.$1").replace("let ", "")
      .replaceAll("min(", "Math.min(").replaceAll(/\b(\d+)u\b/g, "$1")
      .replaceAll(/(lane|tile) \/ (\d+)/g, "Math.floor($1 / $2)")
  );
  const body = `const names = {}; ${lines.join("\n")} return names;`;
  return new Function("lane", "tile", body)(lane, tile);
}

/** Checks that every element of a grid has one owner, and that the model counts what is printed. */
function assertOwned(grid: Grid): void {
  const { shape, tiles: [down, across] } = grid;
  const owners = new Set<string>();
  for (let tile = 0; tile < down * across; tile++) {
    for (let lane = 0; lane < lanesOf(grid); lane++) {
      const values = gridValues(grid, lane, tile);
      const printed = runSymbols(grid, lane, tile);
      for (const [name, value] of values) assert.equal(printed[name], value, `${shape} ${name}`);
      for (const row of grid.rows) {
        for (const column of grid.columns) {
          const tests = insideTest(grid, row, column)?.split(" && ") ?? [];
          if (!tests.every((test) => printed[test])) continue;
          const element = `${values.get(row.name)} ${values.get(column.name)}`;
          assert.ok(!owners.has(element), `${shape} ${element} has two owners`);
          owners.add(element);
        }
      }
    }
  }
  assert.equal(owners.size, shape.reduce<number>((size, extent) => size * extent, 1));
}

Deno.test("grid: every element has one owner, for any shape and number of lanes", () => {
  for (const shape of shapes) {
    for (const most of [1, 32, 64, 256]) {
      const grid = createGrid("g0", shape, chooseLanes(shape, { most, mostSectors: 1.25 }));
      assert.ok(lanesOf(grid) <= most);
      assertOwned(grid);
    }
  }
});

Deno.test("grid: every element has one owner, over several workgroups", () => {
  for (const shape of shapes) {
    for (const owned of [[1, 1], [4, 4], [3, 2]] as const) {
      assertOwned(tiledGrid("g0", shape, { lanes: [2, 4], owned }));
    }
  }
});

Deno.test("grid: a lane owns elements of its grid alone, unshifted and not transposed", () => {
  const [grid, other] = ["g0", "g1"].map((name) => createGrid(name, [8, 8], [4, 8])) as [
    Grid,
    Grid,
  ];
  const position = ownedPosition(grid, grid.rows[1]!, grid.columns[0]!);
  assert.ok(isOwned(grid, position));
  assert.ok(!isOwned(other, position));
  const [row, column] = [grid.rows[1]!, grid.columns[0]!];
  const at = (...element: Parameters<typeof isOwned>[1]["element"]) => ({ ...position, element });
  assert.ok(!isOwned(grid, at(symbolIndex(column), symbolIndex(row))));
  assert.ok(!isOwned(grid, at(symbolIndex(row, 1), symbolIndex(column))));
  assert.ok(!isOwned(grid, at(symbolIndex(row))));
});
