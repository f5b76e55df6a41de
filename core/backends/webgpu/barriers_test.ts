/** Barriers stand where one lane may touch what another has touched, and nowhere else. */
import assert from "node:assert/strict";
import { lanePosition } from "../../schedule/index.ts";
import { withBarriers } from "./barriers.ts";
import type { Place } from "../../schedule/pass.ts";
import { holderOf, type Level } from "./elements.ts";
import type { Region } from "./scratchpad.ts";
import type { Unit } from "./units.ts";

/** A unit that reads and writes temporaries by their names. */
function unit(reads: string, writes: string, level: Level = "workgroup"): Unit {
  const touch = (kind: "load" | "store") => (name: string) => ({
    place: { temporary: { name, shape: [4] as const, hasBatchAxis: true } },
    position: lanePosition(1),
    kind,
    level,
    times: 1,
  });
  return {
    lines: [`${reads}->${writes}`],
    traffic: {
      touches: [...[...reads].map(touch("load")), ...[...writes].map(touch("store"))],
      lanes: 4,
      valuesOf: () => new Map(),
    },
    pass: undefined,
    parts: undefined,
    words: 0,
  };
}

/** Each temporary has a word for itself; those with the same letter, small and large, share one. */
function regionOf(place: Place): Region {
  const from = holderOf(place).name.toLowerCase().charCodeAt(0);
  return { from, to: from + 1 };
}

const workgroup = "workgroupBarrier();";
const storage = "storageBarrier();";

Deno.test("barriers: after a write before its reader, and after a read before the next write", () => {
  const lines = withBarriers([unit("a", "b"), unit("c", "d"), unit("b", "e"), unit("f", "a")], {
    isRepeated: false,
    regionOf,
  });
  assert.deepEqual(lines, ["a->b", "c->d", workgroup, "b->e", "f->a"]);
});

Deno.test("barriers: a barrier of workgroup memory does not show what was written to memory", () => {
  const units = [unit("a", "m", "memory"), unit("", "w"), unit("w", ""), unit("m", "", "memory")];
  const lines = withBarriers(units, { isRepeated: false, regionOf });
  assert.deepEqual(lines, ["a->m", "->w", workgroup, "w->", storage, "m->"]);
});

Deno.test("barriers: registers need none, the next step may need one", () => {
  assert.deepEqual(
    withBarriers([unit("a", "a", "register"), unit("a", "", "register")], {
      isRepeated: true,
      regionOf,
    }),
    ["a->a", "a->"],
  );
  assert.deepEqual(withBarriers([unit("a", "b"), unit("", "c")], { isRepeated: true, regionOf }), [
    "a->b",
    "->c",
    workgroup,
  ]);
});

Deno.test("barriers: also between values that lie in the same place, one after the other", () => {
  const units = [unit("", "a"), unit("a", ""), unit("", "A"), unit("A", "")];
  assert.deepEqual(withBarriers(units, { isRepeated: false, regionOf }), [
    "->a",
    workgroup,
    "a->",
    workgroup,
    "->A",
    workgroup,
    "A->",
  ]);
});
