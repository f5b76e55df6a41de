/** Counts of updates beyond 2^24, in float32. */
import assert from "node:assert/strict";
import { cpuBackend } from "../core/backends/cpu/cpu.ts";
import { single } from "../core/testing/evaluate_stage.ts";
import { countUp, declareCounter, missingCounts } from "../core/program/counter.ts";
import { createProgram } from "../core/program/program.ts";

const name = "optimizer/updates";

/** The counts before and after each of so many updates, from a count on. */
async function countFrom(start: number, updates: number): Promise<[number, number][]> {
  const builder = createProgram(single);
  declareCounter(builder, name);
  for (const slot of ["before", "after"]) builder.slot(slot, { kind: "optimizer" });
  builder.stage("main", { name: "main" }, (stage) => {
    const { before, after } = countUp(stage, name);
    stage.store("before", before);
    stage.store("after", after);
  });
  const program = builder.build();
  const engine = await cpuBackend().prepare(program);
  for (const [slot, value] of missingCounts(program.slots.keys(), new Set([name]), start)) {
    engine.write(slot, Float32Array.of(value));
  }
  const counts: [number, number][] = [];
  for (let update = 0; update < updates; update++) {
    await engine.run("main", { iterations: 1 });
    const read = await engine.read(["before", "after"]);
    counts.push([read.get("before")![0]!, read.get("after")![0]!]);
  }
  engine.close();
  return counts;
}

Deno.test("updates are counted in float32 beyond 2^24, up to 2^40", async () => {
  for (const start of [0, 2 ** 24 - 3, 2 ** 25 - 2, 2 ** 40 - 2]) {
    for (const [update, [before, after]] of (await countFrom(start, 6)).entries()) {
      assert.equal(before, Math.fround(start + update));
      assert.equal(after, Math.fround(start + update + 1));
    }
  }
});

Deno.test("a count of one float32 that has stopped goes on from the iteration", () => {
  const turns = `${name}/turns`;
  const missing = (iteration: number, ...stored: string[]) =>
    Object.fromEntries(missingCounts([name, turns, "w"], new Set(stored), iteration));
  assert.deepEqual(missing(20_000_000, name, "w"), { [name]: 20_000_000 - 2 ** 24, [turns]: 1 });
  assert.deepEqual(missing(12, name, "w"), { [name]: 12, [turns]: 0 });
  assert.deepEqual(missing(12, name, turns, "w"), {});
  // A checkpoint of another network holds neither: it is refused by name.
  assert.deepEqual(missing(12, "w"), {});
});
