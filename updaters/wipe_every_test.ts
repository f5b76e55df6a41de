/** Fast weights that are kept from batch to batch: what carries over, and that nothing else does. */
import assert from "node:assert/strict";
import type { Engine, Values } from "../core/backends/backend.ts";
import { cpuBackend } from "../core/backends/cpu/cpu.ts";
import { isPersistent } from "../core/backends/layout.ts";
import { crossEntropy } from "../core/losses/cross_entropy.ts";
import { writeStart } from "../core/testing/twin.ts";
import { ethereal } from "../models/ethereal.ts";
import { updaters } from "./mod.ts";

const symbols = 4;
const model = ethereal.instantiate({ symbols, hidden_size: 3, plast_clip: 3, num_layers: 1 });
const extents = { replicas: 1, sequences: 2, steps: 5 };
const learning = { model, loss: crossEntropy, extents };
const build = (rule: "dfa" | "bptt", wipe_every: number) =>
  updaters[rule].build(learning, { learning_rate: 0.1, wipe_every });

async function open(program: ReturnType<typeof build>, copy?: ReadonlyMap<string, Values>) {
  const backend = cpuBackend({ threads: 1 });
  const engine = await backend.prepare(program, { chunk: 1 });
  writeStart(engine, { seeds: [3], symbols });
  copy?.forEach((values, name) => engine.write(name, values));
  return { engine, [Symbol.dispose]: () => (engine.close(), backend.close()) };
}

const lasting = async (engine: Engine) => {
  const names = [...engine.program.slots.values()].filter(isPersistent).map(({ name }) => name);
  return new Map([...await engine.read(names)].map(([name, values]) => [name, values.slice()]));
};

const batches = async (engine: Engine, count: number) => {
  for (let batch = 0; batch < count; batch++) await engine.run("train", { iterations: 1 });
};

for (const rule of ["dfa", "bptt"] as const) {
  Deno.test(`wipe_every, ${rule}: what lasts is all that a training goes on from`, async () => {
    const program = build(rule, 3);
    using whole = await open(program);
    await batches(whole.engine, 5);
    using first = await open(program);
    await batches(first.engine, 2);
    // Judging sequences changes nothing that is carried.
    await first.engine.run("evaluate", { iterations: 1, restore: true });
    using second = await open(program, await lasting(first.engine));
    await batches(second.engine, 3);
    assert.deepEqual(await lasting(second.engine), await lasting(whole.engine));
  });
}

/** Sums of what is judged, of sequences that begin with the lasting values of an engine. */
async function judged({ engine }: { engine: Engine }) {
  await engine.run("evaluate", { iterations: 1, restore: true });
  return (await engine.read(["metrics/evaluate"])).get("metrics/evaluate")!.slice();
}

Deno.test("wipe_every: a sequence is judged from wiped weights, whatever is carried", async () => {
  using carried = await open(build("dfa", 0));
  await batches(carried.engine, 2);
  const values = await lasting(carried.engine);
  using wiped = await open(
    build("dfa", 1),
    new Map([...values].filter(([name]) => !/wipe/.test(name))),
  );
  assert.deepEqual(await judged(carried), await judged(wiped));
});

Deno.test("wipe_every: 1 adds nothing to a program", () => {
  const names = ({ slots }: ReturnType<typeof build>) => [...slots.keys()];
  assert.equal(names(build("dfa", 1)).some((name) => name.includes("wipe")), false);
  assert.equal(names(build("dfa", 2)).some((name) => name.includes("wipe")), true);
});
