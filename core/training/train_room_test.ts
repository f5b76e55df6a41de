/** What `train` opens at a level is closed again, and a level without room ends it in good order. */
import assert from "node:assert/strict";
import { hybrid } from "../../models/hybrid.ts";
import { continualScene } from "../../tasks/continual_scene.ts";
import { updaters } from "../../updaters/mod.ts";
import type { Engine } from "../backends/backend.ts";
import { cpuBackend } from "../backends/cpu/cpu.ts";
import { createBatches, type OpenBatches } from "./batches.ts";
import { exitCodeOf } from "./exit_codes.ts";
import { NoRoomError } from "./no_room_error.ts";
import { train } from "./train.ts";
import type { TrainOptions, TrainState } from "./train_options.ts";

/** R from 5 on, two updates each: movies of 100, 120, 140 steps. */
const task = continualScene.build({
  vec_len: 5,
  scene_time: 1,
  variation: 0,
  interval: 5,
  max_interval: 7,
  acc_threshold: 0,
  acc_num: 2,
});
const model = hybrid.instantiate({ inputs: 5, hidden_dims: [3, 2] });
const programOf = (steps: number) =>
  updaters["bptt"]!.build(
    { model, loss: task.loss, extents: { replicas: 1, sequences: 2, steps } },
    { learning_rate: 0.01 },
  );

/** Opens engines and batches, and keeps count of those that are not closed. */
function createLedger({ longest = Infinity }: { longest?: number } = {}) {
  const backend = cpuBackend({ threads: 1 });
  const engines = new Set<Engine>();
  const batches = new Set<object>();
  let onWrite = (_steps: number) => {};
  const prepare = async (steps: number): Promise<Engine> => {
    if (steps > longest) throw new NoRoomError(`${steps} steps are too many`);
    const prepared = await backend.prepare(programOf(steps));
    const engine: Engine = {
      ...prepared,
      write(name, values) {
        onWrite(steps);
        prepared.write(name, values);
      },
      close() {
        engines.delete(engine);
        prepared.close();
      },
    };
    engines.add(engine);
    return engine;
  };
  const openBatches: OpenBatches = (program, tasks, options) => {
    const opened = {
      ...createBatches(program, tasks, options),
      close: () => batches.delete(opened),
    };
    batches.add(opened);
    return opened;
  };
  return {
    prepare,
    openBatches,
    lengths: () => [...engines].map(({ program }) => program.extents.steps),
    batches: () => batches.size,
    failAt: (steps: number) => {
      onWrite = (at) => {
        if (at === steps) throw new Error("no more");
      };
    },
  };
}

async function start(
  ledger: ReturnType<typeof createLedger>,
  options: Partial<TrainOptions> = {},
) {
  const { prepare, openBatches } = ledger;
  const engine = await prepare(task.steps);
  const common = { task, loss: task.loss, seeds: [4], iterations: 50, logEvery: 1000 };
  return { engine, ended: train({ engine, prepare, openBatches, ...common, ...options }) };
}

Deno.test("a level without room ends training after a checkpoint, tested and told", async () => {
  const small = createLedger({ longest: 120 });
  const states: TrainState[] = [];
  const hooks = { onCheckpoint: (state: TrainState) => void states.push(state) };
  const { ended } = await start(small, { hooks, testSequences: 2 });
  const result = await ended;
  assert.equal(result.endReason, "no_room");
  assert.equal(exitCodeOf(result.endReason), 1);
  assert.equal(result.message, "no memory for R = 7: 140 steps are too many");
  assert.equal(result.iterations, 4);
  assert.deepEqual(result.metrics["curriculum/passed"], [6]);
  assert.ok("test/loss" in result.metrics && Object.keys(result.testCounts).length > 0);
  assert.deepEqual(states.map(({ iteration }) => iteration), [2, 4], "before each longer engine");
  assert.deepEqual([small.lengths(), small.batches()], [[120], 0], "the network is kept");

  // The same machine comes to the same end; a larger one goes on, as one that was large at once.
  const resume = states.at(-1)!;
  const again = await (await start(small, { resume, testSequences: 2 })).ended;
  assert.deepEqual(
    [again.endReason, again.message, again.iterations, again.testCounts],
    [result.endReason, result.message, result.iterations, result.testCounts],
  );
  const large = createLedger();
  const resumed = await (await start(large, { resume, testSequences: 2 })).ended;
  const whole = await (await start(createLedger(), { testSequences: 2 })).ended;
  assert.equal(resumed.endReason, "completed");
  assert.deepEqual([resumed.iterations, resumed.testCounts], [6, whole.testCounts]);
});

Deno.test("no engine is asked for that no update would use", async () => {
  const ledger = createLedger({ longest: 100 });
  const { endReason, iterations } = await (await start(ledger, { iterations: 2 })).ended;
  assert.deepEqual([endReason, iterations], ["completed", 2]);
  const stopped = await (await start(ledger, {
    hooks: { shouldStop: () => "interrupted" },
  })).ended;
  assert.equal(stopped.endReason, "interrupted");
});

Deno.test("an error after a level change leaves nothing open", async () => {
  const ledger = createLedger();
  const onLevel = ({ level }: { level: number }) => {
    if (level === 6) throw new Error("the disk is full");
  };
  const { ended } = await start(ledger, { hooks: { onLevel } });
  await assert.rejects(ended, /the disk is full/);
  assert.deepEqual([ledger.lengths(), ledger.batches()], [[], 0]);
});

Deno.test("an engine that fails on the way to it is closed, and the given one is left", async () => {
  const ledger = createLedger();
  ledger.failAt(120);
  const { engine, ended } = await start(ledger);
  await assert.rejects(ended, /no more/);
  assert.deepEqual([ledger.lengths(), ledger.batches()], [[100], 0]);
  engine.close();
});
