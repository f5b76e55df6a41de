import assert from "node:assert/strict";
import { randomStream } from "../core/random.ts";
import { anyDraw } from "../core/testing/any_draw.ts";
import type { Levels, Task } from "../core/training/task.ts";
import { continualScene, singleFrameFamiliarity } from "./continual_scene.ts";
import { findTask } from "./mod.ts";
import { willKeepBounds } from "./scene_bounds.ts";
import { scenesAt } from "./scenes.ts";

const frameOf = (task: Task): number[] =>
  Array.from(task.sequence(randomStream({ seed: 2 }), anyDraw)["frame"]!);

/** Scored steps of a movie, and how far back the first repeat lies, in scenes. */
function facts(task: Task, sceneTime: number) {
  const { frame, weight, target } = task.sequence(randomStream({ seed: 3 }), anyDraw);
  const scenes = weight!.filter((each) => each > 0).length;
  const vecLen = task.sizes["inputs"]!;
  const sceneAt = (scene: number) =>
    Array.from({ length: sceneTime }, (_, index) => {
      const start = (scene * sceneTime + index) * vecLen;
      return frame!.subarray(start, start + vecLen).join();
    }).sort().join("|");
  const repeat = target!.indexOf(1);
  const scene = Math.floor(repeat / sceneTime);
  let interval = 1;
  while (interval <= scene && sceneAt(scene - interval) !== sceneAt(scene)) interval++;
  return { scenes, interval };
}

Deno.test("continual_scene: the defaults are the published movie and curriculum", () => {
  const task = continualScene.build();
  assert.equal(task.steps, 400);
  assert.deepEqual(task.inputs, { frame: [25], target: [], weight: [] });
  const { at: _, ...levels } = task.levels!;
  assert.deepEqual(levels, {
    symbol: "R",
    first: 1,
    last: 100,
    threshold: 0.99,
    streak: 5,
    longest: 1_000_000,
  });
  assert.deepEqual(facts(task, 4), { scenes: 100, interval: 1 });
});

Deno.test("continual_scene: a level is the task of its R, and has no levels", () => {
  const { levels } = continualScene.build();
  for (const level of [1, 2, 5, 6, 17]) {
    const task = levels!.at(level);
    assert.equal(task.steps, 4 * Math.max(100, 20 * level));
    assert.equal(task.levels, undefined);
    assert.deepEqual(facts(task, 4), { scenes: scenesAt(level), interval: level });
    const alone = continualScene.build({ interval: level, curriculum: false });
    assert.deepEqual(frameOf(task), frameOf(alone));
    assert.equal(task.chance, alone.chance);
  }
});

Deno.test("continual_scene: without a curriculum there is one R", () => {
  const task = continualScene.build({ curriculum: false, interval: 7, scene_time: 2 });
  assert.equal(task.levels, undefined);
  assert.equal(task.steps, 2 * 140);
  assert.deepEqual(facts(task, 2), { scenes: 140, interval: 7 });
});

Deno.test("continual_scene: settings reach the movie and the curriculum", () => {
  const task = continualScene.build({
    scene_time: 3,
    vec_len: 10,
    variation: 0.3,
    interval: 4,
    scenes: 30,
    max_interval: 9,
    acc_threshold: 0.9,
    acc_num: 10,
    max_updates: 50,
  });
  assert.equal(task.steps, 90);
  assert.deepEqual(task.sizes, { inputs: 10 });
  const { at, ...levels } = task.levels!;
  const expected: Omit<Levels, "at"> = {
    symbol: "R",
    first: 4,
    last: 9,
    threshold: 0.9,
    streak: 10,
    longest: 50,
  };
  assert.deepEqual(levels, expected);
  assert.equal(at(9).steps, 90);
  assert.deepEqual(facts(at(9), 3), { scenes: 30, interval: 9 });
});

Deno.test("continual_scene: the last R is what a movie of given length has room for", () => {
  const lastOf = (settings: object) => continualScene.build({ ...settings }).levels!.last;
  assert.equal(lastOf({ scenes: 20 }), 19);
  assert.equal(lastOf({ scenes: 20, interval: 19 }), 19);
  assert.equal(lastOf({ scenes: 500 }), 100);
  assert.equal(lastOf({ interval: 120 }), 120);
  assert.equal(lastOf({ max_interval: 150 }), 150);
});

Deno.test("continual_scene: intervals that no movie holds are refused in one line", () => {
  const start = "Task continual_scene: ";
  const bad: [object, string][] = [
    [{ interval: 12, scenes: 10 }, "interval: expected less than the 10 scenes of a movie, got 12"],
    [
      { interval: 10, scenes: 10, curriculum: false },
      "interval: expected less than the 10 scenes of a movie, got 10",
    ],
    [
      { max_interval: 30, scenes: 20 },
      "max_interval: expected less than the 20 scenes of a movie, got 30",
    ],
    [
      { max_interval: 20, scenes: 20 },
      "max_interval: expected less than the 20 scenes of a movie, got 20",
    ],
    [
      { interval: 5, max_interval: 3 },
      "max_interval: expected at least the interval of 5, got 3",
    ],
  ];
  for (const [settings, message] of bad) {
    const error = { name: "SettingError", message: start + message };
    assert.throws(() => continualScene.build({ ...settings }), error);
  }
  // Not used, not judged.
  continualScene.build({ curriculum: false, max_interval: 30, scenes: 20 });
});

Deno.test("continual_scene: a level is checked on longer movies of its R, if asked for", () => {
  assert.equal(continualScene.build().levels!.check, undefined);
  const { levels } = continualScene.build({ scene_time: 2, verify_scenes: 1000 });
  const { task, holds } = levels!.check!(7);
  assert.deepEqual([task.steps, task.levels], [2000, undefined]);
  assert.deepEqual(facts(task, 2), { scenes: 1000, interval: 7 });
  assert.equal(holds, willKeepBounds);
});

Deno.test("continual scenes: say what their scenes are, and make movies of another R", () => {
  for (const [entry, steps] of [[continualScene, 4], [singleFrameFamiliarity, 1]] as const) {
    const { scenes, levels } = entry.build({ interval: 3 });
    assert.deepEqual([scenes!.steps, scenes!.interval], [steps, 3]);
    assert.equal(levels!.at(5).scenes!.interval, 5);
    const movie = scenes!.at({ interval: 4, scenes: 30 });
    assert.deepEqual([movie.steps, movie.levels], [30 * steps, undefined]);
    const alone = entry.build({ interval: 4, scenes: 30, curriculum: false });
    assert.deepEqual(frameOf(movie), frameOf(alone));
    assert.throws(() => scenes!.at({ interval: 30, scenes: 30 }), RangeError);
  }
});

Deno.test("single_frame_familiarity: scenes of one frame that never varies", () => {
  const task = singleFrameFamiliarity.build();
  assert.equal(task.steps, 100);
  assert.deepEqual(facts(task, 1), { scenes: 100, interval: 1 });
  assert.equal(task.levels!.at(6).steps, 120);
  const same = continualScene.build({ scene_time: 1, variation: 0 });
  assert.deepEqual(frameOf(task), frameOf(same));
  // @ts-expect-error a wrong key does not compile either
  assert.throws(() => singleFrameFamiliarity.build({ scene_time: 4 }), {
    name: "TypeError",
    message: /^Task single_frame_familiarity: [^\n]*"scene_time"/,
  });
});

Deno.test("continual scenes: their other names are known", () => {
  for (const name of ["continual_scene_detection", "scene_detection"]) {
    assert.equal(findTask(name), continualScene);
  }
  for (const name of ["continual_familiarity", "single_frame"]) {
    assert.equal(findTask(name), singleFrameFamiliarity);
  }
});
