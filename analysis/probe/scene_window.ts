/** Chooses the part of a movie that is drawn, and describes its scenes. */
import type { Sequence } from "../../core/training/task.ts";
import { buildTask } from "../../config/build/build_run.ts";
import type { RunConfig } from "../../config/run_config.ts";

/** Scenes that are drawn by default. */
export const defaultScenes = 12;

/** Consecutive frames of one scene. Scenes and frames are counted from 0. */
export interface Scene {
  readonly number: number;
  /** Its first frame. */
  readonly start: number;
  readonly frames: number;
  /** Whether it was shown R scenes before. */
  readonly isRepeat: boolean;
}

/** R of a movie for a network of this level; undefined if the task makes no movies. */
export function intervalOf(config: RunConfig, level: number | undefined): number | undefined {
  const { scenes } = buildTask(config);
  return scenes && (level ?? scenes.interval);
}

/** The scenes of a movie. The target of the last frame of a scene says whether it repeats. */
export function scenesOf({ target }: Sequence, sceneTime: number): Scene[] {
  return Array.from({ length: Math.floor(target!.length / sceneTime) }, (_, number) => ({
    number,
    start: number * sceneTime,
    frames: sceneTime,
    isRepeat: target![(number + 1) * sceneTime - 1] === 1,
  }));
}

/**
 * `count` scenes in a row: the first row in which at least a quarter repeat, or else the row with the
 * most repeats. The start of a movie would show little, as its first R scenes cannot repeat.
 */
export function chooseScenes(scenes: readonly Scene[], count: number): readonly Scene[] {
  const enough = Math.max(1, Math.floor(count / 4));
  let [bestStart, mostRepeats] = [0, -1];
  for (let start = 0; start + count <= scenes.length && mostRepeats < enough; start++) {
    const repeats = scenes.slice(start, start + count).filter(({ isRepeat }) => isRepeat).length;
    if (repeats > mostRepeats) [bestStart, mostRepeats] = [start, repeats];
  }
  return scenes.slice(bestStart, bestStart + count);
}
