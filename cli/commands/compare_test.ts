import assert from "node:assert/strict";
import { join } from "node:path";
import { readStatus } from "../../store/files/status.ts";
import { inTemporaryFolder } from "../../store/files/testing/temporary_folder.ts";
import { runMain } from "../testing/run_main.ts";

const run = (...args: string[]) => runMain("compare", ...args);

Deno.test("compare: usage errors are one line and exit code 2", async () => {
  const cases: [string[], RegExp][] = [
    [[], /expected a set of rows \(memory-cells\), --rows FILE, or --models/],
    [["memory-cell"], /no set of rows is named "memory-cell" \(did you mean memory-cells\?\)/],
    [["memory-cells", "--models", "rnn"], /give one of these/],
    [["--rows", "none.yaml"], /--rows none\.yaml: /],
    [["--models", "rnn,lstm"], /--models: no model is named "lstm"/],
    [["--vary", "updater.learning_rate=1,a"], /--vary updater\.learning_rate: expected a number/],
    [["--models", "rnn", "--vary", "model.sizes=1,2"], /no row has the setting sizes/],
    [["--models", "rnn", "--baseline", "rnm"], /--baseline: no row is named "rnm"/],
    [
      ["--models", "rnn", "--criterion", "95"],
      /--criterion: recall_accuracy is a share, expected 0 to 1/,
    ],
    [["memory-cells", "--only", "publishd"], /--only: .* \(did you mean published\?\)/],
    [["--models", "rnn", "--seeds", "5-1"], /--seeds: expected integers .* or ranges/],
    [["--models", "rnn", "--seeds", "1-3,2"], /--seeds: 2 is given twice/],
    [["--models", "rnn", "--report", "--out", "no/such/folder"], /there is no such folder/],
  ];
  for (const [args, expected] of cases) {
    // What is taken for good must not train.
    const { code, err } = await run(...args, "--dry-run");
    assert.equal(code, 2, args.join(" "));
    assert.match(err, expected);
    assert.match(err, /^error: [^\n]+$/);
  }
});

Deno.test("compare: a dry run lists every row, with all seeds in one run", async () => {
  const { code, out } = await run(
    "memory-cells",
    "--dry-run",
    "--only",
    "published",
    "--out",
    "no",
  );
  assert.equal(code, 0);
  const lines = out.split("\n");
  assert.equal(lines.length, 12 + 1);
  assert.match(lines[0]!, /^no.ethereal-dfa-recurrence-on-seeds-1-10 .* 0 of 5000/);
});

Deno.test(
  "compare: trains rows side by side, skips what is done, adds rows, and reports",
  inTemporaryFolder(async (folder) => {
    const out = join(folder, "all");
    const compare = (models: string, ...more: string[]) =>
      run(
        ...["--task", "2_small_palindrome", "--models", models, "--updaters", "dfa"],
        ...["--set", "model.hidden_size=8", "--set", "training.test_sequences=10"],
        ...["--seeds", "1,3-4", "--iterations", "4", "--out", out, "--progress", "none"],
        ...more,
      );
    const first = await compare("rnn");
    assert.equal(first.code, 0, first.err);
    assert.match(first.out, /^1 of 1 rows run: .*\nreport: /);
    assert.equal(readStatus(join(out, "rnn-dfa-seeds-1_3-4"))!.iterations, 4);
    const log = await Deno.readTextFile(join(out, "rnn-dfa-seeds-1_3-4.log"));

    const second = await compare("rnn,ethereal");
    assert.match(second.out, /^2 of 2 rows run: /);
    assert.equal(await Deno.readTextFile(join(out, "rnn-dfa-seeds-1_3-4.log")), log);
    const results = JSON.parse(await Deno.readTextFile(join(out, "results.json")));
    assert.deepEqual(results.rows.map(({ name }: { name: string }) => name), [
      "rnn-dfa",
      "ethereal-dfa",
    ]);
    assert.equal(results.score_differences[0].pairs, 3);
    // Both are trained by dfa, whose output layer follows the exact gradient.
    for (const { layers } of results.alignments) {
      const { layer, after } = layers.at(-1);
      assert.equal(layer, "i2o");
      for (const cosine of after) assert.ok(Math.abs(cosine - 1) < 1e-6, String(cosine));
    }
    const { code, out: text } = await compare("rnn,ethereal", "--report");
    assert.equal(code, 0);
    assert.match(text, /^2 of 2 rows run: /);
  }),
);
