import assert from "node:assert/strict";
import type { Levels } from "./task.ts";
import { createCurriculum, type Curriculum } from "./curriculum.ts";

const levels: Levels = {
  symbol: "R",
  first: 2,
  last: 4,
  threshold: 0.99,
  streak: 3,
  longest: 10,
  at: () => {
    throw new Error("No level is drawn here");
  },
};

const ranges = (change: Partial<Levels> = {}, replicas = 1) =>
  Array.from({ length: replicas }, () => ({ ...levels, ...change }));

const open = (change: Partial<Levels> = {}, replicas = 1) =>
  createCurriculum(ranges(change, replicas));

/** Looks at scores [updates][P] one after another; returns which replicas rose at each. */
function feed(
  curriculum: ReturnType<typeof open>,
  scores: readonly (readonly number[])[],
  { first = 0 } = {},
): number[][] {
  return scores.map((score, index) => pass(curriculum, score, first + index + 1));
}

const good = [1], bad = [0.5];

/** One update, where every complete streak passes. */
function pass(curriculum: Curriculum, scores: readonly number[], iteration: number): number[] {
  const complete = curriculum.recordScores(scores);
  for (const replica of complete) curriculum.completeStreak(replica, { passes: true, iteration });
  return complete;
}

Deno.test("curriculum: it starts at the first level, with nothing passed", () => {
  assert.deepEqual(open({}, 2).state, {
    level: [2, 2],
    streak: [0, 0],
    since: [0, 0],
    passed: [1, 1],
  });
  assert.equal(open().end(0), undefined);
});

Deno.test("curriculum: good scores in a row raise the level, one bad one starts the count anew", () => {
  const curriculum = open();
  const rose = feed(curriculum, [good, good, bad, good, good, good, good]);
  assert.deepEqual(rose, [[], [], [], [], [], [0], []]);
  assert.deepEqual(curriculum.state, { level: [3], streak: [1], since: [6], passed: [2] });
});

Deno.test("curriculum: the threshold itself is good enough, and what is not a number is not", () => {
  const streakAfter = (score: number) => {
    const curriculum = open();
    pass(curriculum, [score], 1);
    return curriculum.state.streak[0];
  };
  assert.equal(streakAfter(99 / 100), 1);
  assert.equal(streakAfter(198 / 200), 1);
  assert.equal(streakAfter(98 / 100), 0);
  assert.equal(streakAfter(NaN), 0);
});

Deno.test("curriculum: a streak of one rises with every good update", () => {
  const curriculum = open({ streak: 1 });
  assert.deepEqual(feed(curriculum, [good, bad, good]), [[0], [], [0]]);
  assert.deepEqual(curriculum.state.level, [4]);
});

Deno.test("curriculum: replicas rise on their own", () => {
  const curriculum = open({ streak: 2 }, 3);
  const rose = feed(curriculum, [[1, 1, 0], [1, 0, 0], [1, 1, 0], [1, 1, 0], [0, 1, 0]]);
  assert.deepEqual(rose, [[], [0], [], [0, 1], []]);
  assert.deepEqual(curriculum.state, {
    level: [4, 3, 2],
    streak: [0, 1, 0],
    since: [4, 4, 0],
    passed: [3, 2, 1],
  });
  assert.equal(curriculum.end(5), undefined);
});

Deno.test("curriculum: after the last level there is nothing to rise to", () => {
  const curriculum = open({ streak: 1 }, 2);
  feed(curriculum, [[1, 0], [1, 0], [1, 0]]);
  assert.deepEqual(curriculum.state.passed, [4, 1]);
  assert.deepEqual(curriculum.state.level, [4, 2]);
  const before = structuredClone(curriculum.state);
  assert.deepEqual(pass(curriculum, [1, 0], 4), [], "it has passed all, and passes none again");
  assert.deepEqual(curriculum.state, before);
  assert.equal(curriculum.end(4), undefined, "the other one has not");
  feed(curriculum, [[0, 1], [0, 1], [0, 1]], { first: 4 });
  assert.equal(curriculum.end(7), "passed");
});

Deno.test("curriculum: a level that takes too long ends it, once all that learn are stuck", () => {
  const curriculum = open({ streak: 1 }, 2);
  pass(curriculum, [1, 0], 3);
  assert.equal(curriculum.end(9), undefined);
  assert.equal(curriculum.end(12), undefined, "the first one has been at its level for 9");
  assert.equal(curriculum.end(13), "unconverged");
  pass(curriculum, [0, 1], 13);
  assert.equal(curriculum.end(13), undefined, "the second one has gone on");
  assert.equal(curriculum.end(22), undefined);
  assert.equal(curriculum.end(23), "unconverged");
});

Deno.test("curriculum: one that has passed all does not wait for `longest`", () => {
  const curriculum = open({ streak: 1 }, 2);
  feed(curriculum, [[1, 0], [1, 0], [1, 0]]);
  assert.equal(curriculum.end(9), undefined);
  assert.equal(curriculum.end(10), "unconverged");
});

Deno.test("curriculum: going on from any moment, mid-streak too, changes nothing", () => {
  // Enough of a pattern for streaks that are kept, broken and finished.
  const scores = Array.from(
    { length: 40 },
    (_, n) => [n % 5 === 3 ? 0 : 1, n % 3 === 0 ? 1 : 0.98],
  );
  const change = { last: 50, threshold: 0.985 };
  const whole = open(change, 2);
  const rose = feed(whole, scores);
  assert.ok(rose.flat().length > 5);
  for (let cut = 0; cut <= scores.length; cut++) {
    const first = open(change, 2);
    feed(first, scores.slice(0, cut));
    const stored = JSON.parse(JSON.stringify(first.state));
    const second = createCurriculum(ranges(change, 2), { resume: stored });
    assert.deepEqual(feed(second, scores.slice(cut), { first: cut }), rose.slice(cut));
    assert.deepEqual(second.state, whole.state);
    assert.deepEqual(stored, first.state, "what it went on from is left alone");
  }
});

Deno.test("curriculum: a state of another number of replicas is refused", () => {
  const { state } = open({}, 2);
  assert.throws(() => createCurriculum(ranges({}, 3), { resume: state }), {
    name: "RangeError",
    message: "Expected the curriculum of 3 replicas, got one of 2",
  });
});

Deno.test("a complete streak that is refused begins again, on the same level", () => {
  const curriculum = createCurriculum(ranges({ streak: 2 }));
  curriculum.recordScores([1]);
  assert.deepEqual(curriculum.recordScores([1]), [0]);
  curriculum.completeStreak(0, { passes: false, iteration: 2 });
  assert.deepEqual(curriculum.state, {
    level: [levels.first],
    streak: [0],
    since: [0],
    passed: [levels.first - 1],
  });
  curriculum.recordScores([1]);
  assert.deepEqual(curriculum.recordScores([1]), [0]);
  curriculum.completeStreak(0, { passes: true, iteration: 4 });
  assert.deepEqual(curriculum.state.passed, [levels.first]);
});

Deno.test("each replica keeps to the range of its own", () => {
  const curriculum = createCurriculum([
    { ...levels, streak: 1, last: 2 },
    { ...levels, streak: 2, first: 3 },
    { ...levels, streak: 1, threshold: 1.5, longest: 2 },
  ]);
  assert.deepEqual(curriculum.state.level, [2, 3, 2]);
  assert.deepEqual(feed(curriculum, [[1, 1, 1], [1, 1, 1]]), [[0], [1]]);
  assert.deepEqual(curriculum.state.passed, [2, 3, 1]);
  assert.equal(curriculum.end(2), undefined);
  feed(curriculum, [[1, 1, 1], [1, 1, 1]], { first: 2 });
  assert.equal(curriculum.end(4), "unconverged");
});

Deno.test("where less is better a score at most the threshold is good", () => {
  const curriculum = createCurriculum([
    { ...levels, streak: 2, threshold: 0.5, better: "less" },
    { ...levels, streak: 2, threshold: 0.5 },
  ]);
  assert.deepEqual(curriculum.recordScores([0.5, 0.4]), []);
  assert.deepEqual(curriculum.state.streak, [1, 0]);
  assert.deepEqual(curriculum.recordScores([0.1, 0.5]), [0]);
  curriculum.recordScores([NaN, NaN]);
  assert.deepEqual(curriculum.state.streak, [0, 0]);
});
