/** Lanes own elements apart from each other, and together all that there are. */
import assert from "node:assert/strict";
import type { Shape } from "../../axes.ts";
import {
  constantIndex,
  type Index,
  lanePosition,
  loopSymbol,
  type Position,
  symbolIndex,
} from "../../schedule/index.ts";
import { createGrid, ownedPosition } from "./grid.ts";
import { elementsOf, ofFirstLane, ofGrid, ofSequence } from "./own_elements.ts";

const place = (shape: Shape, hasBatchAxis = true) => ({
  temporary: { name: "v", shape, hasBatchAxis },
});

Deno.test("own elements: every element of a shape once, row by row", () => {
  assert.deepEqual(elementsOf([]), [[]]);
  const offsets = elementsOf([2, 3]).map((element) =>
    element.map((index) => "clamped" in index ? NaN : index.offset)
  );
  assert.deepEqual(offsets, [[0, 0], [0, 1], [0, 2], [1, 0], [1, 1], [1, 2]]);
});

Deno.test("own elements: a lane has its whole sequence, and nothing of another or of all", () => {
  const owner = ofSequence(40);
  const own: Position = { ...lanePosition(0), element: [constantIndex(4)] };
  assert.ok(owner.owns(place([5]), own, 40));
  assert.ok(!owner.owns(place([5], false), own, 40));
  assert.ok(!owner.owns(place([5]), { ...own, sequence: symbolIndex(loopSymbol(0)) }, 40));
  assert.ok(!owner.owns(place([5]), lanePosition(1), 40));
  const { positions, lanes, sectors } = owner.elementsOf(place([5, 5]));
  assert.equal(positions.length, 25);
  assert.equal(lanes, 40);
  assert.equal(sectors, 8);
});

Deno.test("own elements: the first lane has the numbers that it alone touches, not those of all sequences", () => {
  const own = lanePosition(0);
  assert.ok(ofFirstLane.owns(place([]), own, 1));
  assert.ok(!ofFirstLane.owns(place([]), own, 3));
  for (const sequence of [symbolIndex(loopSymbol(0)), constantIndex(1)]) {
    assert.ok(!ofFirstLane.owns(place([]), { ...own, sequence }, 1));
  }
  assert.ok(!ofFirstLane.owns(place([]), { ...own, time: symbolIndex(loopSymbol(0)) }, 1));
});

Deno.test("own elements: lanes of a grid own those of all sequences that the text names", () => {
  const grid = createGrid("g0", [4, 6], [2, 3]);
  const owner = ofGrid(grid, 5);
  const [row, column] = [grid.rows[0]!, grid.columns[0]!];
  const at = (sequence: Index) => ownedPosition(grid, row, column, sequence);
  assert.ok(owner.owns(place([4, 6]), at(constantIndex(3)), 6));
  assert.ok(!owner.owns(place([4, 6]), at(symbolIndex(loopSymbol(0))), 6));
  assert.ok(!owner.owns(place([4, 6]), ownedPosition(grid, row, column), 6));
  // What sequences share is owned whatever sequence needs it.
  assert.ok(owner.owns(place([4, 6], false), at(constantIndex(3)), 6));
  assert.equal(owner.elementsOf(place([4, 6])).positions.length, 2 * 2 * 5);
  assert.equal(owner.elementsOf(place([4, 6], false)).positions.length, 2 * 2);
});
