import assert from "node:assert/strict";
import type { RunFacts } from "./run_facts.ts";
import { filterRuns, sortRuns } from "./select_runs.ts";

const run = (path: string, { settings = {}, metrics = {}, ...facts }: {
  settings?: Record<string, unknown>;
  metrics?: Record<string, number>;
} & Partial<Pick<RunFacts, "state" | "model" | "iterations">>): RunFacts => ({
  ...{
    path,
    name: path,
    state: "completed",
    started: "",
    updated: "",
    task: "recall",
    model: "rnn",
  },
  ...{ updater: "bptt", replicas: 1, diverged: 0, iterations: 10, sequences: 40, seconds: 1 },
  ...{ device: "cpu", memory: 0, score: "accuracy", forkedFrom: "", forkedAt: 0, message: "" },
  ...facts,
  settings,
  metrics: Object.fromEntries(
    Object.entries(metrics).map(([name, mean]) => [name, { mean, low: mean, high: mean }]),
  ),
});

const runs = [
  run("a", {
    model: "hybrid",
    settings: { "updater.learning_rate": 1e-4, "model.hidden_dims": [50, 50], "model.kind": "M A" },
    metrics: { "test/accuracy": 0.9, "eval/accuracy": 0.2, "train/loss": 1 },
  }),
  run("b", {
    model: "hybrid",
    settings: { "updater.learning_rate": [0.001, 0.01], "task.size": 5, "model.size": 6 },
    metrics: { "eval/accuracy": 0.95, "train/loss": NaN },
  }),
  run("c", { state: "failed", iterations: 9, settings: { "updater.learning_rate": 0.1 } }),
];
const pathsOf = (list: readonly RunFacts[]) => list.map(({ path }) => path).join("");
const where = (condition: string) => pathsOf(filterRuns(runs, condition));

Deno.test("conditions compare facts, settings and metrics", () => {
  const cases: Readonly<Record<string, string>> = {
    "model=hybrid": "ab",
    "model = hybrid and learning_rate<1e-3": "a",
    "updater.learning_rate<=1e-3": "ab",
    "params.learning_rate=0.01": "b",
    "learning_rate>0.005": "bc",
    "accuracy>0.5": "ab",
    "metrics.accuracy >= 0.95": "b",
    "eval/accuracy<0.5": "a",
    "state!=completed": "c",
    "iterations<10": "c",
    'kind="M A"': "a",
    "kind='M A' AND model==hybrid": "a",
    "hidden_dims=[50,50]": "a",
    "hidden_dims=50": "a",
    "path~c": "c",
    "model.size=6": "b",
  };
  for (const [condition, paths] of Object.entries(cases)) {
    assert.equal(where(condition), paths, condition);
  }
});

Deno.test("a run without the setting or metric meets no comparison of it", () => {
  assert.equal(where("train/loss<5"), "a");
  assert.equal(where("train/loss!=5"), "ab");
  assert.equal(where("kind!=X"), "a");
});

Deno.test("what is no condition, or names nothing, is told in one line", () => {
  const refused: Readonly<Record<string, RegExp>> = {
    "": /^--where "": expected NAME=VALUE .* at its end$/,
    "model": /expected NAME=VALUE .* at "model"$/,
    "model=": /expected NAME=VALUE/,
    "model=a or state=b": /at "or state=b"$/,
    "model=a and": /at its end$/,
    "learning_rat<1":
      /no run has a setting or metric "learning_rat" \(did you mean learning_rate\?\)/,
    "acuracy>1": /did you mean accuracy\?/,
    "size=5": /"size" may be task\.size or model\.size: name one of them/,
    "metrics.learning_rate=1": /no run has/,
  };
  for (const [condition, message] of Object.entries(refused)) {
    assert.throws(() => where(condition), { name: "UsageError", message }, condition);
  }
  assert.deepEqual(filterRuns([], "anything=1"), []);
  assert.throws(() => filterRuns([], "anything"), { name: "UsageError" });
});

Deno.test("runs are sorted by several fields; those without a value come last", () => {
  const sorted = (...names: string[]) => pathsOf(sortRuns(runs, names));
  assert.equal(sorted("-accuracy"), "bac");
  assert.equal(sorted("accuracy"), "abc");
  assert.equal(sorted("-train/loss"), "abc");
  assert.equal(sorted("-iterations", "-path"), "bac");
  assert.equal(sorted("state", "learning_rate"), "abc");
  assert.equal(sorted("-started"), "abc");
  assert.throws(() => sorted("lernrate"), { name: "UsageError", message: /lernrate/ });
  assert.deepEqual(sortRuns([], ["anything"]), []);
});
