import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { openMetricsLog } from "../../store/files/metrics.ts";
import { lockRunFolder } from "../../store/files/run_lock.ts";
import { inTemporaryFolder } from "../../store/files/testing/temporary_folder.ts";
import { indexName } from "../../store/index/run_index.ts";
import { simulateRun } from "../../store/index/testing/simulated_run.ts";
import { linesOf, runMain } from "../testing/run_main.ts";

const runs = (...args: string[]) => runMain("runs", ...args);

/** Three runs: two that differ in a setting, and one that failed. */
function simulate(root: string): void {
  const accuracies = { a: [0.5, 0.7], b: [0.8, 0.9] };
  for (const [name, accuracy] of Object.entries(accuracies)) {
    simulateRun(join(root, name), {
      settings: [`model.hidden_size=${name === "a" ? 16 : 32}`, "training.seeds=1,2"],
      metrics: { "eval/accuracy": accuracy, "eval/loss": [1, 2], "test/accuracy": accuracy },
      started: `2030-04-0${name === "a" ? 1 : 2}T00:00:00.000Z`,
    });
    const log = openMetricsLog(join(root, name, "metrics.jsonl"));
    for (const iteration of [50, 100]) {
      const values = {
        "eval/accuracy": accuracy.map((x) => x * iteration / 100),
        "eval/loss": [2, 1],
      };
      log.append({ iteration, sequences: 4 * iteration, seconds: 1, values });
    }
    log.close();
  }
  simulateRun(join(root, "inner", "c"), { endReason: "failed", forkedFrom: "a" });
}

Deno.test(
  "runs ls: newest first, filtered, sorted, with columns, as paths and as JSON",
  inTemporaryFolder(async (root) => {
    simulate(root);
    const { code, out } = await runs("ls", root);
    assert.equal(code, 0);
    const [head, ...lines] = linesOf(out);
    assert.match(
      head!,
      /^RUN +STATE +ITERATIONS +NETWORKS +TASK +MODEL +UPDATER +ACCURACY +LOSS +TIME +UPDATED +FORKED FROM$/,
    );
    assert.deepEqual(lines.map((line) => line.split(" ")[0]), ["b", "inner/c", "a"]);
    assert.match(lines[0]!, /completed +100\/100 +2 .* 0\.85 \(0\.8 to 0\.9\) +1\.5 \(1 to 2\)/);
    const chosen = await runs(
      "ls",
      root,
      "--where",
      "accuracy>0.1 and hidden_size<32",
      "--columns",
      "hidden_size,eval/loss",
    );
    assert.deepEqual(linesOf(chosen.out), ["RUN  hidden_size  eval/loss", "a    16           1.5"]);
    const sorted = await runs("ls", root, "--sort", "accuracy", "--limit", "2", "--paths");
    assert.deepEqual(linesOf(sorted.out).map((path) => path.slice(-1)), ["a", "b"]);
    const { out: json } = await runs("ls", root, "--json", "--where=state=failed");
    const [c] = JSON.parse(json);
    assert.deepEqual([c.path, c.forked_from, c.replicas], ["inner/c", "a", 1]);
    assert.ok(existsSync(join(root, indexName)));
  }),
);

Deno.test(
  "runs ls: an index that cannot be used is noted, and the list is whole",
  inTemporaryFolder(async (root) => {
    simulate(root);
    Deno.writeTextFileSync(join(root, indexName), "no database ".repeat(1000));
    const { code, out, err } = await runs("ls", root);
    assert.deepEqual([code, linesOf(out).length], [0, 4]);
    assert.match(
      err,
      /^note: without the index: .* is damaged \(.*\): `runs reindex` makes it anew$/,
    );
    const mended = await runs("reindex", root);
    assert.match(mended.out, /hebb-index\.sqlite: 3 runs$/);
    assert.equal((await runs("ls", root)).err, "");
  }),
);

Deno.test(
  "runs show: state, settings that differ from the defaults, and newest metrics",
  inTemporaryFolder(async (root) => {
    simulate(root);
    const { code, out } = await runs("show", join(root, "a"));
    assert.equal(code, 0);
    assert.match(out, /a: completed, 100 of 100 iterations, 2 networks, 10\.0 s$/m);
    assert.match(out, /^ {2}command +hebb train$/m);
    assert.match(out, /^ {2}model\.hidden_size +16 +default 32$/m);
    assert.ok(!out.includes("training.iterations"));
    assert.match(out, /^ {2}eval\/accuracy +0\.6 +\[.*\] +0\.5 +0\.7$/m);
    const { out: json } = await runs("show", "c", "--dir", root, "--json");
    const { changed, forked_from, state } = JSON.parse(json);
    assert.deepEqual([changed, forked_from, state], [[], "a", "failed"]);
    assert.ok(!existsSync(join(root, "a", indexName)), "nothing is written into a run");
  }),
);

Deno.test(
  "runs compare: settings that differ, metrics with intervals, and a page",
  inTemporaryFolder(async (root) => {
    simulate(root);
    const { code, out } = await runs("compare", join(root, "a"), join(root, "b"));
    assert.equal(code, 0);
    const lines = linesOf(out).map((line) => line.replace(/ {2,}/g, " | "));
    assert.deepEqual(lines.slice(0, 7), [
      "Setting | a | b",
      "model.hidden_size | 16 | 32",
      "",
      "Metric | a | b",
      "networks | 2 | 2",
      "test/accuracy | 0.6 ± 1.3 | 0.85 ± 0.64",
      "eval/accuracy | 0.6 ± 1.3 | 0.85 ± 0.64",
    ]);
    const page = Deno.readTextFileSync(join(root, "compare.html"));
    assert.match(page, /Settings that differ/);
    const { out: json } = await runs(
      "compare",
      "a",
      "b",
      "--dir",
      root,
      "--json",
      "--metrics",
      "accuracy",
    );
    const [a] = JSON.parse(json);
    assert.deepEqual(a.settings, { "model.hidden_size": 16 });
    assert.deepEqual(
      Object.keys(a.metrics),
      ["test/accuracy", "eval/accuracy"],
    );
    assert.equal(a.metrics["eval/accuracy"].networks, 2);
  }),
);

Deno.test(
  "runs compare: points of a sweep are rows too",
  inTemporaryFolder(async (root) => {
    simulateRun(join(root, "rates"), {
      settings: ["training.seeds=1,2", "training.sweep=updater.learning_rate=0.01,0.1"],
      metrics: { "test/loss": [1, 2, 3, NaN] },
    });
    const { out } = await runs("compare", join(root, "rates"), "--json");
    const [slow, fast] = JSON.parse(out);
    assert.deepEqual([slow.label, fast.label], [
      "rates: learning rate 0.01",
      "rates: learning rate 0.1",
    ]);
    assert.deepEqual(fast.settings, { "updater.learning_rate": 0.1 });
    assert.deepEqual(fast.metrics["test/loss"], { networks: 1, mean: 3, interval_95: null });
  }),
);

Deno.test(
  "runs rm: removes what is named and nothing else, and refuses a run in progress",
  inTemporaryFolder(async (root) => {
    simulate(root);
    const unlock = lockRunFolder(join(root, "b"));
    try {
      const refused = await runs("rm", "--yes", join(root, "a"), join(root, "b"));
      assert.equal(refused.code, 2);
      assert.match(refused.err, /^error: run folder .*b is in use by another process$/);
      assert.ok(existsSync(join(root, "a", "config.json")), "none is removed then");
    } finally {
      unlock();
    }
    const asked = await runs("rm", join(root, "a"));
    assert.match(asked.err, /--yes removes without asking/);
    assert.equal(asked.code, 2);
    const { code, out } = await runs("rm", "--dir", root, "--yes", "a", "c");
    assert.equal(code, 0);
    assert.match(out, /^removed .*a\nremoved .*c$/);
    assert.deepEqual(
      [...Deno.readDirSync(root)].map(({ name }) => name).sort(),
      ["b", indexName, "inner"].sort(),
    );
    assert.ok(existsSync(join(root, "b", "metrics.jsonl")));
    const left = await runs("ls", root);
    assert.equal(linesOf(left.out).length, 2);
  }),
);

Deno.test(
  "runs rm: refuses a folder with another run in it, a link, and what holds no run",
  inTemporaryFolder(async (root) => {
    simulateRun(join(root, "outer"));
    simulateRun(join(root, "outer", "more", "inner"));
    simulateRun(join(root, "target"));
    Deno.symlinkSync(join(root, "target"), join(root, "link"));
    Deno.mkdirSync(join(root, "empty"));
    const refused = {
      outer: /another run lies in it: .*inner$/,
      link: /is a symbolic link, expected a plain folder$/,
      empty: /neither the folder of a run nor the name of one/,
    };
    for (const [name, message] of Object.entries(refused)) {
      const { code, err } = await runs("rm", "--yes", join(root, name));
      assert.equal(code, 2, name);
      assert.match(err, message);
    }
    assert.ok(existsSync(join(root, "target", "config.json")));
  }),
);

Deno.test(
  "wrong arguments are answered in one line, with exit code 2",
  inTemporaryFolder(async (root) => {
    simulate(root);
    for (const name of ["x1", "x2"]) simulateRun(join(root, "other", name));
    const cases: [string[], RegExp][] = [
      [["list"], /no action is named "list" \(did you mean ls\?\); actions are ls, show, /],
      [["shwo"], /did you mean show\?/],
      [["ls", join(root, "none")], /there is no such folder$/],
      [["ls", root, "--where", "hidden_sise=3"], /did you mean hidden_size\?/],
      [["ls", root, "--sort", "acuracy"], /did you mean accuracy\?/],
      [
        ["show", "bb", "--dir", root],
        /"bb": neither the folder of a run nor the name of one in .*\(did you mean b\?\)/,
      ],
      [["show", "x", "--dir", root], /"x" may be 2 runs: other\/x1, other\/x2$/],
      [["compare", join(root, "a")], /expected two runs or more, or a sweep; got a$/],
      [
        ["compare", join(root, "a"), join(root, "b"), "--metrics", "los"],
        /no run has a metric "los" \(did you mean loss\?\)/,
      ],
      [["export", join(root, "a")], /it has no checkpoint yet$/],
      [["rm"], /runs rm: /],
    ];
    for (const [args, message] of cases) {
      const { code, out, err } = await runs(...args);
      assert.equal(code, 2, args.join(" "));
      assert.deepEqual([out, linesOf(err).length], ["", 1], err);
      assert.match(err, message);
    }
    assert.equal((await runs()).code, 2);
    assert.equal((await runs("--help")).code, 0);
  }),
);
