import assert from "node:assert/strict";
import * as l from "../program/language.ts";
import { createGraph, loadSlot, type Node, type Slot } from "../program/node.ts";
import {
  elementKey,
  lanePosition,
  type Position,
  positionKey,
  shifted,
} from "../schedule/index.ts";
import { createWalk, type ExpressionPrinter } from "./walk_expression.ts";

const graph = createGraph(true);
function load(name: string, shape: Slot["shape"]): Node {
  const axes = { hasBatchAxis: true, hasTimeAxis: false, hasChunkAxis: false };
  return loadSlot(graph, { name, kind: "state", shape, ...axes });
}

/** Writes formulas, and notes in which order operations are written. */
function formulas() {
  const written: string[] = [];
  const names = new Map<string, string>();
  const printer: ExpressionPrinter<string> = {
    recall: (node, position) => names.get(positionKey(node, position)),
    remember: (node, position, text) => void names.set(positionKey(node, position), text),
    constant: String,
    load: (place, position) =>
      `${"slot" in place ? place.slot.name : place.temporary.name}[${elementKey(position)}]`,
    index: (_, position) => elementKey(position),
    step: () => "t",
    random: ({ stream }, _, position) => `${stream}[${elementKey(position)}]`,
    elementwise(op, node, position) {
      written.push(op);
      const operands = node.inputs.map((input) => walk(input, position));
      return `${op}(${operands.join(", ")})`;
    },
    partIndex: (index, { start }) => shifted(index, -start),
    concat: (parts) => [...parts].map(({ value, end }) => `${value} below ${end}`).join("; "),
  };
  const places = new Map();
  const walk = createWalk(printer, { places, computed: new Set() });
  const write = (node: Node, position: Position = lanePosition(node.shape.length)) =>
    walk(node, position);
  return { write, written, places };
}

Deno.test("walk: movements change the position and write nothing", () => {
  const { write, written } = formulas();
  const matrix = load("m", [3, 4]);
  const vector = load("v", [4]);
  assert.equal(write(l.transpose(matrix)), "m[j+0,i+0]");
  assert.equal(write(l.slice(vector, 1, 2)), "v[i+1]");
  assert.deepEqual(written, []);
});

Deno.test("walk: an element that several expressions read is written once", () => {
  const { write, written } = formulas();
  const shared = l.tanh(load("v", [4]));
  assert.equal(write(l.mul(shared, l.exp(shared))), "multiply(tanh(v[i+0]), exp(tanh(v[i+0])))");
  assert.deepEqual(written, ["multiply", "tanh", "exp"]);
});

Deno.test("walk: parts of a concatenation come from the last to the first", () => {
  const { write } = formulas();
  const joined = l.concat(load("a", [2]), load("b", [3]));
  assert.equal(write(joined), "b[i+-2] below 5; a[i+0] below 2");
});

Deno.test("walk: a value with a place is read; a reduction needs one", () => {
  const { write, places } = formulas();
  const sum = l.sum(load("v", [4]));
  assert.throws(() => write(sum), /TypeError: Value \d+ is reduced by another pass/);
  places.set(sum, { temporary: { name: "v1", shape: [], hasBatchAxis: true } });
  assert.equal(write(sum), "v1[]");
});
