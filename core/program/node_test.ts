import assert from "node:assert/strict";
import { graphWithLoads } from "../testing/graph.ts";
import * as l from "./language.ts";
import { broadcast, constant, numberOf, reachable } from "./node.ts";
import { transplanter } from "./transplant.ts";

Deno.test("nodes: equal expressions are one node", () => {
  const { load, graph } = graphWithLoads();
  const [x, a] = [load("x", [3]), load("a", [3, 3])];
  assert.equal(load("x", [3]), x);
  assert.equal(l.tanh(l.matvec(a, x)), l.tanh(l.matvec(a, x)));
  assert.equal(constant(graph, 2), constant(graph, 2));
  const count = graph.nodes.length;
  l.tanh(l.matvec(a, x));
  assert.equal(graph.nodes.length, count);
});

Deno.test("nodes: what differs in anything is another node", () => {
  const { load, graph } = graphWithLoads();
  const [x, y, a] = [load("x", [3]), load("y", [3]), load("a", [3, 3])];
  assert.notEqual(l.sub(x, y), l.sub(y, x));
  assert.notEqual(l.slice(x, 0, 2), l.slice(x, 1, 2));
  assert.notEqual(l.reduce(a, { axes: ["pre"] }), l.reduce(a, { axes: ["post"] }));
  assert.notEqual(
    l.reduce(a, { axes: ["pre"] }),
    l.reduce(a, { axes: ["pre"], kind: "max" }),
  );
  assert.notEqual(l.row(x), l.column(x));
  assert.notEqual(l.iota(x, 3), l.iota(x, 4));
  assert.notEqual(constant(graph, 0), constant(graph, -0));
  assert.notEqual(l.filled(x, 1, [3]), l.filled(x, 1, [3, 3]));
});

Deno.test("nodes: inputs come before users", () => {
  const { load } = graphWithLoads();
  const x = load("x", [3]);
  const root = l.softmax(l.add(l.tanh(x), l.square(x)));
  const order = reachable([root]);
  assert.equal(order.at(-1), root);
  order.forEach((node, index) => {
    for (const input of node.inputs) assert.ok(order.indexOf(input) < index);
  });
});

Deno.test("nodes: broadcasting repeats single elements and nothing else", () => {
  const { load } = graphWithLoads();
  const x = load("x", [3]);
  assert.equal(broadcast(x, [3]), x);
  assert.deepEqual(broadcast(load("s", []), [2, 3]).shape, [2, 3]);
  assert.deepEqual(broadcast(l.row(x), [2, 3]).shape, [2, 3]);
  assert.throws(() => broadcast(x, [4]), /RangeError: cannot broadcast vector\(3\) to vector\(4\)/);
  assert.throws(() => broadcast(x, [3, 3]), /cannot broadcast vector\(3\) to matrix\(3, 3\)/);
  assert.equal(numberOf(l.filled(x, 7, [3])), 7);
  assert.equal(numberOf(x), undefined);
});

Deno.test("simplifications: exact ones are made", () => {
  const { load } = graphWithLoads();
  const [x, s, a] = [load("x", [3]), load("s", []), load("a", [2, 3])];
  const zero = l.filled(x, 0, [3]);
  const same: [string, unknown, unknown][] = [
    ["x + 0", l.add(x, 0), x],
    ["0 + x", l.add(0, x), x],
    ["x - 0", l.sub(x, 0), x],
    ["0 - x", l.sub(0, x), l.neg(x)],
    ["x 1", l.mul(x, 1), x],
    ["1 x", l.mul(1, x), x],
    ["x 0", l.mul(x, 0), zero],
    ["x / 1", l.div(x, 1), x],
    ["0 / x", l.div(0, x), zero],
    ["--x", l.neg(l.neg(x)), x],
    ["transposed twice", l.transpose(l.transpose(a)), a],
    ["where 1", l.where(l.filled(x, 1, []), x, 0), x],
    ["where 0", l.where(l.filled(x, 0, []), 0, x), x],
    ["where the same", l.where(s, x, x), x],
    ["whole slice", l.slice(x, 0, 3), x],
    ["one part", l.concat(x), x],
    ["reshaped back", l.reshape(l.row(x), [3]), x],
    ["2 + 3", numberOf(l.add(l.filled(x, 2, [3]), 3)), 5],
    ["2 - 3", numberOf(l.sub(l.filled(x, 2, [3]), 3)), -1],
    ["2 3", numberOf(l.mul(l.filled(x, 2, [3]), 3)), 6],
    ["3 / 2", numberOf(l.div(l.filled(x, 3, [3]), 2)), 1.5],
    ["scalar + zeros", l.add(s, zero), broadcast(s, [3])],
    ["stopGradient of a number", numberOf(l.stopGradient(zero)), 0],
  ];
  for (const [name, actual, expected] of same) assert.ok(Object.is(actual, expected), name);
});

Deno.test("transplanter: the same expression in another graph", () => {
  const { load } = graphWithLoads();
  const other = graphWithLoads();
  const [x, y] = [load("x", [3]), load("y", [3])];
  const stand = other.load("stand", [3]);
  const move = transplanter(other.graph, (node) => node === y ? stand : undefined);
  const moved = move(l.tanh(l.mul(x, y)));
  assert.equal(moved, l.tanh(l.mul(other.load("x", [3]), stand)));
  assert.ok(reachable([moved]).every(({ graph }) => graph === other.graph));
});
