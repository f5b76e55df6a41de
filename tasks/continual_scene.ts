/** Two entries of the table of tasks: continual scene detection, and its form with single frames. */
import { z } from "../deps/zod.ts";
import { SettingError } from "../core/training/setting_error.ts";
import type { Levels, Task } from "../core/training/task.ts";
import { defineTask, type TaskEntry, type TaskFacts } from "./entry.ts";
import { willKeepBounds } from "./scene_bounds.ts";
import { type SceneOptions, scenesAt, sceneTask } from "./scenes.ts";
import type { ContinualSceneTaskSettings, SingleFrameFamiliarityTaskSettings } from "./settings.ts";

/** With fewer scenes, even a network without errors could not be shown to have at most 1% false positives. */
const LEAST_VERIFYING = 1000;

const curriculumConfig = {
  vec_len: z.int().min(1).max(8192).default(25).describe("Values of a frame, each -1 or 1"),
  interval: z.int().min(1).max(10_000).default(1).describe(
    "R, scenes from a scene to its repeat; with a curriculum, the first R",
  ),
  scenes: z.int().min(2).max(1_000_000).optional().describe(
    "Scenes of a movie (default: 20 R, at least 100)",
  ),
  curriculum: z.boolean().default(true).describe("Raise R whenever it is learned"),
  max_interval: z.int().min(1).max(10_000).optional().describe(
    "The last R of the curriculum (default: 100, or what the movie has room for)",
  ),
  acc_threshold: z.number().min(0).max(1).default(0.99).describe(
    "Accuracy of an update's movies, together, that counts as learned",
  ),
  acc_num: z.int().min(1).max(10_000).default(5).describe(
    "Updates in a row, each on fresh movies, with that accuracy that raise R",
  ),
  verify_scenes: z.int().min(0).max(1_000_000).default(0).describe(
    "Scenes of a held-out movie, and of another after it, that must be judged so well before R rises that a movie of 10,000 is foretold (95%) to have accuracy .985, FP 1%, FN 3% at worst (0: none)",
  ),
  max_updates: z.int().min(1).max(999_999_999_999).default(1_000_000).describe(
    "Updates at one R after which training stops, unconverged",
  ),
};

const sceneConfig = z.strictObject({
  scene_time: z.int().min(1).max(1000).default(4).describe("Frames of a scene"),
  variation: z.number().min(0).max(1).default(0.1).describe(
    "Share of a frame's values that differ from the first frame of its scene",
  ),
  ...curriculumConfig,
});

/** Makes the task. @throws SettingError if the levels do not fit the movie. */
function movies(
  settings: z.output<typeof sceneConfig>,
  { name, summary }: TaskFacts,
): Task {
  const { scene_time, vec_len, variation, interval, scenes } = settings;
  const movie = (level: number): SceneOptions => ({
    name,
    summary,
    sceneTime: scene_time,
    vecLen: vec_len,
    variation,
    interval: level,
    scenes: scenes ?? scenesAt(level),
  });
  const task = sceneTask(movie(interval));
  if (!settings.curriculum) return task;
  const { verify_scenes } = settings;
  if (verify_scenes > 0 && verify_scenes < LEAST_VERIFYING) {
    const what = `0, or at least ${LEAST_VERIFYING}: fewer cannot show that errors are rare`;
    throw new SettingError({ task: name, key: "verify_scenes" }, what, verify_scenes);
  }
  const last = settings.max_interval ?? Math.max(interval, Math.min(100, (scenes ?? Infinity) - 1));
  const expect = (what: string) => {
    throw new SettingError({ task: name, key: "max_interval" }, what, last);
  };
  if (last < interval) expect(`at least the interval of ${interval}`);
  if (verify_scenes > 0 && last >= verify_scenes) {
    expect(`less than the ${verify_scenes} scenes of verify_scenes`);
  }
  if (scenes !== undefined && last >= scenes) expect(`less than the ${scenes} scenes of a movie`);
  const levels: Levels = {
    symbol: "R",
    first: interval,
    last,
    threshold: settings.acc_threshold,
    streak: settings.acc_num,
    longest: settings.max_updates,
    at: (level) => sceneTask(movie(level)),
    ...verify_scenes > 0
      ? {
        check: (level) => ({
          task: sceneTask({ ...movie(level), scenes: verify_scenes }),
          holds: willKeepBounds,
        }),
      }
      : {},
  };
  return { ...task, levels };
}

const small = { vec_len: 5, scenes: 5, curriculum: false };

/**
 * Continual scene detection, with scenes of several frames; `weight` is 1 / scenes where a scene ends.
 *
 * @example
 * const task = findTask("continual_scene").build({ interval: 3, curriculum: false });
 * const { frame, target } = drawSequence(task, { seed: 1 }); // [T, 25], [T]
 */
export const continualScene: TaskEntry<ContinualSceneTaskSettings> = defineTask({
  name: "continual_scene",
  summary: "Say whether a scene of several frames was shown R scenes ago; R rises when learned",
  aliases: ["continual_scene_detection", "scene_detection"],
  config: sceneConfig,
  small: { ...small, scene_time: 2 },
  lengths: ["max_updates", "max_interval"],
  build: movies,
});

/**
 * Continual familiarity: scenes of one frame, repeated without variation.
 *
 * @example
 * const task = findTask("single_frame_familiarity").build({ interval: 3, curriculum: false });
 * const { frame, target } = drawSequence(task, { seed: 1 }); // [T, 25], [T]
 */
export const singleFrameFamiliarity: TaskEntry<SingleFrameFamiliarityTaskSettings> = defineTask({
  name: "single_frame_familiarity",
  summary: "Say whether a frame was shown R frames ago; R rises when learned",
  aliases: ["continual_familiarity", "single_frame"],
  config: z.strictObject(curriculumConfig),
  small,
  lengths: ["max_updates", "max_interval"],
  build: (settings, facts) => movies({ ...settings, scene_time: 1, variation: 0 }, facts),
});
