import assert from "node:assert/strict";
import type { Figure } from "./chart.ts";
import { distinctIds } from "./distinct_ids.ts";

Deno.test("charts of one name are numbered, over all lists of a page", () => {
  const apart = distinctIds();
  const figures = (...ids: string[]) => ids.map((id) => ({ chart: { id }, title: id })) as Figure[];
  const idsOf = (list: readonly Figure[]) => apart(list).map(({ chart }) => chart.id);
  assert.deepEqual(idsOf(figures("a", "b", "a")), ["a", "b", "a-2"]);
  assert.deepEqual(idsOf(figures("a", "a-2", "c")), ["a-3", "a-2-2", "c"]);
});
