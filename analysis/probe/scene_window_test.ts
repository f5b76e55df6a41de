import assert from "node:assert/strict";
import { chooseScenes, scenesOf } from "./scene_window.ts";

const scenes = (repeats: string) =>
  [...repeats].map((letter, number) => ({
    number,
    start: 4 * number,
    frames: 4,
    isRepeat: letter === "r",
  }));
const numbers = (repeats: string, count: number) =>
  chooseScenes(scenes(repeats), count).map(({ number }) => number);

Deno.test("scenesOf reads the last frame of each scene", () => {
  const target = Float32Array.of(0, 0, 0, 1, 0, 0);
  assert.deepEqual(scenesOf({ target }, 2), [
    { number: 0, start: 0, frames: 2, isRepeat: false },
    { number: 1, start: 2, frames: 2, isRepeat: true },
    { number: 2, start: 4, frames: 2, isRepeat: false },
  ]);
});

Deno.test("chooseScenes takes the first scenes of which a quarter repeat", () => {
  assert.deepEqual(numbers("nrnnrnnn", 4), [0, 1, 2, 3]);
  assert.deepEqual(numbers("nnnnnrnr", 4), [2, 3, 4, 5]);
  assert.deepEqual(numbers("nnnnnnnrnrnn", 8), [2, 3, 4, 5, 6, 7, 8, 9]);
});

Deno.test("chooseScenes takes the most repeats where there are few, or the start where there are none", () => {
  assert.deepEqual(numbers("nnnnnnnnnr", 8), [2, 3, 4, 5, 6, 7, 8, 9]);
  assert.deepEqual(numbers("nnnnnn", 4), [0, 1, 2, 3]);
  assert.deepEqual(numbers("nrn", 3), [0, 1, 2]);
});
