/** What an episode may do, and what is refused in one line. */
import assert from "node:assert/strict";
import { models } from "../../models/mod.ts";
import { findTask } from "../../tasks/mod.ts";
import { findUpdater } from "../../updaters/mod.ts";
import { initialValues } from "../backends/initial_values.ts";
import { referenceBackend } from "../backends/reference/reference.ts";
import { closedLoop, inputsBehind } from "../program/closed_loop.ts";
import { createProgram } from "../program/program.ts";
import { loadBatches, longestChunk, openBatches, programFor } from "./open_batches.ts";
import { rehearseEpisode } from "./rehearse_episode.ts";
import { echo } from "./testing/closed_tasks.ts";
import type { Episode, Task } from "./task.ts";
import { train } from "./train.ts";
import { persistentSlots } from "./training_session.ts";

const model = models["ethereal"]!.instantiate({
  ...findTask("palindrome").build().sizes,
  hidden_size: 4,
});

function build(rule: string, task: Task, seeds: readonly number[] = [1]) {
  const extents = { replicas: seeds.length, sequences: 2, steps: task.steps };
  return findUpdater(rule).build({ model, loss: task.loss, extents }, { learning_rate: 0.01 });
}

/** The echo task with a change of its episodes after each step. */
function changed(change: (episode: Episode, t: number) => void): Task {
  const task = echo();
  return {
    ...task,
    episode(random, draw) {
      const episode = task.episode!(random, draw);
      return {
        ...episode,
        act(t, output) {
          episode.act(t, output);
          change(episode, t);
        },
      };
    },
  };
}

const batch = { procedure: "train", split: "train", first: 0, iterations: 1 } as const;

async function play(rule: string, task: Task, seeds: readonly number[] = [1]) {
  const engine = await referenceBackend().prepare(closedLoop(build(rule, task, seeds)));
  for (const name of persistentSlots(engine)) {
    engine.write(name, initialValues(engine.program, name, seeds));
  }
  const batches = openBatches(engine.program, task, { seeds, chunk: 1 });
  return { engine, load: () => loadBatches(engine, batches, batch) };
}

Deno.test("episodes: what the network has read stays, in a rehearsal and in a play", async () => {
  const early = changed(({ sequence: { symbol } }, t) => void (symbol![t] = 1 - symbol![t]!));
  const says =
    /^RangeError: Task echo: an episode changes "symbol" of step 0 after the network has/;
  assert.throws(() => programFor(early, build("bptt", early)), says);
  await assert.rejects((await play("bptt", early)).load, says);
});

Deno.test("episodes: targets of a step that is over are for rules that learn after it", async () => {
  const late = changed(({ sequence: { target } }, t) => void (target![t] = 1));
  rehearseEpisode(late, closedLoop(build("bptt", late)));
  await (await play("bptt", late)).load();
  const says = /Task echo knows "target" of step 0 only after the step, .* such as bptt$/;
  assert.throws(() => programFor(late, build("dfa", late)), says);
  await assert.rejects((await play("dfa", late)).load, says);
});

Deno.test("episodes: what is known at the end reaches the loss", async () => {
  const task = echo();
  const ending: Task = {
    ...task,
    episode(random, draw) {
      const episode = task.episode!(random, draw);
      return { ...episode, finish: () => void episode.sequence["recall"]!.fill(1) };
    },
  };
  const { engine, load } = await play("bptt", ending);
  await load();
  const { recall } = Object.fromEntries(await engine.read(["recall"]));
  assert.ok(recall!.every((value) => value === 1));
});

Deno.test("episodes: what they write is checked, in a rehearsal and in a play", async () => {
  const broken = changed(({ sequence: { target } }, t) => void (target![t] = NaN));
  const says = /^CodeError: Task echo, train sequence 0 of seed 0: "target" is NaN at step 0/;
  assert.throws(() => programFor(broken, build("bptt", broken)), says);
  const played = /^CodeError: Task echo, train sequence 0 of seed 1: "target" is NaN at step 0/;
  await assert.rejects((await play("bptt", broken)).load, played);
  const idle = { ...echo(), episode: () => ({}) as Episode };
  assert.throws(() => programFor(idle, build("bptt", idle)), {
    name: "CodeError",
    message: "Task echo: an episode has no function act",
  });
});

Deno.test("episodes: an output that is no number ends the acting, of its replica alone", async () => {
  const heard: number[] = [];
  const finished: number[] = [];
  const told = echo({ told: ({ address }) => void heard.push(address.seed) });
  const task: Task = {
    ...told,
    episode: (random, draw) => ({
      ...told.episode!(random, draw),
      finish: () => void finished.push(random.address.seed),
    }),
  };
  const { engine, load } = await play("bptt", task, [1, 2]);
  for (const name of persistentSlots(engine)) {
    const values = initialValues(engine.program, name, [1, 2]);
    if (engine.program.slots.get(name)!.kind === "parameter") {
      values.fill(NaN, 0, values.length / 2);
    }
    engine.write(name, values);
  }
  await load();
  assert.deepEqual(new Set(heard), new Set([2]));
  assert.equal(heard.length, 2 * task.steps);
  assert.deepEqual(finished, [2, 2]);
});

Deno.test("closed loop: without single steps, or drawn, a task is refused in one line", async () => {
  const task = echo();
  const engine = await referenceBackend().prepare(build("bptt", task));
  const options = { engine, task, loss: task.loss, seeds: [1], iterations: 1 };
  await assert.rejects(
    train(options),
    /Task echo goes on from .*the program that closedLoop makes/,
  );
  const batches = openBatches(engine.program, task, { seeds: [1], chunk: 1 });
  const range = { first: 0, iterations: 1 };
  assert.throws(() => batches.draw("train", range), /Task echo is played, not drawn/);
  await assert.rejects(loadBatches(engine, batches, { ...batch, iterations: 2 }), /one batch/);
  assert.equal(longestChunk(engine, batches), 1);
  const silent = createProgram({ replicas: 1, sequences: 1, steps: 2 });
  silent.slot("h", { kind: "state" });
  silent.stage("train", { name: "run", loop: "forward" }, (stage) => stage.store("h", 1));
  assert.throws(() => closedLoop(silent.build()), /does not say what the network puts out/);
});

Deno.test("closed loop: outputs depend on targets where weights change during a sequence", () => {
  const task = echo();
  const behind = (rule: string) =>
    [...inputsBehind(closedLoop(build(rule, task)), "train")].toSorted();
  assert.deepEqual(behind("bptt"), ["symbol"]);
  assert.deepEqual(behind("dfa"), ["mask", "symbol", "target"]);
});
