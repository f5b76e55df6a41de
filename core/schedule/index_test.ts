import assert from "node:assert/strict";
import { createGraph, loadSlot, type Slot } from "../program/node.ts";
import * as l from "../program/language.ts";
import { accessesOf } from "./accesses.ts";
import {
  constantIndex,
  elementKey,
  type Index,
  indexKey,
  inputPosition,
  lanePosition,
  loopSymbol,
  shifted,
  symbolIndex,
  symbolOf,
  symbols,
  visitedPosition,
} from "./index.ts";

const graph = createGraph(true);
function load(name: string, shape: Slot["shape"]) {
  const axes = { hasBatchAxis: true, hasTimeAxis: false, hasChunkAxis: false };
  return loadSlot(graph, { name, kind: "state", shape, ...axes });
}
const vector = load("vector", [5]);
const matrix = load("matrix", [5, 3]);

Deno.test("index: a shift adds to the offset, whatever it follows", () => {
  const row = symbolIndex(symbols.row);
  assert.equal(indexKey(shifted(shifted(row, 3), -3)), indexKey(row));
  assert.equal(indexKey(shifted(constantIndex(2), 3)), "5");
  const part: Index = { clamped: shifted(row, 2), from: 3, to: 7, offset: -3 };
  assert.deepEqual(shifted(part, 1), { ...part, offset: -2 });
  assert.equal(indexKey(part), "clamp(i+2,3,7)+-3");
  assert.equal(symbolOf(part), symbols.row);
  assert.equal(symbolOf(constantIndex(0)), undefined);
});

Deno.test("index: where movements and reductions read their operand", () => {
  const inputOf = (node: l.Value) =>
    elementKey(inputPosition(node, lanePosition(node.shape.length)));
  assert.equal(inputOf(l.transpose(matrix)), "j+0,i+0");
  assert.equal(inputOf(l.slice(vector, 2, 3)), "i+2");
  assert.equal(inputOf(l.column(vector)), "i+0");
  const sum = l.reduce(matrix, { axes: ["post"] });
  const loop = symbolIndex(loopSymbol(0), 1);
  assert.equal(elementKey(visitedPosition(sum, lanePosition(1), [loop])), "q0+1,i+0");
  assert.throws(() => visitedPosition(vector, lanePosition(1), [loop]), TypeError);
});

Deno.test("index: a slice of a concatenation is read at the very lane it came from", () => {
  const part = load("part", [4]);
  const [first, second] = accessesOf(l.slice(l.tanh(l.concat(vector, part)), 5, 4), new Set(), {
    whole: true,
  });
  assert.deepEqual([first!.node, first!.sameLane], [vector, false]);
  assert.deepEqual([second!.node, second!.sameLane], [part, true]);
});
