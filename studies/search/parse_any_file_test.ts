/** Whatever a file holds, it is read or refused in a line; and what is read can be searched. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { distributions } from "./distributions.ts";
import { parseSweepFile } from "./parse_sweep_file.ts";
import { propose } from "./propose.ts";

const anything = fc.anything({ maxDepth: 2, maxKeys: 3 }).filter((value) => {
  try {
    return JSON.stringify(value) !== undefined;
  } catch {
    return false;
  }
});

/** Mostly what is meant, at times something else. */
const mostly = <T>(arbitrary: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 20, arbitrary }, { weight: 1, arbitrary: anything });

const number = mostly(fc.oneof(
  fc.double({ min: 0.001, max: 20, noNaN: true }),
  fc.double({ min: -20, max: 20, noNaN: true }),
  fc.integer({ min: 1, max: 300 }),
));

/** A range of each distribution, whose ends are mostly in order. */
const ranges = Object.entries(distributions).map(([distribution, { numbers }]) =>
  fc.record(Object.fromEntries(Object.keys(numbers).map((key) => [key, number]))).map((given) => ({
    distribution,
    ...given,
    ..."max" in given && { max: Math.abs(Number(given.max)) + Math.abs(Number(given.min)) },
  }))
);

const parameter = mostly(fc.oneof(
  fc.record({ values: fc.array(number, { minLength: 1, maxLength: 4 }) }),
  fc.record({ value: number }),
  fc.record({ min: number, max: number }),
  ...ranges,
));

const names = fc.constantFrom(
  ...[
    "lr",
    "updater.clip_weights",
    "plast_clip",
    "seed",
    "dropout",
    "eta",
    "hidden_size",
    "nothing",
  ],
);

const file = fc.record({
  method: fc.constantFrom("grid", "random", "bayes"),
  metric: mostly(fc.constant({ name: "loss", goal: "minimize" })),
  parameters: fc.dictionary(names, parameter, { minKeys: 1, maxKeys: 2 }),
  early_terminate: mostly(fc.record({
    ...{ type: fc.constant("hyperband"), min_iter: fc.integer({ min: 1, max: 9 }) },
    eta: mostly(fc.constantFrom(2, 3, 1.5)),
  })),
  run_cap: mostly(fc.integer({ min: 1, max: 20 })),
}, { requiredKeys: ["method", "metric", "parameters"] });

Deno.test("any file is searched, or refused in one line", async () => {
  let read = 0;
  await fc.assert(
    fc.asyncProperty(file, async (value) => {
      let sweep;
      try {
        sweep = await parseSweepFile(JSON.stringify(value), "sweep.json");
      } catch (error) {
        assert.equal((error as Error).name, "UsageError", String((error as Error).stack));
        assert.ok(!(error as Error).message.includes("\n"));
        return;
      }
      read++;
      const trials = propose(sweep, { seed: 1, known: [], count: 5 });
      assert.ok(trials.length > 0);
      for (const { values } of trials) {
        for (const number of Object.values(values)) {
          if (typeof number === "number") assert.ok(Number.isFinite(number), JSON.stringify(value));
        }
      }
    }),
    { numRuns: 250, seed: 1 },
  );
  assert.ok(read > 30, `${read} were read`);
});
