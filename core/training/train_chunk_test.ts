/** However long chunks are, and whatever is begun ahead, training comes to the same. */
import assert from "node:assert/strict";
import { engineFor, loss, taskWith } from "./testing/line.ts";
import type { Goal } from "./task.ts";
import { train } from "./train.ts";
import type { TrainOptions, TrainRow, TrainState } from "./train_options.ts";

interface Options extends Partial<TrainOptions> {
  readonly rates: readonly number[];
  readonly chunk: number;
  readonly goal?: Goal;
}

/** Trains, and keeps what happened: "run 4" begins a chunk of 4 iterations, "rows" are its metrics. */
async function trained({ rates, chunk, goal, hooks, ...options }: Options) {
  const own = await engineFor(rates, chunk);
  const events: string[] = [];
  const [rows, states]: [TrainRow[], TrainState[]] = [[], []];
  const engine: typeof own = {
    ...own,
    run(procedure, { iterations, ...how }) {
      if (procedure === "train") events.push(`run ${iterations}`);
      return own.run(procedure, { iterations, ...how });
    },
    async read(names) {
      const values = await own.read(names);
      if (!names.includes("metrics/train")) return values;
      // A device takes its time.
      await new Promise((resolve) => setTimeout(resolve, 1));
      events.push("rows");
      return values;
    },
  };
  const { endReason, iterations, metrics, divergences } = await train({
    engine,
    loss,
    task: taskWith(goal),
    seeds: rates.map((_, replica) => replica + 1),
    iterations: 40,
    logEvery: 20,
    ...options,
    hooks: {
      ...hooks,
      onRow: (row) => void rows.push({ ...row, seconds: 0 }),
      onCheckpoint: (state) => void states.push({ ...state, seconds: 0 }),
    },
  });
  own.close();
  return { events, outcome: { endReason, iterations, metrics, divergences, rows, states } };
}

Deno.test("chunks: the next one is begun before the metrics of the last are there, up to a row", async () => {
  const { events } = await trained({ rates: [0.01], chunk: 4 });
  const runs = events.filter((event) => event.startsWith("run"));
  assert.equal(runs.reduce((sum, event) => sum + Number(event.slice(4)), 0), 40);
  assert.deepEqual(events.slice(0, 3), ["run 1", "run 1", "rows"]);
  // At a row nothing is at work.
  let [begun, known, trained_] = [0, 0, 0];
  for (const event of events) {
    if (event === "rows") known++;
    else [begun, trained_] = [begun + 1, trained_ + Number(event.slice(4))];
    assert.ok(begun - known <= 2);
    if (event !== "rows" && trained_ > 20 && trained_ - Number(event.slice(4)) === 20) {
      assert.equal(begun - known, 1, "the first chunk after a row");
    }
  }
});

Deno.test("chunks: of any length they come to the same rows and bits, with replicas that diverge", async () => {
  for (const rates of [[0.01, 0.02], [0.01, 50, 0.02, 12]]) {
    const common = { rates, checkpointEvery: 15 };
    const single = await trained({ ...common, chunk: 1 });
    for (const chunk of [3, 64]) {
      assert.deepEqual((await trained({ ...common, chunk })).outcome, single.outcome);
    }
  }
});

Deno.test("chunks: a goal is reached, missed or left by a diverged replica after the same update", async () => {
  const goals: Goal[] = [
    { threshold: 0.5, streak: 3, longest: 1000 },
    { threshold: 1, streak: 6, longest: 1000 },
    { threshold: 2, streak: 2, longest: 11 },
  ];
  const ends = new Set<string>();
  for (const goal of goals) {
    for (const rates of [[0.05, 0.1], [0.3, 50, 0.02]]) {
      const common = { rates, goal, iterations: 60 };
      const single = await trained({ ...common, chunk: 1 });
      const long = await trained({ ...common, chunk: 64 });
      assert.deepEqual(long.outcome, single.outcome);
      assert.ok(long.events.length < single.events.length, "several updates a chunk");
      ends.add(single.outcome.endReason);
    }
  }
  assert.ok(ends.has("unconverged") && ends.has("completed"), [...ends].join());
});

Deno.test("chunks: a stop waits for the chunk that was begun, and its checkpoint goes on with the same bits", async () => {
  const whole = await trained({ rates: [0.01], chunk: 4 });
  for (let questions = 0; questions < 6; questions++) {
    let asked = 0;
    const shouldStop = () => ++asked > questions ? "preempted" as const : undefined;
    const part = await trained({ rates: [0.01], chunk: 4, hooks: { shouldStop } });
    assert.equal(part.outcome.endReason, "preempted");
    assert.equal(part.events.at(-1), "rows");
    const resume = part.outcome.states.at(-1)!;
    assert.equal(resume.iteration, part.outcome.iterations);
    const rest = await trained({ rates: [0.01], chunk: 4, resume });
    assert.deepEqual(rest.outcome.states.at(-1), whole.outcome.states.at(-1));
  }
});
