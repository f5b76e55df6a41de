/** Which part of a sequence is drawn, and what is known of its scenes. */
import type { Sequence } from "../../core/training/task.ts";
import { buildTask } from "../../config/build/build_run.ts";
import type { RunConfig } from "../../config/run_config.ts";

/** Scenes that are drawn where nobody says how many. */
export const defaultScenes = 12;

/** Consecutive frames of one scene, all numbers counted from 0. */
export interface Scene {
  readonly number: number;
  /** Its first frame. */
  readonly start: number;
  readonly frames: number;
  /** It was shown R scenes before. */
  readonly isRepeat: boolean;
}

/** R of a movie for a network of this level; undefined where the task has no R. */
export function intervalOf({ task }: RunConfig, level: number | undefined): number | undefined {
  const { scenes } = buildTask(task);
  return scenes && (level ?? scenes.interval);
}

/** The scenes of a movie whose last frames say in `target` whether they repeat. */
export function scenesOf({ target }: Sequence, sceneTime: number): Scene[] {
  return Array.from({ length: Math.floor(target!.length / sceneTime) }, (_, number) => ({
    number,
    start: number * sceneTime,
    frames: sceneTime,
    isRepeat: target![(number + 1) * sceneTime - 1] === 1,
  }));
}

/**
 * `count` scenes in a row: the first ones of which at least a quarter repeat, or else those with the
 * most repeats. A movie starts with R scenes that cannot repeat, which would leave little to see.
 */
export function chooseScenes(scenes: readonly Scene[], count: number): readonly Scene[] {
  const enough = Math.max(1, Math.floor(count / 4));
  let [best, most] = [0, -1];
  for (let start = 0; start + count <= scenes.length && most < enough; start++) {
    const repeats = scenes.slice(start, start + count).filter(({ isRepeat }) => isRepeat).length;
    if (repeats > most) [best, most] = [start, repeats];
  }
  return scenes.slice(best, best + count);
}
