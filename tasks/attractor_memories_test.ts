/** Sequences of the attractor task: whose turn it is, what is shown, and how cues are damaged. */
import assert from "node:assert/strict";
import { randomStream } from "../core/random.ts";
import { anyDraw } from "../core/testing/any_draw.ts";
import { splitStreams, type Task } from "../core/training/task.ts";
import { findTask } from "./mod.ts";

const drawn = (task: Task, step = 0, { seed = 5, stream = splitStreams.train as number } = {}) =>
  task.sequence(randomStream({ seed, stream, step }), anyDraw);
const attractor = (config: Record<string, unknown> = {}) =>
  findTask("attractor").build({ steps: 10, presentation_steps: 4, ...config });
const range = (length: number) => Array.from({ length }, (_, index) => index);
const agreement = (a: Float32Array, b: Float32Array) =>
  a.reduce((sum, value, place) => sum + value * b[place]!, 0) / a.length;

Deno.test("attractor: patterns of a seed take turns, in every split", () => {
  const task = attractor({ memories: 3, neurons: 16 });
  const memories = range(3).map((step) => drawn(task, step)["memory"]!);
  for (const stream of Object.values(splitStreams)) {
    for (const step of range(7)) {
      const { memory } = drawn(task, step, { stream });
      assert.deepEqual(memory, memories[step % 3]);
      assert.ok(memory!.every((bit) => Math.abs(bit) === 1));
    }
  }
  assert.equal(new Set(memories.map(String)).size, 3);
  assert.notDeepEqual(drawn(task, 0, { seed: 6 })["memory"], memories[0]);
});

Deno.test("attractor: inputs have the declared names and lengths", () => {
  const task = attractor({ neurons: 7 });
  const sequence = drawn(task);
  assert.deepEqual(Object.keys(sequence), Object.keys(task.inputs));
  for (const name of ["memory", "drive", "start"]) assert.equal(sequence[name]!.length, 7);
  assert.deepEqual([...sequence["shown"]!], [1, 1, 1, 1, 0, 0, 0, 0, 0, 0]);
  assert.deepEqual([...sequence["last"]!], [0, 0, 0, 0, 0, 0, 0, 0, 0, 1]);
  const share = [...sequence["share"]!];
  assert.deepEqual(share.slice(0, 4), [0, 0, 0, 0]);
  assert.deepEqual(share.slice(4), Array(6).fill(Math.fround(1 / 6)));
});

Deno.test("attractor: a pattern is shown times a gain that each sequence draws", () => {
  const task = attractor();
  const gains = range(500).map((step) => {
    const { memory, drive, start } = drawn(task, step);
    assert.ok(start!.every((value) => value === 0));
    const gain = drive![0]! * memory![0]!;
    assert.ok(drive!.every((value, place) => Math.abs(value - gain * memory![place]!) < 1e-6));
    return gain;
  });
  assert.ok(Math.min(...gains) >= 2 && Math.max(...gains) <= 3.5);
  const mean = gains.reduce((a, b) => a + b) / gains.length;
  assert.ok(Math.abs(mean - 2.75) < 4 * 1.5 / Math.sqrt(12 * 500), `${mean}`);
});

Deno.test("attractor: a cue may be the first state, with flipped bits", () => {
  const exact = attractor({ cue: "state", flips: 0.1, flip_draw: "share" });
  const each = attractor({ cue: "state", flips: 0.1 });
  let flipped = 0;
  for (const step of range(200)) {
    const { memory, drive, start } = drawn(exact, step);
    assert.ok(drive!.every((value) => value === 0));
    assert.equal(start!.filter((bit, place) => bit !== memory![place]).length, 6);
    const other = drawn(each, step);
    flipped += other["start"]!.filter((bit, place) => bit !== other["memory"]![place]).length;
  }
  const bits = 200 * 64;
  assert.ok(Math.abs(flipped / bits - 0.1) < 4 * Math.sqrt(0.09 / bits), `${flipped / bits}`);
});

Deno.test("attractor: noise is clamped to the range of the bits", () => {
  const task = attractor({ noise: 0.5, gain_low: 1, gain_high: 1 });
  const { memory, drive } = drawn(task);
  assert.ok(drive!.every((value) => Math.abs(value) <= 1));
  // Noise of the sign of a bit is clamped away, so half of the values are whole bits.
  const whole = drive!.filter((value, place) => value === memory![place]).length;
  assert.ok(whole > 16 && whole < 48, `${whole}`);
});

Deno.test("attractor: patterns have the asked correlation", () => {
  for (const correlation of [0, 0.36, 1]) {
    const task = attractor({ correlation, memories: 40, neurons: 400 });
    const memories = range(40).map((step) => drawn(task, step)["memory"]!);
    const pairs = memories.flatMap((a, i) => memories.slice(i + 1).map((b) => agreement(a, b)));
    const mean = pairs.reduce((a, b) => a + b) / pairs.length;
    assert.ok(Math.abs(mean - correlation) < 0.06, `${mean}, asked for ${correlation}`);
  }
});

Deno.test("attractor: settings that do not fit each other are refused", () => {
  assert.throws(() => attractor({ presentation_steps: 10 }), {
    name: "SettingError",
    message: "Task attractor: presentation_steps: expected less than the 10 steps, got 10",
  });
  assert.throws(() => attractor({ gain_low: 4 }), {
    message: "Task attractor: gain_low: expected at most gain_high (3.5), got 4",
  });
});

Deno.test("attractor: cues in turns, round by round of all patterns", () => {
  const task = attractor({ memories: 2, cue: "turns" });
  assert.equal(task.batch, 2);
  const isShown = range(8).map((step) => drawn(task, step)["drive"]!.some((value) => value !== 0));
  const starts = range(8).map((step) => drawn(task, step)["start"]!.some((value) => value !== 0));
  const round = [true, true, false, false];
  assert.deepEqual(isShown, [...round, ...round]);
  assert.deepEqual(starts, isShown.map((shown) => !shown));
});
