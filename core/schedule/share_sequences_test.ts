/** Equal matrices of all sequences become one: where that holds, and where it must not. */
import assert from "node:assert/strict";
import { cpuBackend } from "../backends/cpu/cpu.ts";
import { referenceBackend } from "../backends/reference/reference.ts";
import { add, batchMean, matvec, mul, outer } from "../program/language.ts";
import { reachable } from "../program/node.ts";
import { createProgram, type Loop, type Program } from "../program/program.ts";
import { assertTwins, trainOn } from "../testing/twin.ts";
import { shareSequences } from "./share_sequences.ts";

/** Weights become their mean, a loop reads them, and the end changes them, if anything does. */
function example(
  { change, loop = "forward", sequences = 3 }: {
    change: "in the loop" | "at the end" | "never";
    loop?: Loop;
    sequences?: number;
  },
): Program {
  const builder = createProgram({ replicas: 2, sequences, steps: 4 });
  builder.slot("w", { kind: "parameter", shape: [5, 5], hasBatchAxis: true });
  builder.slot("x", { kind: "optimizer", shape: [5], hasBatchAxis: true });
  builder.stage("train", { name: "reset" }, (stage) => {
    stage.store("w", batchMean(stage.load("w")));
  });
  builder.stage("train", { name: "run", loop }, (stage) => {
    const [w, x] = [stage.load("w"), stage.load("x")];
    stage.store("x", mul(matvec(w, x), 0.5));
    if (change === "in the loop") stage.store("w", mul(w, 0.9));
  });
  builder.stage("train", { name: "end" }, (stage) => {
    const [w, x] = [stage.load("w"), stage.load("x")];
    if (change === "at the end") stage.store("w", add(w, outer(x, x)));
    else stage.store("x", mul(x, 0.5));
  });
  return builder.build();
}

/** The slots that each stage of `train` reads, and those that it stores. */
const slotsOf = (program: Program) =>
  program.procedures.get("train")!.map(({ stores }) => ({
    reads: [
      ...new Set(
        reachable(stores.map(({ value }) => value)).flatMap(({ operation }) =>
          operation.op === "load" ? [operation.slot.name] : []
        ),
      ),
    ].sort(),
    stores: stores.map(({ slot }) => slot.name),
  }));

const SHARED = "shared/train/0/w";

Deno.test("shared sequences: a loop and the end read one matrix, and copies are made once", () => {
  assert.deepEqual(slotsOf(shareSequences(example({ change: "at the end" }))), [
    { reads: ["w"], stores: [SHARED] },
    { reads: [SHARED, "x"], stores: ["x"] },
    { reads: [SHARED, "x"], stores: ["w"] },
  ]);
});

Deno.test("shared sequences: copies that nothing stores anew are left", () => {
  assert.deepEqual(
    slotsOf(shareSequences(example({ change: "never" }))).map(({ stores }) => stores),
    [
      [SHARED, "w"],
      ["x"],
      ["x"],
    ],
  );
});

Deno.test("shared sequences: not what a loop changes, a single sequence has, or a single step runs", () => {
  for (
    const program of [
      example({ change: "in the loop" }),
      example({ change: "at the end", sequences: 1 }),
      example({ change: "at the end", loop: "one" }),
    ]
  ) assert.deepEqual(slotsOf(shareSequences(program)), slotsOf(program));
});

Deno.test("shared sequences: the numbers stay", async () => {
  const backend = cpuBackend({ threads: 1 });
  for (const change of ["at the end", "never", "in the loop"] as const) {
    const program = example({ change });
    const expected = await trainOn(referenceBackend(), program, { seeds: [1, 2], drawn: false });
    const actual = await trainOn(backend, program, { seeds: [1, 2], drawn: false });
    assertTwins(actual, expected, { bound: 1e-5, what: change });
  }
  backend.close();
});
