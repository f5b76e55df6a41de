/**
 * Every entry of the table against an exact list of its sequences, written independently of the
 * generators: the ideal predictor and the best guesser without memory are read off that list.
 */
import assert from "node:assert/strict";
import { splitStreams, type Task } from "../core/training/task.ts";
import { metricsOf } from "../core/losses/metric_facts.ts";
import { randomStream } from "../core/random.ts";
import { anyDraw } from "../core/testing/any_draw.ts";
import { z } from "../deps/zod.ts";
import { findTask, membersOf, type TaskEntry, tasks } from "./mod.ts";
import {
  listKeyValues,
  listLongRangeMemory,
  listMultiQueries,
  listPalindromes,
  listResequences,
  listSelectiveCopies,
  listStreams,
  listVaryingPalindromes,
  type Possible,
  range,
} from "./testing/possible_texts.ts";

const DRAWS = 4000;
/** All names that tasks go by in a config, those with numbers included. */
const members = Object.values(tasks).flatMap(membersOf);

/** Settings to test a task with, and the sequences it can then make. */
function cases(name: string): { config: Record<string, unknown>; list: Possible[] }[] {
  const only = (list: Possible[]) => [{ config: {}, list }];
  if (name === "long_range_memory") return only(listLongRangeMemory());
  if (name === "palindrome") return only(listPalindromes());
  const [, digit, family] = name.match(/^(?:([1-4])_)?(\w+)$/)!;
  const n = Number(digit ?? 2);
  if (family === "palindrome_vary") return only(listVaryingPalindromes(n, "0?!123,"));
  if (family === "small_palindrome_vary") return only(listVaryingPalindromes(n, "23"));
  if (family === "resequence") {
    return [
      { config: {}, list: listResequences(n, 5) },
      { config: { length: 12 }, list: listResequences(n, 12) },
    ];
  }
  // A task that is not listed fails the test of its sequences, not those of all others.
  return numberedCases(name);
}

/** The same of families whose numbers stand behind their names. */
function numberedCases(name: string): ReturnType<typeof cases> {
  const [, family, first = "2", second = "4"] = name.match(/^([a-z_]+?)(?:_(\d+))?(?:_(\d+))?$/) ??
    [];
  const [pairs, noise] = [Number(first), Number(second)];
  const keys = "abcdefgh".slice(0, pairs);
  if (family === "kv_unique" || family === "kv_reassign") {
    const rewrites = family === "kv_unique" ? 0 : pairs;
    const about = { pairs, rewrites, keys, values: "01", distractors: 0 };
    const small = {
      config: { values: 2, queries: 1 },
      list: listKeyValues({ ...about, queries: 1 }),
    };
    if (pairs > 2) return [small];
    const noisy = { values: "012", keys: "abc", distractors: 1, queries: pairs };
    return [small, {
      config: { values: 3, keys: 3, distractors: 1 },
      list: listKeyValues({ ...about, ...noisy }),
    }];
  }
  if (family === "kv_stream") {
    const [config, values] = [{ pairs: 3, values: 3, switching: 0.2 }, "012"];
    return [{ config, list: listStreams({ ...config, keys, values }) }];
  }
  if (family === "mqar") {
    const values = "ABCDEFGH".slice(0, pairs + 1);
    const config = {
      vocabulary: 2 * pairs + 2,
      length: 4 * pairs + 2 * (pairs % 2),
    };
    const list = listMultiQueries({
      pairs,
      ...config,
      keys: "abcdefgh".slice(0, pairs + 1),
      values,
    });
    return [{ config, list }];
  }
  if (family === "selcopy") {
    const letters = pairs > 2 ? "ab" : "abc";
    const config = { symbols: letters.length };
    return [{ config, list: listSelectiveCopies(pairs, noise, letters) }];
  }
  return [];
}

interface Drawn {
  readonly symbol: Float32Array;
  readonly target: Float32Array;
  readonly mask: Float32Array;
  readonly recall: Float32Array;
  readonly last: Float32Array;
  readonly lag: Float32Array;
}

/** The lags that metrics of the task are about. */
const lagsOf = ({ loss }: Task) => metricsOf(loss).flatMap(([, { along }]) => along ? [along] : []);

function draw(task: Task, step: number, { seed = 11, stream = splitStreams.train as number } = {}) {
  return task.sequence(randomStream({ seed, stream, step }), anyDraw) as unknown as Drawn;
}

/** The text of a drawn sequence, read from its targets. */
function textOf(task: Task, { symbol, target, mask }: Drawn): string {
  const targets = [...target].filter((_, t) => mask[t] === 1);
  return [symbol[0]!, ...targets].map((id) => task.alphabet![id]).join("");
}

/** Probability of each beginning of a text. */
function prefixMass(list: readonly Possible[]): Map<string, number> {
  const mass = new Map<string, number>();
  for (const { text, probability } of list) {
    for (let end = 1; end <= text.length; end++) {
      const prefix = text.slice(0, end);
      mass.set(prefix, (mass.get(prefix) ?? 0) + probability);
    }
  }
  return mass;
}

/** Nats the ideal predictor pays at each prediction of a text. */
function idealLosses(text: string, mass: Map<string, number>): number[] {
  return range(1, text.length).map((position) =>
    Math.log(mass.get(text.slice(0, position))! / mass.get(text.slice(0, position + 1))!)
  );
}

/** For each (position, present symbol) where recall is asked: probability of each answer. */
function memorylessMass(list: readonly Possible[]): Map<string, Map<string, number>> {
  const mass = new Map<string, Map<string, number>>();
  for (const { text, probability, recall } of list) {
    for (const position of recall) {
      const key = `${position} ${text[position - 1]}`;
      const answers = mass.get(key) ?? new Map<string, number>();
      answers.set(text[position]!, (answers.get(text[position]!) ?? 0) + probability);
      mass.set(key, answers);
    }
  }
  return mass;
}

function sum(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0);
}

function near(actual: number, expected: number, tolerance: number, what: string): void {
  assert.ok(
    Math.abs(actual - expected) <= tolerance,
    `${what} is ${actual}, expected ${expected} within ${tolerance}`,
  );
}

/** Tasks that make texts, whose targets are the next symbols; the others have tests of their own. */
const textTasks = members.filter(({ name, build }) =>
  build().alphabet !== undefined && !/^(parity|mod3|text$)/.test(name) &&
  // These have 100,000 texts and more.
  !/^(kv_reassign|mqar)_4$/.test(name)
);

for (const entry of textTasks) {
  Deno.test(`${entry.name}: its possible sequences are listed`, () => {
    assert.ok(cases(entry.name).length > 0, "add them to `cases` in tasks/mod_test.ts");
  });
  for (const { config, list } of cases(entry.name)) {
    const task = entry.build(config);
    const title = `${entry.name} ${JSON.stringify(config)}`;
    const byText = new Map(list.map((possible) => [possible.text, possible]));

    Deno.test(`${title}: facts, shapes, masks and targets`, () => {
      assert.equal(task.name, entry.name);
      assert.equal(task.summary, entry.summary);
      assert.equal(task.sizes["symbols"], task.alphabet!.length);
      assert.equal(task.steps, Math.max(...list.map(({ text }) => text.length)) - 1);
      for (let step = 0; step < 300; step++) {
        const sequence = draw(task, step);
        assert.deepEqual(Object.keys(sequence), Object.keys(task.inputs));
        for (const [name, array] of Object.entries(sequence)) {
          const size = name === "mistake" ? task.alphabet!.length : 1;
          assert.equal(array.length, task.steps * size);
        }
        const possible = byText.get(textOf(task, sequence));
        assert.ok(possible, `"${textOf(task, sequence)}" is a possible text`);
        const { text, recall } = possible;
        for (let t = 0; t < task.steps; t++) {
          const id = (position: number) =>
            Math.max(0, task.alphabet!.indexOf(text[position] ?? "0"));
          const exists = t + 1 < text.length;
          assert.equal(sequence.symbol[t], t < text.length ? id(t) : 0);
          assert.equal(sequence.target[t], exists ? id(t + 1) : 0);
          assert.equal(sequence.mask[t], Number(exists));
          assert.equal(sequence.recall[t], Number(recall.includes(t + 1)));
          assert.equal(sequence.last[t], Number(t + 2 === text.length));
          if (!recall.includes(t + 1)) continue;
          const lag = sequence.lag[t]!;
          assert.equal(text[t - lag], text[t + 1], `"${text}" at step ${t}, lag ${lag}`);
          assert.equal(lagsOf(task).filter(({ low, high }) => low <= lag && lag <= high).length, 1);
        }
      }
    });

    Deno.test(`${title}: the seed decides, splits differ`, () => {
      const texts = (where: { seed?: number; stream?: number }) =>
        range(0, 200).map((step) => textOf(task, draw(task, step, where))).join("|");
      assert.equal(texts({}), texts({}));
      const { validation, test } = splitStreams;
      const four = [{}, { seed: 12 }, { stream: validation }, { stream: test }].map(texts);
      assert.equal(new Set(four).size, 4);
    });

    Deno.test(`${title}: texts are as frequent as listed`, () => {
      near(sum(list.map(({ probability }) => probability)), 1, 1e-12, "total probability");
      assert.equal(byText.size, list.length, "texts differ");
      // Rare texts share a bin with others of the same beginning, so that bins hold 10 or more.
      const mass = prefixMass(list);
      const bin = (text: string) => {
        let end = text.length;
        while (end > 1 && mass.get(text.slice(0, end))! * DRAWS < 10) end--;
        return text.slice(0, end);
      };
      const expected = new Map<string, number>(), counts = new Map<string, number>();
      const increase = (map: Map<string, number>, key: string, by: number) =>
        map.set(key, (map.get(key) ?? 0) + by);
      for (const { text, probability } of list) increase(expected, bin(text), probability * DRAWS);
      for (let step = 0; step < DRAWS; step++) {
        increase(counts, bin(textOf(task, draw(task, step))), 1);
      }
      const statistic = sum([...expected].map(([key, e]) => ((counts.get(key) ?? 0) - e) ** 2 / e));
      const freedom = expected.size - 1;
      assert.ok(statistic < freedom + 4.5 * Math.sqrt(2 * freedom), `${statistic} for ${freedom}`);
    });

    Deno.test(`${title}: bestLoss is what the ideal predictor pays`, () => {
      const mass = prefixMass(list);
      const loss = (text: string) => sum(idealLosses(text, mass));
      const expectedLoss = sum(list.map(({ text, probability }) => probability * loss(text)));
      const predictions = sum(list.map(({ text, probability }) => probability * (text.length - 1)));
      near(task.bestLoss!, expectedLoss / predictions, 1e-12, "bestLoss");
      const texts = range(0, DRAWS).map((step) => textOf(task, draw(task, step)));
      const drawn = sum(texts.map(loss)) / sum(texts.map((text) => text.length - 1));
      near(drawn, task.bestLoss!, 0.02, "loss over drawn sequences");
    });

    Deno.test(`${title}: chance is what the best guesser without memory recalls`, () => {
      const mass = memorylessMass(list);
      const best = sum([...mass.values()].map((answers) => Math.max(...answers.values())));
      const asked = sum(list.map(({ probability, recall }) => probability * recall.length));
      near(task.chance!, best / asked, 1e-12, "chance");
      let hits = 0, trials = 0;
      for (let step = 0; step < DRAWS; step++) {
        const { symbol, target, recall } = draw(task, step);
        for (let t = 0; t < task.steps; t++) {
          if (recall[t] === 0) continue;
          const answers = mass.get(`${t + 1} ${task.alphabet![symbol[t]!]}`)!;
          const [answer] = [...answers].reduce((a, b) => b[1] > a[1] ? b : a);
          trials++;
          hits += Number(task.alphabet![target[t]!] === answer);
        }
      }
      near(hits / trials, task.chance!, 0.04, "accuracy over drawn sequences");
    });
  }
}

Deno.test("bestLoss equals the published floors", () => {
  const floor = (name: string, config = {}) => findTask(name).build(config).bestLoss!.toFixed(3);
  const over = (pattern: string, config = {}) =>
    [1, 2, 3, 4].map((n) => floor(pattern.replace("n", String(n)), config));
  assert.deepEqual(over("n_resequence", { length: 30 }), ["0.000", "0.060", "0.108", "0.151"]);
  assert.deepEqual(over("n_palindrome_vary"), ["0.000", "0.417", "0.507", "0.538"]);
  assert.deepEqual(over("n_small_palindrome_vary"), ["0.000", "0.260", "0.299", "0.303"]);
  assert.equal(floor("long_range_memory"), "0.546");
});

Deno.test("bestLoss of the tasks in docs/tasks.md", () => {
  const losses = {
    ...{ palindrome: "1.099", kv_unique_4: "0.830", kv_reassign_8: "1.416", kv_stream_8: "1.482" },
    ...{ mqar_8: "0.976", selcopy_4_12: "0.737", parity_8: "0.000", mod3_8: "0.000" },
  };
  for (const [name, loss] of Object.entries(losses)) {
    assert.equal(findTask(name).build().bestLoss!.toFixed(3), loss, name);
  }
});

Deno.test("long_range_memory: the mean over sequences of their own means is .5696", () => {
  const list = listLongRangeMemory();
  const mass = prefixMass(list);
  const means = list.map(({ text }) => sum(idealLosses(text, mass)) / (text.length - 1));
  near(sum(means) / list.length, 0.5696, 5e-5, "mean of means");
});

Deno.test("names and aliases are unique, and findTask knows the published ones", () => {
  const names = members.flatMap((entry) => [entry.name, ...entry.aliases]);
  assert.equal(new Set(names).size, names.length);
  for (const [key, entry] of Object.entries(tasks)) assert.equal(key, entry.name);
  for (const entry of members) {
    for (const name of [entry.name, ...entry.aliases]) {
      assert.equal(findTask(name).name, entry.name);
      assert.equal(findTask(name).build().name, entry.name);
    }
  }
  const published = {
    long_range_memory: "long_range_memory",
    palindrome_dataset: "palindrome",
    palindrome_dataset_vary_length: "palindrome_vary",
    palindrome_vary: "palindrome_vary",
    ...Object.fromEntries([1, 2, 3, 4].flatMap((n) => [
      [`${n}_resequence`, `${n}_resequence`],
      [`${n}_resequence_dataset`, `${n}_resequence`],
      [`${n}_palindrome_vary`, `${n}_palindrome_vary`],
      [`${n}_palindrome_dataset_vary_length`, `${n}_palindrome_vary`],
      [`${n}_palindrome`, `${n}_palindrome_vary`],
      [`${n}_small_palindrome_vary`, `${n}_small_palindrome_vary`],
      [`${n}_small_palindrome_dataset_vary_length`, `${n}_small_palindrome_vary`],
      [`${n}_small_palindrome`, `${n}_small_palindrome_vary`],
    ])),
  };
  for (const [alias, name] of Object.entries(published)) assert.equal(findTask(alias).name, name);
  assert.throws(
    () => findTask("3_palindrome_varied"),
    /^RangeError: No task .*did you mean 3_palindrome_vary\?.*long_range_memory, N_resequence \(N 1 to 4, default 2\), palindrome, /,
  );
});

Deno.test("a small one of every task is short and has the inputs of a large one", () => {
  for (const { name, small, build } of Object.values<TaskEntry>(tasks)) {
    const task = build(small);
    assert.ok(task.steps <= 12, `${name}: ${task.steps} steps`);
    assert.deepEqual(Object.keys(task.inputs), Object.keys(build().inputs), name);
  }
});

Deno.test("every setting has a description and a default", () => {
  for (const { name, config } of members) {
    assert.ok(config instanceof z.ZodObject, name);
    assert.deepEqual(config.safeParse({}).success, true, name);
    for (const [key, field] of Object.entries(config.shape)) {
      assert.ok((field as { description?: string }).description, `${name}.${key}`);
    }
  }
  assert.throws(() => findTask("4_resequence").build({ length: 4 }), /4_resequence: length: /);
});
