/** The registers of a subgroup: every element has one owner, and what is read of other lanes is what they own. */
import assert from "node:assert/strict";
import type { Shape } from "../../axes.ts";
import { constantIndex, type Index, lanePosition, symbolIndex } from "../../schedule/index.ts";
import { gridValues } from "./grid.ts";
import { layOutSubgroup } from "./subgroup_layout.ts";

const LANES = 8;
const at = (element: readonly Index[]) => ({ ...lanePosition(0), element });

/** The values of all symbols of a layout for a lane. */
const valuesOf = (layout: ReturnType<typeof layOutSubgroup>, lane: number) =>
  new Map(layout.grids().flatMap((grid) => [...gridValues(grid, lane)]));

Deno.test("subgroup: a lane owns every eighth element of a vector, in the order of its registers", () => {
  const shapes: Shape[] = [[29], [64], [5], [2], [50, 1], [1, 50]];
  for (const shape of shapes) {
    const layout = layOutSubgroup(LANES, { isLooped: false });
    const axis = Math.max(shape.findIndex((extent) => extent > 1), 0);
    const owned = layout.ownedBy(shape);
    for (let lane = 0; lane < LANES; lane++) {
      const values = valuesOf(layout, lane);
      owned.forEach(({ position }, register) => {
        assert.ok(layout.isOwn(shape, position));
        const { symbol } = position.element[axis]! as { symbol: { name: string } };
        const last = shape[axis]! - 1;
        assert.equal(values.get(symbol.name), Math.min(register * LANES + lane, last), `${shape}`);
        assert.equal(layout.elementText("v", shape, position), `v_${register}`);
      });
    }
  }
});

Deno.test("subgroup: what a lane reads of a vector by a row or column of its grid is what another lane owns", () => {
  const shapes: Shape[] = [[29, 29], [50, 25], [64, 64], [33, 9], [2, 40], [40, 2]];
  for (const shape of shapes) {
    const layout = layOutSubgroup(LANES, { isLooped: false });
    const { rows, columns, lanes } = layout.gridOf(shape);
    assert.equal(lanes[0] * lanes[1], LANES, "all lanes have a part of the matrix");
    for (const [axis, symbols] of [rows, columns].entries()) {
      for (const symbol of symbols) {
        const position = at([symbolIndex(symbol)]);
        const text = layout.elementText("v", [shape[axis]!], position);
        const register = Number(/v_(\d+)/.exec(text)![1]);
        for (let lane = 0; lane < LANES; lane++) {
          const element = valuesOf(layout, lane).get(symbol.name)!;
          assert.equal(register * LANES + element % LANES, element, `${shape} ${symbol.name}`);
          const isOwn = layout.isOwn([shape[axis]!], position);
          if (isOwn && element < shape[axis]! - 1) assert.equal(element % LANES, lane);
        }
      }
    }
  }
});

Deno.test("subgroup: of a matrix a lane reads its own elements only, of a vector any", () => {
  const layout = layOutSubgroup(LANES, { isLooped: false });
  const { rows: [row], columns: [column] } = layout.gridOf([12, 20]);
  const [i, j] = [symbolIndex(row!), symbolIndex(column!)];
  assert.ok(layout.isOwn([12, 20], at([i, j])));
  assert.ok(!layout.isReadable([20, 12], at([j, i])), "transposed");
  assert.ok(!layout.isReadable([12, 20], at([i, constantIndex(0)])));
  assert.ok(layout.isReadable([20], at([constantIndex(17)])));
  assert.ok(!layout.isOwn([20], at([constantIndex(17)])));
  assert.equal(
    layout.elementText("v", [20], at([constantIndex(17)])),
    "subgroupShuffle(v_2, 17u % 8u)",
  );
  // An index that depends on the lane in another way is looked for in every register.
  const shifted = layout.elementText("v", [20], at([symbolIndex(column!, 1)]));
  assert.equal(shifted.match(/subgroupShuffle/g)!.length, 3);
});
