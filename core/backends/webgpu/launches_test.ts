/** Passes of single sequences share a launch, as far as sums over sequences let them, and values stay on the chip. */
import assert from "node:assert/strict";
import { add, batchMean, matvec, mul, outer, tanh } from "../../program/language.ts";
import { createProgram, type Program } from "../../program/program.ts";
import { holderOf } from "./elements.ts";
import { emitProgram } from "./emit_program.ts";

const size = 16;

/** Fast weights that are read and written at every step, and a slow bias that moves to what all sequences had. */
function fastWeights({ isCrowd }: { isCrowd: boolean }): Program {
  const builder = createProgram({ replicas: 2, sequences: 3, steps: 4 });
  builder.slot("slow", { kind: "parameter", shape: [size] });
  builder.slot("fast", { kind: "state", shape: [size, size], hasBatchAxis: true });
  builder.slot("h", { kind: "state", shape: [size], hasBatchAxis: true });
  builder.stage("main", { name: "step", loop: "forward" }, ({ load, store }) => {
    const h = tanh(add(matvec(load("fast"), load("h")), load("slow")));
    const mean = batchMean(h);
    store("h", isCrowd ? tanh(matvec(load("fast"), mul(h, mean))) : h);
    store("fast", add(load("fast"), outer(h, load("h"))));
    store("slow", mean);
  });
  return builder.build();
}

function launchesOf(program: Program) {
  const { stages } = emitProgram(program, {
    chunk: 1,
    lowering: "joined",
    arenaLimit: 2 ** 27,
    limits: { lanes: 256, bytes: 16384, isSoftware: false, subgroup: 1 },
  });
  return stages.flatMap(({ kernels }) =>
    kernels.map(({ workgroups, traffic }) => ({
      workgroups,
      /** What is read from memory, and written. */
      moved: traffic.passes.flatMap(({ touches }) => [
        ...new Set(
          touches.filter(({ level }) => level === "memory")
            .map(({ place, kind }) => `${kind} ${holderOf(place).name}`),
        ),
      ]),
    }))
  );
}

const count = (moved: readonly string[], what: string) =>
  moved.filter((each) => each === what).length;

Deno.test("launches: all passes of a sequence, then the sum over sequences", () => {
  const [run, sum, ...others] = launchesOf(fastWeights({ isCrowd: false }));
  assert.equal(others.length, 0);
  assert.equal(run!.workgroups, 2 * 3);
  assert.equal(count(run!.moved, "load fast"), 1);
  assert.equal(count(run!.moved, "store fast"), 1);
  assert.ok(sum!.moved.includes("store slow"));
});

Deno.test("launches: what needs a sum over sequences begins the next one", () => {
  const launches = launchesOf(fastWeights({ isCrowd: true }));
  const sum = launches.findIndex(({ moved }) => moved.includes("store slow"));
  const [before, after] = [launches.slice(0, sum), launches.slice(sum + 1)];
  assert.ok(before.length > 0 && after.length > 0);
  const writes = after.flatMap(({ moved }) => moved).filter((each) => each.startsWith("store"));
  assert.deepEqual(writes.sort(), ["store fast", "store h"]);
  // The sum reads what the launch before it has left in memory.
  const passedOn = launches[sum]!.moved.filter((each) => each.startsWith("load"))
    .map((each) => each.replace("load", "store"));
  assert.ok(passedOn.some((each) => before.some(({ moved }) => moved.includes(each))));
});
