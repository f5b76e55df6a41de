import assert from "node:assert/strict";
import { isPersistent, iterationSize } from "../../core/backends/layout.ts";
import { cpuBackend } from "../../core/backends/cpu/cpu.ts";
import { configAssignments } from "../config_file.ts";
import { resolveConfig } from "../resolve_config.ts";
import { buildRun } from "./build_run.ts";
import { makeRoom } from "./make_room.ts";
import {
  availableMemory,
  chooseChunk,
  describeParameters,
  formatBytes,
  type Room,
  totalBytes,
  trainingChunk,
  withKeptStates,
} from "./memory.ts";

const build = (training: object) => {
  const { config } = resolveConfig(configAssignments({ training }, "test"));
  return { config, run: buildRun(config) };
};

Deno.test("memory: a chunk is no longer than what a run can use, and bounded in bytes", () => {
  const chunkOf = (training: object) => {
    const { config, run } = build(training);
    return chooseChunk(run.program, config);
  };
  assert.equal(chunkOf({ iterations: 3, evaluation_sequences: 0, test_sequences: 0 }), 1);
  assert.equal(chunkOf({ log_every: 50, evaluation_sequences: 0, test_sequences: 0 }), 50);
  assert.equal(chunkOf({ iterations: 1_000_000 }), 256);
  assert.ok(chunkOf({ iterations: 1_000_000, batch_size: 65_536 }) < 8);
});

Deno.test("memory: a curriculum takes no memory for more updates than it trains before it judges", () => {
  const { config } = resolveConfig(
    configAssignments({ task: { name: "continual_scene" }, training: { batch_size: 1 } }, "test"),
  );
  const run = buildRun(config);
  assert.ok(chooseChunk(run.program, config) > 1);
  assert.equal(trainingChunk(run, config), run.task.levels!.streak);
});

Deno.test("memory: a run is refused by the bill that is printed, before it is taken", async () => {
  const backend = cpuBackend({ threads: 1 });
  const { run: { program } } = build({ batch_size: 8 });
  const total = totalBytes(backend.estimateMemory(program));
  const options = { chunk: 1, what: "the run" };
  const room = (bytes: number, owner: Room["owner"]) => ({
    ...options,
    available: { bytes, owner },
  });
  const engine = await makeRoom(backend, program, room(total, "this container"));
  assert.equal(totalBytes(engine.memory), total);
  engine.close();
  for (const owner of ["this machine", "this container"] as const) {
    await assert.rejects(makeRoom(backend, program, room(total - 1, owner)), {
      name: "NoRoomError",
      message: `the run needs at least ${formatBytes(total)} of memory, ` +
        `${owner} has ${formatBytes(total - 1)}`,
    });
  }
  const full = { ...backend, prepare: () => Promise.reject(new RangeError("it is full")) };
  await assert.rejects(
    makeRoom(full, program, options),
    /^NoRoomError: the run needs at least [\d.]+ KiB of memory, which this device refuses: it is full$/,
  );
});

Deno.test("memory: the bill of a training has the states that it keeps", async () => {
  const backend = cpuBackend({ threads: 1 });
  const { config, run: { program } } = build({ seeds: [1, 2], batch_size: 8 });
  const engine = backend.estimateMemory(program);
  const bill = withKeptStates(engine, config);
  const values = [...program.slots.values()].filter(isPersistent)
    .reduce((sum, slot) => sum + iterationSize(slot, program.extents), 0);
  const kept = totalBytes(bill) - totalBytes(engine);
  // Three times all numbers, but for the padding of rows and slots in the engine.
  assert.ok(kept >= 3 * 4 * values && kept < 3.5 * 4 * values, `${kept} of ${values} numbers`);
  const best = withKeptStates(engine, build({ ...config.training, keep_best: "loss" }).config);
  assert.ok(totalBytes(best) - totalBytes(engine) > 1.6 * kept);
  const available = { bytes: totalBytes(bill) - 1, owner: "this machine" } as const;
  await assert.rejects(
    makeRoom(backend, program, { chunk: 1, what: "the run", bill: () => bill, available }),
    { name: "NoRoomError" },
  );
});

Deno.test("memory: the limit of a container counts where it is less than the machine's memory", () => {
  const machine = 16 * 2 ** 30;
  const whole = { bytes: machine, owner: "this machine" };
  // What cgroup v1 and v2 say without a limit, what is said without control groups, and a limit above all.
  for (const limit of [9_223_372_036_854_771_712, 2 ** 64, 0, NaN, 2 * machine]) {
    assert.deepEqual(availableMemory({ machine, limit }), whole, String(limit));
  }
  const limit = 512 * 2 ** 20;
  assert.deepEqual(availableMemory({ machine, limit }), { bytes: limit, owner: "this container" });
});

Deno.test("memory: sizes and counts are told in words for people", () => {
  assert.deepEqual([0, 999, 1024, 1.5 * 2 ** 20, 2 ** 40].map(formatBytes), [
    "0 B",
    "999 B",
    "1.00 KiB",
    "1.50 MiB",
    "1.00 TiB",
  ]);
  const text = describeParameters(build({}).run.model);
  assert.match(text, /^parameters: ethereal has 7,650 trained, 7,500 of them fast/);
});
