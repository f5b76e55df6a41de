/** Where a schedule draws random numbers: once for each lane that needs them, and anew at each step. */
import assert from "node:assert/strict";
import { referenceBackend } from "../backends/reference/reference.ts";
import * as l from "../program/language.ts";
import { createProgram, type Program, type StageBuilder } from "../program/program.ts";
import { runStage } from "../testing/run_schedule.ts";
import { seededValues } from "../testing/seeded_values.ts";
import { drawKeys } from "../training/batches.ts";
import { hoistInvariants } from "./hoist_invariants.ts";
import { scheduleStage } from "./schedule.ts";

const extents = { replicas: 2, sequences: 3, steps: 4 };

/** A loop over a vector y of each sequence and shared weights w. */
function loopOf(next: (stage: StageBuilder) => l.Value): Program {
  const builder = createProgram(extents);
  builder.slot("y", { kind: "state", shape: [5], hasBatchAxis: true });
  builder.slot("w", { kind: "parameter", shape: [5, 5] });
  builder.stage("train", { name: "step", loop: "forward" }, (stage) => {
    stage.store("y", next(stage));
  });
  return builder.build();
}
const stageOf = ({ procedures }: Program) => procedures.get("train")![0]!;

const shared = loopOf(({ load, random }) => {
  const mask = random("test").bernoulli(0.5, [5, 5], { perSequence: false });
  return l.matvec(l.mul(load("w"), mask), load("y"));
});
const own = loopOf(({ load, random }) => {
  const { bernoulli, normal } = random("test");
  const product = l.matvec(l.mul(load("w"), bernoulli(0.5, [5, 5])), l.mul(load("y"), normal(5)));
  return l.add(product, normal(5));
});

Deno.test("draws: what all sequences share is not moved out of the loop, and drawn once a step", () => {
  const { procedures } = hoistInvariants(shared);
  assert.deepEqual(procedures.get("train")!.map(({ name }) => name), ["step"]);
  const { groups } = scheduleStage(stageOf(shared), extents);
  const [first, second] = groups.map(([pass]) => pass!);
  assert.deepEqual([first!.domain.hasBatchAxis, first!.domain.shape], [false, [5, 5]]);
  assert.deepEqual([second!.domain.hasBatchAxis, second!.waitsFor], [true, "replica"]);
});

Deno.test("draws: a vector that a product reads is drawn once, a matrix where it is read", () => {
  const { groups, temporaries } = scheduleStage(stageOf(own), extents);
  assert.deepEqual(temporaries.map(({ shape }) => shape), [[5]], "y times noise");
  assert.ok(groups.flat().every(({ domain }) => domain.shape.length === 1));
});

for (const [what, program] of Object.entries({ shared, own })) {
  Deno.test(`draws: lanes in any order draw what the reference does, ${what} matrices`, async () => {
    const engine = await referenceBackend().prepare(program);
    const keys = drawKeys(program, { seeds: [1, 2], split: "train", first: 3, iterations: 1 });
    const memory = new Map<string, Float64Array>(
      [...keys].map(([name, values]) => [name, Float64Array.from(values)]),
    );
    memory.set("y", seededValues(2 * 3 * 5, { seed: 1, low: -1, high: 1 }));
    memory.set("w", seededValues(2 * 25, { seed: 2, low: -1, high: 1 }));
    memory.forEach((values, name) => engine.write(name, values));
    await engine.run("train", { iterations: 1 });
    const expected = (await engine.read(["y"])).get("y")!;
    runStage(stageOf(program), memory, { extents, seed: 5, lockstep: false });
    memory.get("y")!.forEach((value, index) =>
      assert.ok(Math.abs(value - expected[index]!) < 1e-12, `element ${index}`)
    );
  });
}
