import assert from "node:assert/strict";
import { findTask } from "../tasks/mod.ts";
import { memorylessGuesser } from "./memoryless.ts";

const ceiling = (name: string, options: { window: number; seesStep?: boolean }) =>
  memorylessGuesser(findTask(name).build(), options)!
    .score({ seed: 7, split: "test", sequences: 10_000 });

const assertNear = (value: number, expected: number) =>
  assert.ok(Math.abs(value - expected) < 0.01, `${value}, expected ${expected}`);

Deno.test("a guesser without memory knows what it is shown, and no more", () => {
  // 2_small: of three recalled symbols of two equally frequent lengths, two follow the dot.
  assertNear(ceiling("2_small_palindrome", { window: 1 }), 1 / 2);
  assertNear(ceiling("2_small_palindrome", { window: 2 }), (1 + 1 + 1 / 2) / 3);
  // Halves of 1, 2 or 3 of 7 symbols: after the dot the last of the half is seen, and else nothing.
  assertNear(ceiling("3_palindrome_vary", { window: 1 }), 1 / 7);
  assertNear(ceiling("3_palindrome_vary", { window: 2 }), (3 + 3 / 7) / 6);
});

Deno.test("a guesser is judged on what a batch of so many draws", () => {
  const ofStreams = (streams?: number) =>
    memorylessGuesser(
      findTask("kv_stream_2").build({ pairs: 4, windows: 2, ...streams ? { streams } : {} }),
      { window: 1 },
    )!;
  const draws = { seed: 7, split: "test", sequences: 100 } as const;
  const [fitting, given] = [ofStreams(), ofStreams(1)];
  assert.equal(fitting.score({ ...draws, batch: 1 }), given.score({ ...draws, batch: 8 }));
  assert.notEqual(fitting.score({ ...draws, batch: 8 }), given.score({ ...draws, batch: 8 }));
});

Deno.test("a task that is not about symbols has no such ceiling", () => {
  for (const name of ["attractor", "auto_associative", "continual_scene"]) {
    assert.equal(memorylessGuesser(findTask(name).build(), { window: 1 }), undefined);
  }
});
