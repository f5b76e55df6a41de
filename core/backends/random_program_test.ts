import assert from "node:assert/strict";
import fc from "fast-check";
import { assertNear } from "../testing/relative_rms.ts";
import {
  arbitraryStores,
  firstValues,
  programOf,
  runNaively,
  showStores,
  type Stores,
} from "../testing/random_program.ts";
import { runStage } from "../testing/run_schedule.ts";
import { referenceBackend } from "./reference/reference.ts";

const context = {
  sizes: { n: 3, m: 2 },
  extents: { replicas: 2, sequences: 2, steps: 3 },
};

async function assertReferenceAgrees(stores: Stores): Promise<void> {
  const values = firstValues(context);
  const expected = runNaively(stores, values, context);
  const engine = await referenceBackend().prepare(programOf(stores, context));
  for (const [name, value] of values) engine.write(name, value);
  await engine.run("train", { iterations: 1 });
  const actual = await engine.read([...values.keys()]);
  for (const [name, value] of expected) {
    assertNear(actual.get(name)!, value, { bound: 1e-9, what: `${name} of ${showStores(stores)}` });
  }
  engine.close();
}

function assertScheduleAgrees(
  stores: Stores,
  { seed, lockstep }: { seed: number; lockstep: boolean },
): void {
  const values = firstValues(context);
  const expected = runNaively(stores, values, context);
  const [stage] = programOf(stores, context).procedures.get("train")!;
  const memory = new Map([...values].map(([name, value]) => [name, value.slice()]));
  runStage(stage!, memory, { extents: context.extents, seed, lockstep });
  for (const [name, value] of expected) {
    assertNear(memory.get(name)!, value, { bound: 1e-9, what: `${name} of ${showStores(stores)}` });
  }
}

const finite = (stores: Stores) =>
  [...runNaively(stores, firstValues(context), context).values()].every((each) =>
    each.every((x) => Math.abs(x) < 1e6)
  );

Deno.test("random programs: the reference computes what the equations say", async () => {
  await fc.assert(
    fc.asyncProperty(arbitraryStores(context.sizes), async (stores) => {
      fc.pre(finite(stores));
      await assertReferenceAgrees(stores);
    }),
    { numRuns: 200 },
  );
});

for (const lockstep of [true, false]) {
  const what = lockstep ? "the order of lanes" : "how far a sequence runs ahead";
  Deno.test(`random programs: no schedule depends on ${what}`, () => {
    fc.assert(
      fc.property(arbitraryStores(context.sizes), fc.nat(1000), (stores, seed) => {
        fc.pre(finite(stores));
        assertScheduleAgrees(stores, { seed, lockstep });
      }),
      { numRuns: 300 },
    );
  });
}

Deno.test("random programs: are not trivial", () => {
  const sample = fc.sample(arbitraryStores(context.sizes), { numRuns: 200, seed: 1 });
  const stored = sample.reduce((total, stores) => total + Object.keys(stores).length, 0);
  assert.ok(stored / sample.length > 3);
  assert.ok(sample.filter(finite).length > 150);
});
