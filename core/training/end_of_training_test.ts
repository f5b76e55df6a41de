import assert from "node:assert/strict";
import { endOfTraining, isFinished, type TrainingFacts } from "./end_of_training.ts";
import { createCurriculum } from "./curriculum.ts";

const going: TrainingFacts = {
  options: {
    iterations: 10,
    earlyStop: { loss: 1, intervals: 2 },
    patience: { metric: { name: "eval/loss", better: "less" }, rows: 3, least: 0 },
  },
  curriculum: undefined,
  iteration: 5,
  highLossIntervals: 1,
  patience: { rows: [3, 2, 0] },
  frozen: new Set([2]),
  isBroken: false,
  stopped: undefined,
  noRoom: undefined,
};

Deno.test("a training goes on while nothing ends it", () => {
  assert.equal(endOfTraining(going), undefined);
});

Deno.test("of several reasons to end, what is wrong comes first and the plain end last", () => {
  const ends: [Partial<TrainingFacts>, string][] = [
    [{ iteration: 10 }, "completed"],
    [{ patience: { rows: [3, 4, 0] } }, "early_stopped"],
    [{ highLossIntervals: 2 }, "early_stopped"],
    [{ noRoom: "no memory" }, "no_room"],
    [{ stopped: "preempted" }, "preempted"],
    [{ isBroken: true }, "diverged"],
  ];
  let facts = going;
  for (const [change, end] of ends) {
    facts = { ...facts, ...change };
    assert.equal(endOfTraining(facts), end);
    assert.equal(endOfTraining({ ...going, ...change }), end);
  }
});

Deno.test("a curriculum ends when it is passed, and is unconverged where a level takes too long", () => {
  const goal = { first: 1, last: 1, threshold: 0.9, streak: 1, longest: 5 };
  const curriculum = createCurriculum([goal]);
  assert.equal(endOfTraining({ ...going, curriculum, iteration: 4 }), undefined);
  assert.equal(endOfTraining({ ...going, curriculum, iteration: 5 }), "unconverged");
  curriculum.completeStreak(0, { passes: true, iteration: 4 });
  assert.equal(endOfTraining({ ...going, curriculum, iteration: 4 }), "completed");
});

Deno.test("a run is whole unless it was cut short or broke", () => {
  for (const end of ["completed", "early_stopped", "unconverged"] as const) {
    assert.ok(isFinished(end));
  }
  for (const end of ["diverged", "no_room", "preempted", "interrupted", "failed"] as const) {
    assert.ok(!isFinished(end));
  }
});
