import assert from "node:assert/strict";
import { type SampleRun, writeSampleRun } from "../testing/sample_run.ts";
import { hybridConfigurations } from "./configurations.ts";
import { compareKinds, headline, readNetworkResult } from "./results.ts";
import { networkTable } from "./tables.ts";

const find = (name: string) =>
  hybridConfigurations.find((configuration) => configuration.name === name)!;

async function read(
  runs: readonly [folder: string, run: Omit<SampleRun, "configuration"> & { name: string }][],
  { break: breakIt }: { break?: (out: string) => void } = {},
) {
  const out = await Deno.makeTempDir();
  const problems: string[] = [];
  try {
    for (const [folder, { name, ...run }] of runs) {
      writeSampleRun(`${out}/${folder}`, { configuration: find(name), ...run });
    }
    breakIt?.(out);
    const problem = (line: string) => void problems.push(line.replaceAll(out, "OUT"));
    const networks = hybridConfigurations.map((configuration) =>
      readNetworkResult(out, { configuration, problem })
    );
    const of = (name: string) => networks.find((network) => network.configuration.name === name)!;
    return { networks, of, problems };
  } finally {
    await Deno.remove(out, { recursive: true });
  }
}

/** R = 1, 2, ... passed every thousand updates. */
const every = (levels: number, step = 1000) =>
  Array.from({ length: levels }, (_, index) => step * (index + 1));

Deno.test("trained numbers of the networks, as published", async () => {
  const { of } = await read([]);
  const numbers = {
    "memo-ma-50-50": 7653,
    "dyn-ma-50-50": 7653,
    "memo-ma-25-25": 2578,
    "memo-m-100": 5202,
    "memo-m-50": 2602,
    "nonl-m-100-100": 15_302,
    "nonl-a-50-50": 5152,
    "stack-ma-50-50": 5203,
  };
  for (const [name, expected] of Object.entries(numbers)) {
    assert.equal(of(name).parameters, expected, name);
  }
});

Deno.test("verdicts: reached, not reached, open, not run", async () => {
  const name = "memo-m-100";
  const run = (passedAt: number[], more: Partial<SampleRun> = {}) =>
    [`${name}-seed-1`, { name, passedAt: [passedAt], updates: 100_000, ...more }] as const;
  const verdict = async (...runs: Parameters<typeof read>[0][number][]) =>
    (await read(runs)).of(name).verdict;
  assert.equal(await verdict(), "not run");
  assert.equal(await verdict([...run(every(3))]), "reached");
  assert.equal(await verdict([...run(every(2))]), "not reached");
  const going = { updates: 5000, iterations: 100_000, endReason: null };
  assert.equal(await verdict([...run(every(2), going)]), "open");
  assert.equal(await verdict([...run(every(3), going)]), "reached");
  assert.equal(
    await verdict([...run(every(2), { ...going, endReason: "diverged" })]),
    "not reached",
  );
});

Deno.test("what was passed after the updates of the reference does not count for it", async () => {
  const passedAt = [[50_000, 99_999, 100_000, 100_001, 150_000]];
  const { of } = await read([["memo-m-50-seed-1", {
    name: "memo-m-50",
    passedAt,
    updates: 200_000,
  }]]);
  const { levels, runs } = of("memo-m-50");
  assert.deepEqual(levels, [3]);
  assert.deepEqual(runs.seeds[0]!.passed.at(-1), { level: 5, updates: 150_000, seconds: 1500 });
});

Deno.test("the first update and second at which the reference was passed, within its updates", async () => {
  const name = "memo-m-100";
  const { of, networks } = await read([1, 2, 3].map((seed) => [`${name}-seed-${seed}`, {
    name,
    seeds: [seed],
    passedAt: [[every(5), every(2), [1000, 2000, 100_001]][seed - 1]!],
    updates: 200_000,
  }]));
  const first = { level: 3, updates: 3000, seconds: 30 };
  assert.deepEqual(of(name).referenceAt, [first, undefined, undefined]);
  const table = networkTable(networks);
  const row = table.rows.find(([title]) => title === "Memo M 100 (large)")!;
  const cell = (column: string) => row[table.columns.indexOf(column)];
  assert.equal(cell("Updates to the reference"), "3,000; –; –");
  assert.equal(cell("Seconds to the reference"), "30; –; –");
});

Deno.test("seeds of their own runs and side by side; a seed that was trained twice counts once", async () => {
  const name = "memo-a-50";
  const { of, networks } = await read([
    [`${name}-seed-1`, { name, passedAt: [every(1)], updates: 100_000 }],
    [`${name}-seeds-1-3`, {
      name,
      seeds: [1, 2, 3],
      passedAt: [every(9), every(2), every(3)],
      updates: 5000,
      iterations: 100_000,
      endReason: "interrupted",
    }],
  ]);
  const { levels, median, runs, verdict } = of(name);
  assert.deepEqual(levels, [1, 2, 3]);
  assert.equal(median, 2);
  assert.equal(verdict, "reached");
  assert.deepEqual(runs.seeds.map(({ run }) => run), [
    `${name}-seed-1`,
    `${name}-seeds-1-3`,
    `${name}-seeds-1-3`,
  ]);
  assert.equal(runs.seconds, 1000 + 50);
  assert.equal(headline(networks), "1 of 18 reach the reference (17 not run)");
});

Deno.test("a run that was not trained as the experiment says is left out and named", async () => {
  const more = {
    5: "updater.learning_rate=0.001",
    6: "updater.grad_clip=0",
    7: "updater.optimizer=sgd",
    8: "task.acc_num=3",
    9: "training.batch_size=2",
  };
  const { of, problems } = await read([
    ["memo-m-50-seed-1", { name: "memo-a-50", passedAt: [[]], updates: 10 }],
    ["memo-m-50-seed-2", { name: "memo-m-50", seeds: [2], passedAt: [[]], updates: 10 }],
    ["memo-m-50-seed-3", { name: "memo-m-50", seeds: [3], passedAt: [[4]], updates: 10 }],
    ["memo-m-50-seed-4", { name: "memo-m-50", seeds: [1], passedAt: [[4]], updates: 10 }],
    ...Object.entries(more).map((
      [seed, setting],
    ): Parameters<typeof read>[0][number] => [`memo-m-50-seed-${seed}`, {
      name: "memo-m-50",
      seeds: [Number(seed)],
      passedAt: [[4]],
      updates: 10,
      settings: [setting],
    }]),
  ], { break: (out) => Deno.writeTextFileSync(`${out}/memo-m-50-seed-2/metrics.jsonl`, "{\n{\n") });
  assert.deepEqual(of("memo-m-50").runs.seeds.map(({ seed }) => seed), [3]);
  const says = [
    /seed-1: .*: model\.plastic_types is \["A"\], expected \["M"\]$/,
    /seed-2\/metrics.jsonl/,
    /seed-4: .*: training\.seeds is \[1\], expected those of seed-4$/,
    /seed-5: .*: updater\.learning_rate is 0\.001, expected 0\.003$/,
    /seed-6: .*: updater\.grad_clip is 0, expected 0\.3$/,
    /seed-7: .*: updater\.optimizer is "sgd", expected "adam"$/,
    /seed-8: .*: task\.acc_num is 3, expected 5$/,
    /seed-9: .*: training\.batch_size is 2, expected 1$/,
  ];
  assert.equal(problems.length, says.length, problems.join("\n"));
  says.forEach((expected, index) => assert.match(problems[index]!, expected));
});

Deno.test("M against A where one layer differs, with an interval from three seeds on", async () => {
  const runs = (name: string, levels: number[]) =>
    levels.map((level, index): Parameters<typeof read>[0][number] => [
      `${name}-seed-${index + 1}`,
      { name, seeds: [index + 1], passedAt: [every(level)], updates: 100_000 },
    ]);
  const { networks } = await read([
    ...runs("memo-m-100", [5, 6, 7]),
    ...runs("memo-a-100", [2, 2, 2]),
    ...runs("dyn-ma-25-25", [8, 9]),
    ...runs("dyn-mm-25-25", [7]),
    ...runs("nonl-m-50-50", [4]),
  ]);
  const [memory, readout, ...rest] = compareKinds(networks);
  assert.deepEqual(rest, []);
  assert.deepEqual([memory!.readout, memory!.layer, memory!.difference, memory!.seeds], [
    "none (one layer)",
    "memory layer",
    4,
    3,
  ]);
  assert.deepEqual(memory!.interval, { low: 3, high: 5 });
  assert.deepEqual([readout!.readout, readout!.layer, readout!.difference, readout!.interval], [
    "Dyn_RO",
    "readout layer",
    -1.5,
    undefined,
  ]);
});
