/**
 * Continual scene detection: has this scene been shown R scenes ago?
 *
 * A frame has `vec_len` values of -1 or 1. A scene has `scene_time` frames: a random one, and copies of it,
 * each with vec_len * variation bits flipped, rounded (`countOfShare`). From scene R on, a scene repeats the one R scenes
 * before it with probability 1/2, if that one is not a repeat itself; the order of its frames is shuffled.
 * A repeat has target 1, a new scene 0. The last frame of a scene is judged.
 *
 * Source: the continual familiarity task of Tyulmankov, Yang and Abbott (2022), with scenes.
 */
import { binaryCrossEntropy } from "../core/losses/binary_cross_entropy.ts";
import type { RandomStream } from "../core/random.ts";
import { SettingError } from "../core/training/setting_error.ts";
import type { Sequence, Task } from "../core/training/task.ts";
import { countOfShare, inexactShare } from "./count_of_share.ts";

/** The settings of a movie. */
export interface SceneOptions {
  readonly name: string;
  readonly summary: string;
  /** Frames in a scene. */
  readonly sceneTime: number;
  /** Values in a frame. */
  readonly vecLen: number;
  /** Share of the values of a frame that differ from the first frame of its scene. */
  readonly variation: number;
  /** R, scenes from a scene to its repeat. */
  readonly interval: number;
  /** Scenes in a movie. */
  readonly scenes: number;
}

/** The default number of scenes in a movie. */
export const scenesAt = (interval: number): number => Math.max(100, 20 * interval);

/** The mean share of new scenes: the accuracy of a guesser that always says "new". */
export function shareOfNew({ interval, scenes }: SceneOptions): number {
  const repeats = new Float64Array(scenes);
  for (let scene = interval; scene < scenes; scene++) {
    repeats[scene] = 0.5 * (1 - repeats[scene - interval]!);
  }
  return 1 - repeats.reduce((sum, share) => sum + share, 0) / scenes;
}

/** Makes the task of movies with one R. @throws SettingError if no scene can be a repeat. */
export function sceneTask(options: SceneOptions): Task {
  const { name, summary, sceneTime, vecLen, variation, interval, scenes } = options;
  if (interval >= scenes) {
    const what = `less than the ${scenes} scenes of a movie`;
    throw new SettingError({ task: name, key: "interval" }, what, interval);
  }
  const flips = countOfShare(variation, vecLen);
  return {
    name,
    summary,
    steps: scenes * sceneTime,
    inputs: { frame: [vecLen], target: [], weight: [] },
    loss: binaryCrossEntropy,
    output: [],
    sizes: { inputs: vecLen },
    score: "accuracy",
    chance: shareOfNew(options),
    bestLoss: 0,
    notes: inexactShare("variation", { share: variation, of: vecLen, what: "values" }),
    scenes: { steps: sceneTime, interval, at: (movie) => sceneTask({ ...options, ...movie }) },
    sequence: (random) => drawMovie(random, { ...options, flips }),
  };
}

/** Fills an array with random signs, 32 from each random word. */
function drawSigns(out: Float32Array, random: RandomStream): void {
  for (let start = 0; start < out.length; start += 32) {
    let word = random.bits();
    const end = Math.min(start + 32, out.length);
    for (let index = start; index < end; index++, word >>>= 1) out[index] = word & 1 ? 1 : -1;
  }
}

/** Draws `frame` [T, vec_len], `target` [T], and `weight` [T]: 1 / scenes at the last frame of each scene. */
function drawMovie(
  random: RandomStream,
  { sceneTime, vecLen, interval, scenes, flips }: SceneOptions & { flips: number },
): Sequence {
  const steps = scenes * sceneTime;
  const frame = new Float32Array(steps * vecLen);
  const target = new Float32Array(steps);
  const weight = new Float32Array(steps);
  const isRepeat = new Uint8Array(scenes);
  const order = Array.from({ length: sceneTime }, (_, index) => index);
  const places = Uint32Array.from({ length: vecLen }, (_, index) => index);
  const frameAt = (scene: number, index: number) => {
    const start = (scene * sceneTime + index) * vecLen;
    return frame.subarray(start, start + vecLen);
  };
  for (let scene = 0; scene < scenes; scene++) {
    const before = scene - interval;
    isRepeat[scene] = Number(before >= 0 && !isRepeat[before] && random.below(2) === 1);
    if (isRepeat[scene]) {
      random.shuffle(order);
      order.forEach((from, to) => frameAt(scene, to).set(frameAt(before, from)));
    } else {
      const first = frameAt(scene, 0);
      drawSigns(first, random);
      for (let index = 1; index < sceneTime; index++) {
        const next = frameAt(scene, index);
        next.set(first);
        for (let flip = 0; flip < flips; flip++) {
          const other = flip + random.below(vecLen - flip);
          const place = places[other]!;
          places[other] = places[flip]!;
          places[flip] = place;
          next[place] = -next[place]!;
        }
      }
    }
    const last = (scene + 1) * sceneTime - 1;
    target[last] = isRepeat[scene]!;
    weight[last] = 1 / scenes;
  }
  return { frame, target, weight };
}
