import assert from "node:assert/strict";
import { resolveConfig } from "../config/resolve_config.ts";
import { setAssignment } from "../config/config_file.ts";
import { randomStream } from "../core/random.ts";
import { anyDraw } from "../core/testing/any_draw.ts";
import { countOfShare } from "./count_of_share.ts";
import { findTask } from "./mod.ts";

Deno.test("a share of whole things is the nearest number of them, and of two the even one", () => {
  const cases: [share: number, of: number, count: number][] = [
    ...[[0.29, 100, 29], [0.57, 100, 57], [0.58, 50, 29], [1, 7, 7], [0, 7, 0]],
    ...[[0.3, 8, 2], [0.35, 8, 3], [0.1, 25, 2], [0.5, 7, 4], [0.145, 100, 14], [0.155, 100, 16]],
  ] as [number, number, number][];
  for (const [share, of, count] of cases) {
    assert.equal(countOfShare(share, of), count, `${share} of ${of}`);
  }
  for (let of = 1; of <= 1000; of++) {
    for (let count = 0; count <= of; count += 7) assert.equal(countOfShare(count / of, of), count);
  }
});

Deno.test("degraded, flips and variation make the same number of a share", () => {
  for (const share of [0.29, 0.57, 0.58, 0.31, 0.125, 0.375]) {
    const random = () => randomStream({ seed: 3 });
    const { erased } = findTask("auto_associative_1000")
      .build({ pattern_size: 100, degraded: share }).sequence(random(), anyDraw);
    const { memory, start } = findTask("attractor").build({
      ...{ neurons: 100, memories: 1, cue: "state", flips: share, flip_draw: "share" },
    }).sequence(random(), anyDraw);
    const { frame } = findTask("continual_scene")
      .build({ vec_len: 100, variation: share, scene_time: 2, scenes: 2, curriculum: false })
      .sequence(random(), anyDraw);
    const counts = [
      erased!.filter((bit) => bit === 1).length,
      start!.filter((bit, index) => bit !== memory![index]).length,
      frame!.subarray(0, 100).filter((bit, index) => bit !== frame![100 + index]).length,
    ];
    assert.deepEqual(counts, counts.map(() => countOfShare(share, 100)), `${share} of 100`);
  }
});

Deno.test("a share that cannot be met exactly is said in a note", () => {
  const notes = (...texts: string[]) => resolveConfig(texts.map(setAssignment)).notes;
  assert.deepEqual(
    notes("task.name=auto_associative_1000", "task.pattern_size=10", "task.degraded=.33"),
    ["note: task.degraded 0.33: 3 of 10 bits, which is 0.3 of them"],
  );
  assert.deepEqual(
    notes("task.name=auto_associative_1000", "task.pattern_size=100", "task.degraded=.29"),
    [],
  );
  assert.deepEqual(notes("task.name=continual_scene", "task.vec_len=25", "task.variation=.1"), [
    "note: task.variation 0.1: 2 of 25 values, which is 0.08 of them",
  ]);
});
