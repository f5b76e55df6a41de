/** Every program on every backend gives the numbers of the float64 reference. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { models } from "../../models/mod.ts";
import { updaters } from "../../updaters/mod.ts";
import { poisonMemory } from "../testing/poison_memory.ts";
import { languagePrograms } from "../testing/language_programs.ts";
import {
  arbitraryStores,
  firstValues,
  isTame,
  programOf,
  runNaively,
  showStores,
  type Sizes,
} from "../testing/random_program.ts";
import { assertTwins, keptSlots, onlyProcedures, trainOn, writeStart } from "../testing/twin.ts";
import { type TwinCase, twinCases } from "../testing/twin_cases.ts";
import type { Backend, Values } from "./backend.ts";
import { cpuBackend } from "./cpu/cpu.ts";
import { isPersistent } from "./layout.ts";
import { referenceBackend } from "./reference/reference.ts";
import { webgpuBackend } from "./webgpu/webgpu.ts";

const cases = twinCases({ models, updaters });
const reference = referenceBackend();
const find = (start: string): TwinCase => cases.find(({ name }) => name.startsWith(start))!;

const bits = (values: ReadonlyMap<string, Values>) =>
  [...values].map(([name, value]) => [
    name,
    new Uint32Array(Float32Array.from(value).buffer),
  ]);

async function languageSteps(t: Deno.TestContext, backend: Backend): Promise<void> {
  for (const { name, program } of languagePrograms()) {
    await t.step(name, async () => {
      const seeds = Array.from({ length: program.extents.replicas }, (_, p) => p);
      const options = { seeds, procedures: ["main"], iterations: 1, drawn: false };
      const expected = await trainOn(reference, program, options);
      assertTwins(await trainOn(backend, program, options), expected, { bound: 2e-6, what: name });
    });
  }
}

async function trainingSteps(t: Deno.TestContext, backend: Backend): Promise<void> {
  for (const { name, program, seeds, symbols } of cases) {
    await t.step(name, async () => {
      const expected = await trainOn(reference, program, { seeds, symbols });
      const actual = await trainOn(backend, program, { seeds, symbols });
      assertTwins(actual, expected, { bound: 1e-5, what: name });
    });
  }
}

/** The kernels that a GPU runs, on whatever there is. */
const asGpu = { allowSoftware: true, planAsHardware: true };

const devices: Readonly<Record<string, () => Backend | Promise<Backend>>> = {
  "webgpu split": () => webgpuBackend({ ...asGpu, lowering: "split" }),
  "webgpu joined": () => webgpuBackend({ ...asGpu, lowering: "joined" }),
  "webgpu fused": () => webgpuBackend({ ...asGpu, lowering: "fused" }),
  "webgpu split, on a CPU": () => webgpuBackend({ allowSoftware: true, lowering: "split" }),
  "webgpu fused, on a CPU": () => webgpuBackend({ allowSoftware: true, lowering: "fused" }),
  "webgpu fused, few lanes and no subgroups": () =>
    webgpuBackend({ allowSoftware: true, lowering: "fused", subgroups: false }),
  "cpu, one thread": () => cpuBackend({ threads: 1 }),
  "cpu, three threads": () => cpuBackend({ threads: 3, forceThreads: true }),
};

for (const [name, open] of Object.entries(devices)) {
  Deno.test(`${name} is the twin of the reference, whatever its memory holds`, async (t) => {
    const undo = poisonMemory();
    const backend = await open();
    await languageSteps(t, backend);
    await trainingSteps(t, backend);
    backend.close();
    undo();
  });
}

Deno.test("memory of a GPU is poisoned", async () => {
  const undo = poisonMemory();
  using backend = await webgpuBackend({ allowSoftware: true });
  using engine = await backend.prepare(find("rnn, bptt").program);
  undo();
  for (const [name, values] of await engine.read([...engine.program.slots.keys()])) {
    assert.ok(values.every(Number.isNaN), name);
  }
});

const fusedGpu = () => webgpuBackend({ allowSoftware: true, lowering: "fused" });

Deno.test("evaluate and measure after train are those of the reference", async () => {
  const backend = await fusedGpu();
  for (const start of ["ethereal, dfa, 3", "rnn, bptt"]) {
    const { name, program, seeds, symbols } = find(start);
    const procedures = ["train", "evaluate", "measure"];
    const expected = await trainOn(reference, program, { seeds, symbols, procedures });
    const actual = await trainOn(backend, program, { seeds, symbols, procedures });
    assertTwins(actual, expected, { bound: 1e-5, what: name });
  }
  backend.close();
});

Deno.test("the same start gives the same bits, in one call or three", async () => {
  const backend = await fusedGpu();
  const { program: whole, seeds, symbols } = find("ethereal, dfa, 3");
  const program = onlyProcedures(whole, ["train"]);
  const first = await trainOn(backend, whole, { seeds, symbols });
  const again = await trainOn(backend, whole, { seeds, symbols });
  assert.deepEqual(bits(first), bits(again));
  const engine = await backend.prepare(program, { chunk: 3 });
  writeStart(engine, { seeds, symbols });
  const inputs = [...program.slots.values()].filter(({ kind }) => kind === "input");
  const drawn = await engine.read(inputs.map(({ name }) => name));
  for (let k = 0; k < 3; k++) {
    for (const [name, value] of drawn) {
      const size = value.length / 3;
      engine.write(name, value.slice(k * size, (k + 1) * size));
    }
    await engine.run("train", { iterations: 1 });
  }
  const left = await engine.read(keptSlots(program).filter((name) => !name.startsWith("metrics")));
  for (const [name, value] of left) assert.deepEqual(value, first.get(name), name);
  engine.close();
  backend.close();
});

/** A run with `restore` leaves every persistent slot as it was, and what `measure` reports. */
async function restoresSlots(device: Backend): Promise<void> {
  const { program: whole, seeds, symbols } = find("ethereal, dfa, 3");
  const program = onlyProcedures(whole, ["train", "evaluate", "measure"]);
  const engine = await device.prepare(program, { chunk: 3 });
  writeStart(engine, { seeds, symbols });
  await engine.run("train", { iterations: 2 });
  const slots = [...program.slots.values()].filter(isPersistent).map(({ name }) => name);
  const before = await engine.read(slots);
  await engine.run("measure", { iterations: 1 });
  const norms = await engine.read(["metrics/measure"]);
  await engine.run("evaluate", { iterations: 3, restore: true });
  assert.deepEqual(await engine.read(slots), before);
  await engine.run("measure", { iterations: 1 });
  assert.deepEqual(
    await engine.read(["metrics/measure"]),
    norms,
    "measure reports the last train, whatever was evaluated since",
  );
  engine.close();
}

/** Two iterations of a run with `restore` on equal inputs count the same. */
async function startsAlike(device: Backend): Promise<void> {
  const { program: whole, seeds, symbols } = find("ethereal, dfa, 3");
  const program = onlyProcedures(whole, ["evaluate"]);
  const engine = await device.prepare(program, { chunk: 2 });
  writeStart(engine, { seeds, symbols });
  for (const [slot, { kind }] of program.slots) {
    if (kind !== "input") continue;
    const value = (await engine.read([slot])).get(slot)!;
    const half = Array.from(value.slice(0, value.length / 2));
    engine.write(slot, Float32Array.from([...half, ...half]));
  }
  await engine.run("evaluate", { iterations: 2, restore: true });
  const counts = (await engine.read(["metrics/evaluate"])).get("metrics/evaluate")!;
  const half = counts.length / 2;
  assert.deepEqual(counts.slice(half), counts.slice(0, half));
  engine.close();
}

/** Each mistake of a caller throws an error of one line. */
async function refusesMistakes(device: Backend): Promise<void> {
  const { program: whole } = find("ojaLayer, bptt, 3");
  const engine = await device.prepare(onlyProcedures(whole, ["evaluate"]), { chunk: 2 });
  const short = new Float32Array(8);
  assert.throws(() => engine.write("w", short), /RangeError: "w" holds 9 values, got 8/);
  assert.throws(() => engine.write("no", short), /ReferenceError: No slot "no"/);
  await assert.rejects(async () => await engine.read(["no"]), /ReferenceError: No slot "no"/);
  await assert.rejects(async () => await engine.run("no", { iterations: 1 }), /No procedure "no"/);
  for (const iterations of [0, 3, NaN]) {
    await assert.rejects(
      async () => await engine.run("evaluate", { iterations }),
      /RangeError: Expected 1 to 2 iterations/,
    );
  }
  engine.close();
}

const engines: Readonly<Record<string, () => Backend | Promise<Backend>>> = {
  reference: referenceBackend,
  gpu: fusedGpu,
  cpu: () => cpuBackend({ threads: 3, forceThreads: true }),
};

for (const [name, open] of Object.entries(engines)) {
  Deno.test(`${name}: the contract of an engine`, async (t) => {
    const device = await open();
    await t.step("a run that restores leaves every slot as it was", () => restoresSlots(device));
    await t.step("all iterations of a restoring run start alike", () => startsAlike(device));
    await t.step("mistakes throw one clear line", () => refusesMistakes(device));
    device.close();
  });
}

/** Extents of shapes that fill vectors and pairs of vectors, begin them, or are one element. */
const manySizes: readonly Sizes[] = [
  { n: 5, m: 3 },
  { n: 1, m: 9 },
  { n: 12, m: 1 },
  { n: 8, m: 4 },
  { n: 17, m: 2 },
  { n: 3, m: 33 },
];

/** Random programs per device: a software adapter takes long to compile a kernel. */
const randomRuns: Readonly<Record<string, { runs: number; sizes: readonly Sizes[] }>> = {
  "webgpu split": { runs: 6, sizes: [{ n: 5, m: 3 }] },
  "webgpu joined": { runs: 4, sizes: [{ n: 5, m: 3 }] },
  "webgpu fused": { runs: 3, sizes: [{ n: 5, m: 3 }] },
  "cpu, one thread": { runs: 8, sizes: manySizes },
  "cpu, three threads": { runs: 4, sizes: manySizes },
};

for (const [name, { runs, sizes: allSizes }] of Object.entries(randomRuns)) {
  Deno.test(`${name}: random programs`, async () => {
    const backend = await devices[name]!();
    for (const sizes of allSizes) await assertRandomPrograms(backend, { runs, sizes });
    backend.close();
  });
}

/** Random programs with these sizes give what the equations say; every other one goes over segments. */
async function assertRandomPrograms(
  backend: Backend,
  { runs, sizes }: { runs: number; sizes: Sizes },
): Promise<void> {
  const extents = { replicas: 2, sequences: 3, steps: 3 };
  const context = { sizes, extents };
  const candidates = fc.sample(arbitraryStores(sizes), { numRuns: 10 * runs, seed: 3 })
    .filter((stores) => Object.keys(stores).length >= 3)
    .filter((stores) => isTame(runNaively(stores, firstValues(context), context)));
  assert.ok(candidates.length >= runs);
  for (const [index, stores] of candidates.slice(0, runs).entries()) {
    const program = programOf(stores, {
      sizes,
      extents: index % 2 === 0 ? extents : { ...extents, segment: 2 },
    });
    const engine = await backend.prepare(program);
    for (const [slot, value] of firstValues(context)) engine.write(slot, value);
    await engine.run("train", { iterations: 1 });
    const actual = await engine.read([...firstValues(context).keys()]);
    const expected = runNaively(stores, firstValues(context), context);
    const what = `${JSON.stringify(sizes)}: ${showStores(stores)}`;
    assertTwins(actual, expected, { bound: 1e-5, what, floor: 0.1 });
    engine.close();
  }
}
