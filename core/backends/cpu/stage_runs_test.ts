/** Stages that run sequence by sequence, with one tape per thread, give the results of the reference. */
import assert from "node:assert/strict";
import { hybrid } from "../../../models/hybrid.ts";
import { updaters } from "../../../updaters/mod.ts";
import { binaryCrossEntropy } from "../../losses/binary_cross_entropy.ts";
import type { Program } from "../../program/program.ts";
import { assertTwins, trainOn, writeStart } from "../../testing/twin.ts";
import { lower } from "../lower.ts";
import { referenceBackend } from "../reference/reference.ts";
import { cpuBackend } from "./cpu.ts";
import { divide } from "./division.ts";
import { rowSize } from "./row_size.ts";
import { privateTapes } from "./private_tapes.ts";
import { stageRuns } from "./stage_runs.ts";

const steps = 6;

function hybridProgram(
  { replicas = 1, sequences, probe, tape }: {
    replicas?: number;
    sequences: number;
    probe?: boolean;
    tape?: "whole" | "checkpoints";
  },
): Program {
  const model = hybrid.instantiate({ inputs: 5, hidden_dims: [6, 7] });
  const extents = { replicas, sequences, steps };
  return updaters["bptt"]!.build(
    { model, loss: binaryCrossEntropy, extents, probe },
    { optimizer: "adam", learning_rate: 0.01, tape },
  );
}

const withThreads = (threads: number) => cpuBackend({ threads, forceThreads: true });

const runsOf = (program: Program) =>
  [...lower(program, { chunk: 1, lowering: "fused" }).procedures.values()].map(stageRuns);

Deno.test("cpu: back-propagation through time is one run from reset to reverse", () => {
  const [train] = runsOf(hybridProgram({ sequences: 3 }));
  assert.deepEqual(train!.map((run) => run.map(({ stage }) => stage.name)), [
    ["prepare"],
    ["reset", "forward", "turn", "reverse"],
    ["finish"],
    ["report"],
  ]);
});

Deno.test("cpu: with checkpoints too, and what a segment needs is private", () => {
  const [train] = runsOf(hybridProgram({ sequences: 3, tape: "checkpoints" }));
  assert.deepEqual(train![1]!.map(({ stage }) => stage.name), [
    ...["reset", "checkpoint", "forward", "turn", "restore", "replay", "reverse"],
  ]);
  const names = [...privateTapes([train!].flat())].map(({ name }) => name);
  for (const name of ["train/tape/plastic_0", "train/checkpoint/plastic_0"]) {
    assert.ok(names.includes(name), names.join());
  }
});

Deno.test("cpu: a tape is private unless a later stage or the host reads it", () => {
  const names = [...privateTapes(runsOf(hybridProgram({ sequences: 3, probe: true })).flat())]
    .map(({ name }) => name);
  assert.ok(names.includes("train/tape/plastic_0"), names.join());
  assert.ok(names.every((name) => name.startsWith("train/tape/")), names.join());
});

Deno.test("cpu: tapes of a thread and tapes of a sequence give the same bits", async (t) => {
  const cases = ["whole", "checkpoints"].flatMap((tape) =>
    [[1, 1], [1, 2], [1, 3], [1, 4], [1, 5], [2, 2]].map((axes) => [tape, ...axes])
  ) as [tape: "whole" | "checkpoints", replicas: number, sequences: number][];
  for (const [tape, replicas, sequences] of cases) {
    await t.step(`${tape}, P ${replicas}, B ${sequences}`, async () => {
      const program = hybridProgram({ replicas, sequences, tape });
      const options = { seeds: [3, 4].slice(0, replicas), procedures: ["train", "evaluate"] };
      // As many threads as sequences: every tape is whole.
      const whole = await trainOn(withThreads(replicas * sequences), program, options);
      for (const threads of [1, 2, 3]) {
        const some = await trainOn(withThreads(threads), program, options);
        assert.deepEqual(some, whole, `${threads} threads`);
      }
      const expected = await trainOn(referenceBackend(), program, options);
      assertTwins(whole, expected, { bound: 1e-5, what: "against the reference" });
    });
  }
});

Deno.test("cpu: replicas taken whole, in equal shares or nearly, and split give the same bits", async (t) => {
  const program = hybridProgram({ replicas: 17, sequences: 2 });
  const options = { seeds: Array.from({ length: 17 }, (_, seed) => seed), procedures: ["train"] };
  // A replica a thread.
  const expected = await trainOn(withThreads(17), program, options);
  for (const [threads, whole] of [[1, true], [2, true], [3, false]] as const) {
    await t.step(`${threads} threads`, async () => {
      assert.equal(divide(program.extents, threads).wholeReplicas, whole);
      assert.deepEqual(await trainOn(withThreads(threads), program, options), expected);
    });
  }
});

Deno.test("cpu: tapes and temporaries of replicas taken whole are there once a thread", () => {
  const estimate = (replicas: number) => {
    const program = hybridProgram({ replicas, sequences: 3 });
    return withThreads(2).estimateMemory(program);
  };
  for (const purpose of ["tape", "temporary"]) {
    assert.equal(estimate(64).get(purpose), estimate(4).get(purpose), purpose);
  }
});

Deno.test("cpu: the estimate has the tape once a thread, and it cannot be read", async () => {
  const program = hybridProgram({ sequences: 5 });
  const tapes = [...privateTapes(runsOf(program).flat())];
  // Rows begin pairs of vectors.
  const bytes = tapes.map(({ shape }) =>
    4 * steps * [...shape.slice(0, -1), rowSize(shape.at(-1) ?? 1)].reduce((a, b) => a * b, 1)
  );
  const sum = (each: readonly number[]) => each.reduce((a, b) => a + b);
  // A thread's copies take whole cache lines, what is there once a sequence does not.
  const own = sum(bytes.map((each) => 64 * Math.ceil(each / 64)));
  const engines = await Promise.all(
    [1, 2, 5].map((threads) => withThreads(threads).prepare(program)),
  );
  const [one, two, five] = engines.map(({ memory }) => memory.get("tape")!);
  assert.equal(two! - one!, own);
  assert.equal(five! - one!, 5 * sum(bytes) - own);
  writeStart(engines[0]!, { seeds: [1] });
  assert.throws(
    () => engines[0]!.read(["train/tape/plastic_0"]),
    /RangeError: "train\/tape\/plastic_0" cannot be read: the cpu backend keeps it for one sequence/,
  );
  for (const engine of engines) engine.close();
});
