import assert from "node:assert/strict";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { inTemporaryFolder } from "../files/testing/temporary_folder.ts";
import { lockRunFolder } from "../files/run_lock.ts";
import { listRuns, reindexRuns } from "./list_runs.ts";
import type { RunFacts } from "./run_facts.ts";
import { indexName } from "./run_index.ts";
import { simulateRun, simulateStatus } from "./testing/simulated_run.ts";

const pathsOf = (root: string) => listRuns(root).runs.map(({ path }) => path).sort();
const factsOf = (root: string) => listRuns(root).runs.toSorted((a, b) => a.path < b.path ? -1 : 1);

Deno.test(
  "a list has the runs of inner folders, and what their files say",
  inTemporaryFolder((root) => {
    simulateRun(join(root, "a"), {
      settings: [
        "model.name=rnn",
        "training.seeds=1,2,3",
        "training.sweep=updater.learning_rate=0.1,0.2",
      ],
      metrics: { "eval/accuracy": [0.5, 1, NaN, 0.5, 0.5, 0.5] },
      forkedFrom: "runs/parent",
    });
    simulateRun(join(root, "group", "b"), { endReason: "failed" });
    Deno.mkdirSync(join(root, "empty"));
    const [a, b] = factsOf(root);
    assert.equal(b!.path, "group/b");
    assert.equal(b!.state, "failed");
    const {
      path,
      state,
      model,
      replicas,
      iterations,
      score,
      started,
      forkedFrom,
      forkedAt,
      metrics,
      settings,
    } = a!;
    assert.deepEqual(
      { path, state, model, replicas, iterations, score, started, forkedFrom, forkedAt },
      {
        ...{ path: "a", state: "completed", model: "rnn", replicas: 6, iterations: 100 },
        ...{ score: "accuracy", started: "2030-04-01T09:30:00.000Z", forkedFrom: "runs/parent" },
        forkedAt: 50,
      },
    );
    assert.deepEqual(metrics["eval/accuracy"], { mean: 0.6, low: 0.5, high: 1 });
    assert.deepEqual(settings["updater.learning_rate"], [0.1, 0.2]);
    assert.equal(settings["training.sweep"], undefined);
  }),
);

Deno.test(
  "what was added, changed or removed since is seen, whoever did it",
  inTemporaryFolder((root) => {
    for (const name of ["a", "b"]) simulateRun(join(root, name));
    assert.deepEqual(pathsOf(root), ["a", "b"]);
    simulateRun(join(root, "c"));
    Deno.removeSync(join(root, "a"), { recursive: true });
    simulateStatus(join(root, "b"), { endReason: "failed", metrics: { loss: -Infinity } });
    const [b, c] = factsOf(root);
    assert.deepEqual([b!.path, b!.state, c!.path, c!.state], ["b", "failed", "c", "completed"]);
    assert.deepEqual(b!.metrics.loss, { mean: -Infinity, low: -Infinity, high: -Infinity });
  }),
);

Deno.test(
  "a run that says it is running, but holds no lock, has stopped",
  inTemporaryFolder((root) => {
    const folder = join(root, "a");
    simulateRun(folder, { endReason: null });
    assert.equal(factsOf(root)[0]!.state, "stopped");
    const unlock = lockRunFolder(folder);
    try {
      assert.equal(factsOf(root)[0]!.state, "running");
    } finally {
      unlock();
    }
    assert.equal(factsOf(root)[0]!.state, "stopped");
  }),
);

Deno.test(
  "a run that has written no status yet is new, and its settings are known",
  inTemporaryFolder((root) => {
    simulateRun(join(root, "a"), { settings: ["model.name=rnn"] });
    Deno.removeSync(join(root, "a", "status.json"));
    const [{ state, model, settings, iterations }] = factsOf(root) as [RunFacts];
    assert.deepEqual([state, model, iterations], ["new", "rnn", 0]);
    assert.equal(settings["training.iterations"], 100);
  }),
);

Deno.test(
  "a damaged run is listed, and a config of something else is none",
  inTemporaryFolder((root) => {
    simulateRun(join(root, "a"));
    Deno.writeTextFileSync(join(root, "a", "status.json"), "{");
    Deno.mkdirSync(join(root, "other"));
    Deno.writeTextFileSync(join(root, "other", "config.json"), '{ "port": 80 }');
    const [a, ...others] = factsOf(root);
    assert.equal(a!.state, "damaged");
    assert.match(a!.message, /status\.json: is not valid JSON/);
    assert.deepEqual(others, []);
  }),
);

Deno.test(
  "an index that is damaged, missing, locked or of another version changes no list; reindex mends it",
  inTemporaryFolder((root) => {
    for (let index = 0; index < 40; index++) simulateRun(join(root, `run-${index}`));
    const expected = factsOf(root);
    const path = join(root, indexName);
    const file = Deno.openSync(path, { read: true, write: true });
    file.seekSync(4096, Deno.SeekMode.Start);
    file.writeSync(new Uint8Array(8192).fill(255));
    file.close();
    const damaged = listRuns(root);
    assert.match(damaged.problem!, /hebb-index\.sqlite is damaged/);
    assert.deepEqual(factsOf(root), expected);
    assert.equal(reindexRuns(root), 40);
    assert.equal(listRuns(root).problem, undefined);
    assert.deepEqual(factsOf(root), expected);

    Deno.writeTextFileSync(path, "no database at all, ".repeat(100));
    assert.match(listRuns(root).problem!, /hebb-index\.sqlite is damaged/);
    assert.equal(reindexRuns(root), 40);

    Deno.removeSync(path);
    assert.deepEqual(factsOf(root), expected);

    {
      using database = new DatabaseSync(path);
      database.exec("PRAGMA user_version = 99");
    }
    assert.match(listRuns(root).problem!, /another version/);
    assert.equal(reindexRuns(root), 40);
    assert.equal(listRuns(root).problem, undefined);
  }),
);

Deno.test(
  "a database of something else is neither used nor replaced",
  inTemporaryFolder((root) => {
    simulateRun(join(root, "a"));
    const path = join(root, indexName);
    {
      using database = new DatabaseSync(path);
      database.exec("CREATE TABLE theirs (x)");
    }
    const before = Deno.readFileSync(path);
    const { runs, problem } = listRuns(root);
    assert.equal(runs.length, 1);
    assert.match(problem!, /database of something else/);
    assert.throws(() => reindexRuns(root), /database of something else/);
    assert.deepEqual(Deno.readFileSync(path), before);
  }),
);

Deno.test(
  "an index with a text that is none is told, with what mends it",
  inTemporaryFolder((root) => {
    simulateRun(join(root, "a"));
    listRuns(root);
    {
      using database = new DatabaseSync(join(root, indexName));
      database.exec("UPDATE runs SET metrics = '{'");
    }
    assert.throws(() => factsOf(root)[0]!.metrics, {
      message: /is damaged: `runs reindex` makes it anew$/,
    });
    reindexRuns(root);
    assert.deepEqual(factsOf(root)[0]!.metrics, {});
  }),
);

Deno.test(
  "an index that is a link or a folder is not opened",
  inTemporaryFolder((root) => {
    simulateRun(join(root, "runs", "a"));
    const path = join(root, "runs", indexName);
    Deno.writeTextFileSync(join(root, "target"), "");
    Deno.symlinkSync(join(root, "target"), path);
    const { runs, problem } = listRuns(join(root, "runs"));
    assert.equal(runs.length, 1);
    assert.match(problem!, /is a symbolic link, expected a plain file/);
    assert.equal(Deno.readTextFileSync(join(root, "target")), "");
    assert.throws(() => reindexRuns(join(root, "runs")), { name: "RunFolderError" });
  }),
);

Deno.test(
  "neither an empty folder nor that of a run gets an index",
  inTemporaryFolder((root) => {
    assert.deepEqual(listRuns(root).runs, []);
    simulateRun(join(root, "a"));
    assert.equal(listRuns(join(root, "a")).runs[0]!.path, ".");
    assert.deepEqual([...Deno.readDirSync(root)].map(({ name }) => name), ["a"]);
    assert.ok(![...Deno.readDirSync(join(root, "a"))].some(({ name }) => name === indexName));
    assert.throws(() => listRuns(join(root, "none")), {
      name: "UsageError",
      message: /no such folder/,
    });
  }),
);

Deno.test(
  "1,000 runs that have not changed are listed in less than 0.3 s",
  inTemporaryFolder((root) => {
    simulateRun(join(root, "run-0"), { metrics: { "eval/loss": [1, 2], "eval/accuracy": [0, 1] } });
    for (let index = 1; index < 1000; index++) {
      const folder = join(root, `run-${index}`);
      Deno.mkdirSync(folder);
      for (const name of ["config.json", "status.json", "environment.json"]) {
        Deno.copyFileSync(join(root, "run-0", name), join(folder, name));
      }
    }
    assert.equal(listRuns(root).runs.length, 1000);
    // Of several times the least: others may use the machine.
    const times = Array.from({ length: 5 }, () => {
      const start = performance.now();
      assert.equal(listRuns(root).runs.length, 1000);
      return performance.now() - start;
    });
    assert.ok(Math.min(...times) < 300, `${times.map(Math.round)} ms`);
  }),
);
