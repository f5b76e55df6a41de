/** A training that stops at whatever moment goes on with the bits and rows of one that never stopped. */
import assert from "node:assert/strict";
import { simpleRnn } from "../../models/simple_rnn.ts";
import { longRangeMemory } from "../../tasks/long_range_memory.ts";
import { updaters } from "../../updaters/mod.ts";
import { cpuBackend } from "../backends/cpu/cpu.ts";
import { train } from "./train.ts";
import type { TrainOptions, TrainRow, TrainState } from "./train_options.ts";

const task = longRangeMemory.build();
const model = simpleRnn.instantiate({ symbols: task.output[0]!, hidden_size: 4 });
const program = updaters["bptt"]!.build(
  { model, loss: task.loss, extents: { replicas: 1, sequences: 2, steps: task.steps } },
  { learning_rate: 0.01 },
);

/** Trains up to a number of questions whether to stop, the state before included. */
async function trainUpTo(
  questions: number,
  resume?: TrainState,
  options: Partial<TrainOptions> = {},
) {
  const rows: TrainRow[] = [];
  let last = resume;
  let asked = 0;
  const engine = await cpuBackend({ threads: 1 }).prepare(program, { chunk: 1 });
  const result = await train({
    engine,
    task,
    loss: task.loss,
    seeds: [3],
    iterations: 5,
    logEvery: 2,
    evaluationSequences: 6,
    testSequences: 6,
    ...resume ? { resume } : {},
    ...options,
    hooks: {
      onRow: (row) => void rows.push(row),
      onCheckpoint: (state) => void (last = state),
      shouldStop: () => ++asked > questions ? "preempted" : undefined,
    },
  });
  engine.close();
  const { endReason, metrics } = result;
  return { rows, endReason, metrics, asked, state: last };
}

const withoutClock = (rows: readonly TrainRow[]) =>
  rows.map(({ iteration, values }) => ({ iteration, values }));

Deno.test("a training that stops at any question goes on with equal rows, bits and test", async () => {
  const whole = await trainUpTo(Infinity);
  assert.deepEqual(whole.rows.map(({ iteration }) => iteration), [2, 4, 5]);
  assert.ok(whole.asked > 15, "it is asked between updates, in held-out sequences and in tests");
  for (let questions = 0; questions < whole.asked; questions++) {
    const first = await trainUpTo(questions);
    assert.equal(first.endReason, "preempted", `after ${questions} questions`);
    // After the last update the test asks once more.
    assert.ok(first.asked <= questions + 2, "it stops at the first yes");
    const second = await trainUpTo(Infinity, first.state);
    assert.deepEqual(
      withoutClock([...first.rows, ...second.rows]),
      withoutClock(whole.rows),
      `after ${questions} questions`,
    );
    assert.deepEqual(second.state!.tensors, whole.state!.tensors);
    for (const name of ["test/loss", `test/${task.score}`]) {
      assert.deepEqual(second.metrics[name], whole.metrics[name]);
    }
  }
});

Deno.test("a training that stops while it owes a row still owes it", async () => {
  // Asked after the second update, and after the first held-out sequences of its row.
  const first = await trainUpTo(1);
  const again = await trainUpTo(0, first.state);
  assert.deepEqual([again.endReason, again.rows.length], ["preempted", 0]);
  const last = await trainUpTo(Infinity, again.state);
  assert.deepEqual(last.rows.map(({ iteration }) => iteration), [2, 4, 5]);
});

Deno.test("an early checkpoint comes once, leaves the bits as they are, and is one to go on from", async () => {
  const states = async (options: Partial<TrainOptions>) => {
    const kept: TrainState[] = [];
    const engine = await cpuBackend({ threads: 1 }).prepare(program, { chunk: 1 });
    await train({
      ...{ engine, task, loss: task.loss, seeds: [3], iterations: 9, ...options },
      hooks: { onCheckpoint: (state) => void kept.push(state) },
    });
    engine.close();
    return kept;
  };
  const iterationsOf = (kept: readonly TrainState[]) => kept.map(({ iteration }) => iteration);
  const usual = await states({ checkpointEvery: 6 });
  const early = await states({ checkpointEvery: 6, earlyCheckpoint: 0 });
  assert.deepEqual(iterationsOf(usual), [6, 9]);
  assert.deepEqual(iterationsOf(early), [1, 6, 9]);
  assert.deepEqual(early.at(-1)!.tensors, usual.at(-1)!.tensors);
  const resumed = await states({ checkpointEvery: 6, resume: early[0]! });
  assert.deepEqual(resumed.at(-1)!.tensors, usual.at(-1)!.tensors);
  assert.deepEqual(iterationsOf(await states({ checkpointEvery: 6, earlyCheckpoint: 1e6 })), [
    6,
    9,
  ]);
  // It waits for no row.
  const before = await states({ checkpointEvery: 6, earlyCheckpoint: 0, logEvery: 9 });
  assert.deepEqual(iterationsOf(before), [1, 6, 9]);
  // Whoever asks for none but the last gets no other.
  assert.deepEqual(iterationsOf(await states({ checkpointEvery: 0, earlyCheckpoint: 0 })), [9]);
});
