import assert from "node:assert/strict";
import { circlesOf, folderArrows } from "./import_circles.ts";

const arrows = (graph: Record<string, readonly string[]>) =>
  new Map(Object.entries(graph).map(([from, to]) => [from, new Set(to)] as const));

Deno.test("circles: none in a graph that only looks down", () => {
  assert.deepEqual(circlesOf(arrows({ a: ["b", "c"], b: ["c"], c: [] })), []);
});

Deno.test("circles: two that touch are one, and others stand alone", () => {
  const graph = { a: ["b"], b: ["a", "c"], c: ["b", "d"], d: ["e"], e: ["f"], f: ["e"] };
  assert.deepEqual(
    circlesOf(arrows(graph)).sort(([a], [b]) => a! < b! ? -1 : 1),
    [["a", "b", "c"], ["e", "f"]],
  );
});

Deno.test("folders: arrows between siblings at the level where two paths part", () => {
  const imports = arrows({
    "a/x/one.ts": ["a/y/two.ts", "b/z/three.ts", "a/four.ts", "a/x/deep/five.ts"],
    "a/four.ts": ["a/x/one.ts"],
  });
  assert.deepEqual([...folderArrows(imports)].map(([from, to]) => [from, [...to]]), [
    ["a/x", ["a/y"]],
    ["a", ["b"]],
  ]);
});
