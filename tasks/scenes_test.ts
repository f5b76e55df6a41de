/** Movies, read back frame by frame and held to what a movie is said to be. */
import assert from "node:assert/strict";
import { randomStream } from "../core/random.ts";
import { anyDraw } from "../core/testing/any_draw.ts";
import { splitStreams } from "../core/training/task.ts";
import { type SceneOptions, scenesAt, sceneTask, shareOfNew } from "./scenes.ts";

const base: SceneOptions = {
  name: "movie",
  summary: "scenes",
  sceneTime: 4,
  vecLen: 25,
  variation: 0.1,
  interval: 1,
  scenes: 100,
};
const kinds: readonly { options: Partial<SceneOptions>; flips: number }[] = [
  { options: {}, flips: 2 },
  { options: { interval: 7, scenes: 140 }, flips: 2 },
  { options: { interval: 3, scenes: 7, sceneTime: 2, vecLen: 7, variation: 0.3 }, flips: 2 },
  { options: { interval: 4, scenes: 5, vecLen: 3 }, flips: 0 },
  { options: { interval: 2, scenes: 60, vecLen: 64, variation: 0.5, sceneTime: 3 }, flips: 32 },
  { options: { vecLen: 33, variation: 1, sceneTime: 3 }, flips: 33 },
  { options: { sceneTime: 1, variation: 0, vecLen: 40 }, flips: 0 },
];

interface Scene {
  readonly frames: readonly string[];
  readonly isRepeat: boolean;
}

function drawn(
  options: SceneOptions,
  step = 0,
  { seed = 5, stream = splitStreams.train as number } = {},
) {
  return sceneTask(options).sequence(randomStream({ seed, stream, step }), anyDraw);
}

/** The scenes of a movie; a frame is a text of + and -. */
function scenesOf(options: SceneOptions, step = 0): Scene[] {
  const { sceneTime, vecLen, scenes } = options;
  const { frame, target } = drawn(options, step);
  return Array.from({ length: scenes }, (_, scene) => ({
    frames: Array.from({ length: sceneTime }, (_, index) => {
      const start = (scene * sceneTime + index) * vecLen;
      return [...frame!.subarray(start, start + vecLen)].map((x) => x > 0 ? "+" : "-").join("");
    }),
    isRepeat: target![scene * sceneTime + sceneTime - 1] === 1,
  }));
}

const many = (options: SceneOptions, movies: number): Scene[][] =>
  Array.from({ length: movies }, (_, step) => scenesOf(options, step));

const differences = (a: string, b: string): number =>
  [...a].filter((sign, place) => sign !== b[place]).length;

/** Fails if counts are too far from all being equally likely. */
function assertUniform(counts: readonly number[], what: string): void {
  const expected = counts.reduce((a, b) => a + b, 0) / counts.length;
  assert.ok(expected > 50, `${what}: ${expected} are too few to tell`);
  const statistic = counts.reduce((sum, n) => sum + (n - expected) ** 2 / expected, 0);
  const freedom = counts.length - 1;
  assert.ok(statistic < freedom + 4.5 * Math.sqrt(2 * freedom), `${what}: ${statistic}: ${counts}`);
}

/** Fails if a share is more than 4.5 standard errors from a half. */
function assertHalf(hits: number, all: number, what: string): void {
  assert.ok(Math.abs(hits / all - 0.5) < 4.5 * 0.5 / Math.sqrt(all), `${what}: ${hits} of ${all}`);
}

Deno.test("movie: shapes, signs, and scores at the last frame of each scene alone", () => {
  for (const { options } of kinds) {
    const all = { ...base, ...options };
    const { sceneTime, vecLen, scenes } = all;
    const task = sceneTask(all);
    assert.equal(task.steps, scenes * sceneTime);
    assert.deepEqual(task.inputs, { frame: [vecLen], target: [], weight: [] });
    assert.deepEqual(task.sizes, { inputs: vecLen });
    assert.deepEqual(task.output, []);
    assert.ok(Object.hasOwn(task.loss.metrics, task.score));
    const { frame, target, weight, ...others } = drawn(all);
    assert.deepEqual(Object.keys(others), []);
    assert.equal(frame!.length, task.steps * vecLen);
    assert.ok(frame!.every((value) => Math.abs(value) === 1));
    for (const values of [target!, weight!]) assert.equal(values.length, task.steps);
    for (let t = 0; t < task.steps; t++) {
      const isLast = t % sceneTime === sceneTime - 1;
      assert.equal(weight![t], isLast ? Math.fround(1 / scenes) : 0);
      assert.ok(target![t] === 0 || isLast && target![t] === 1);
    }
  }
});

Deno.test("movie: a new scene varies its first frame, a repeat shows the frames of R ago", () => {
  for (const { options, flips } of kinds) {
    const all = { ...base, ...options };
    let repeats = 0;
    for (const scenes of many(all, 30)) {
      scenes.forEach(({ frames, isRepeat }, scene) => {
        if (!isRepeat) {
          const [first, ...others] = frames;
          for (const other of others) assert.equal(differences(first!, other), flips);
          return;
        }
        repeats++;
        const before = scenes[scene - all.interval];
        assert.ok(before, `scene ${scene} repeats one before the movie`);
        assert.equal(before.isRepeat, false, "a repeat is not repeated");
        assert.deepEqual(frames.toSorted(), before.frames.toSorted());
      });
    }
    assert.ok(repeats > 0, JSON.stringify(options));
  }
});

Deno.test("movie: a scene that is not a repeat is not the one of R ago by chance", () => {
  const scenes = scenesOf({ ...base, interval: 2, scenes: 1000 });
  scenes.slice(2).forEach(({ frames, isRepeat }, index) => {
    if (!isRepeat) assert.ok(!scenes[index]!.frames.includes(frames[0]!));
  });
});

Deno.test("movie: where a repeat may be it is one half of the time, whatever came before", () => {
  for (const interval of [1, 3]) {
    const [after, alone] = [{ hits: 0, all: 0 }, { hits: 0, all: 0 }];
    for (const scenes of many({ ...base, interval, sceneTime: 1 }, 200)) {
      scenes.forEach(({ isRepeat }, scene) => {
        if (scene < interval || scenes[scene - interval]!.isRepeat) return;
        const group = scenes[scene - 1]!.isRepeat ? after : alone;
        group.all++;
        group.hits += Number(isRepeat);
      });
    }
    const all = after.all + alone.all;
    assert.ok(all > 10_000);
    assertHalf(after.hits + alone.hits, all, `R = ${interval}`);
    assertHalf(alone.hits, alone.all, `R = ${interval}, after a new scene`);
    // With R = 1 none may follow a repeat.
    if (interval > 1) assertHalf(after.hits, after.all, `R = ${interval}, after a repeat`);
    else assert.equal(after.all, 0);
  }
});

Deno.test("movie: all orders of a repeated scene are equally likely", () => {
  const counts = new Map<string, number>();
  for (const scenes of many({ ...base, vecLen: 20, variation: 0.5 }, 120)) {
    scenes.forEach(({ frames, isRepeat }, scene) => {
      const before = scenes[scene - 1]?.frames;
      if (!isRepeat || new Set(before).size < 4) return;
      const order = frames.map((frame) => before!.indexOf(frame)).join("");
      counts.set(order, (counts.get(order) ?? 0) + 1);
    });
  }
  assert.equal(counts.size, 24);
  assertUniform([...counts.values()], "orders");
});

Deno.test("movie: signs and the places of flips are random", () => {
  const signs = Array.from({ length: 2 * 35 }, () => 0);
  const neighbours = [0, 0, 0, 0];
  const flipped = Array.from({ length: 35 }, () => 0);
  for (const scenes of many({ ...base, vecLen: 35 }, 20)) {
    for (const { frames: [first, ...others] } of scenes.filter(({ isRepeat }) => !isRepeat)) {
      [...first!].forEach((sign, place) => {
        signs[2 * place + Number(sign === "+")]!++;
        if (place > 0) neighbours[2 * Number(sign === "+") + Number(first![place - 1] === "+")]!++;
        for (const other of others) flipped[place]! += Number(other[place] !== sign);
      });
    }
  }
  for (let place = 0; place < 35; place++) {
    assertHalf(signs[2 * place]!, signs[2 * place]! + signs[2 * place + 1]!, `place ${place}`);
  }
  assertUniform(neighbours, "neighbours");
  assertUniform(flipped, "flips");
});

Deno.test("movie: chance is the share of new scenes", () => {
  for (const [interval, scenes] of [[1, 100], [5, 8], [5, 100], [30, 40]] as const) {
    const options = { ...base, interval, scenes, sceneTime: 1, vecLen: 2 };
    const movies = 400;
    const shares = many(options, movies).map((all) =>
      all.filter(({ isRepeat }) => !isRepeat).length / scenes
    );
    const mean = shares.reduce((a, b) => a + b) / movies;
    const variance = shares.reduce((sum, share) => sum + (share - mean) ** 2, 0) / movies;
    const { chance } = sceneTask(options);
    assert.equal(chance, shareOfNew(options));
    const error = Math.abs(mean - chance);
    assert.ok(error < 4.5 * Math.sqrt(variance / movies), `R = ${interval}: ${mean}, ${chance}`);
  }
});

Deno.test("movie: the same stream gives the same movie, any other another one", () => {
  const bits = (...where: [number, { seed?: number; stream?: number }?]) =>
    drawn(base, ...where).frame!.join();
  assert.equal(bits(3), bits(3));
  const { validation, test } = splitStreams;
  const others = [
    bits(4),
    bits(3, { seed: 6 }),
    ...[validation, test].map((stream) => bits(3, { stream })),
  ];
  assert.equal(new Set([bits(3), ...others]).size, 5);
});

Deno.test("movie: 20 R scenes, at least 100, and more than R", () => {
  assert.deepEqual([1, 5, 6, 100].map(scenesAt), [100, 100, 120, 2000]);
  for (const [interval, scenes] of [[10, 10], [12, 10]] as const) {
    assert.throws(() => sceneTask({ ...base, interval, scenes }), {
      name: "SettingError",
      message: `Task movie: interval: expected less than the 10 scenes of a movie, got ${interval}`,
    });
  }
});
