import assert from "node:assert/strict";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { fileURLToPath } from "node:url";
import { trainRun } from "../../runner/train_run.ts";
import { denoCommand } from "../../tests/testing/run_hebb.ts";
import { inTemporaryFolder } from "../files/testing/temporary_folder.ts";
import { openIndexNotes } from "./index_notes.ts";
import { listRuns } from "./list_runs.ts";
import { indexName, indexPath, openIndex } from "./run_index.ts";
import { simulateRun, simulateStatus } from "./testing/simulated_run.ts";

/** What the index itself holds, without a look at the folders. */
function indexedStates(root: string): Record<string, string> {
  using index = openIndex(indexPath(root));
  return Object.fromEntries(index.runs().map(({ facts }) => [facts.path, facts.state]));
}

Deno.test(
  "a training brings itself up to date in the nearest index, and makes none",
  inTemporaryFolder((root) => {
    const folder = join(root, "group", "a");
    simulateRun(folder, { endReason: null });
    const notes = openIndexNotes(folder);
    notes.note();
    assert.deepEqual([...Deno.readDirSync(root)].map(({ name }) => name), ["group"]);
    listRuns(root);
    assert.deepEqual(indexedStates(root), { "group/a": "running" });
    simulateStatus(folder, { endReason: "completed", metrics: {} });
    notes.note();
    assert.deepEqual(indexedStates(root), { "group/a": "completed" });
  }),
);

Deno.test(
  "a real training notes its beginning, its checkpoints and its end",
  inTemporaryFolder(async (root) => {
    simulateRun(join(root, "other"));
    listRuns(root);
    const seen: string[] = [];
    await trainRun({
      model: "oja_rnn",
      settings: { task: { pattern_size: 4, patterns: 2 } },
      training: {
        ...{ iterations: 4, log_every: 1, checkpoint_every: 2, batch_size: 1 },
        ...{ evaluation_sequences: 1, test_sequences: 1 },
      },
      device: "reference",
      progress: "none",
      out: join(root, "run"),
      onRow: () => void seen.push(indexedStates(root).run ?? "none"),
    });
    assert.deepEqual(new Set(seen), new Set(["running"]));
    assert.equal(indexedStates(root).run, "completed");
    const run = listRuns(root).runs.find(({ path }) => path === "run")!;
    assert.equal(run.iterations, 4);
    assert.ok(Object.hasOwn(run.metrics, `test/${run.score}`), run.score);
  }),
);

Deno.test(
  "a damaged, foreign, removed or locked index neither stops a training nor delays it twice",
  inTemporaryFolder((root) => {
    const folder = join(root, "a");
    simulateRun(folder);
    const path = join(root, indexName);
    Deno.writeTextFileSync(path, "no database ".repeat(1000));
    openIndexNotes(folder).note();
    Deno.removeSync(path);
    {
      using foreign = new DatabaseSync(path);
      foreign.exec("CREATE TABLE theirs (x)");
      openIndexNotes(folder).note();
      assert.deepEqual(foreign.prepare("SELECT name FROM sqlite_schema").all().length, 1);
    }
    Deno.removeSync(path);
    const notes = openIndexNotes(folder);
    notes.note();
    listRuns(root);
    using other = new DatabaseSync(path);
    other.exec("BEGIN EXCLUSIVE");
    const start = performance.now();
    for (let attempt = 0; attempt < 20; attempt++) notes.note();
    assert.ok(performance.now() - start < 10_000);
    other.exec("ROLLBACK");
    Deno.mkdirSync(join(root, "b"));
    openIndexNotes(join(root, "b")).note();
  }),
);

Deno.test(
  "three trainings that write at once, while runs are listed, lose nothing",
  inTemporaryFolder(async (root) => {
    simulateRun(join(root, "first"));
    listRuns(root);
    const count = 25;
    const script = fileURLToPath(new URL("testing/note_runs.ts", import.meta.url));
    const children = [1, 2, 3].map((writer) =>
      new Deno.Command(denoCommand(), {
        args: [
          ...["run", "--no-lock", "--no-prompt", "--allow-read", `--allow-write=${root}`],
          ...["--allow-env=NO_COLOR", "--ignore-env=LOG_TOKENS,LOG_STREAM"],
          ...[script, root, String(writer), String(count)],
        ],
        stdin: "null",
        stdout: "null",
        stderr: "piped",
      }).output()
    );
    const ended = Promise.all(children).then((results) => {
      for (const { success, stderr } of results) {
        assert.ok(success, new TextDecoder().decode(stderr));
      }
      return true;
    });
    // Lists write to the same index.
    while (!await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, 20))])) {
      assert.equal(listRuns(root).problem, undefined);
    }
    const states = indexedStates(root);
    assert.equal(Object.keys(states).length, 1 + 3 * count);
    assert.deepEqual(new Set(Object.values(states)), new Set(["completed"]));
    assert.equal(listRuns(root).runs.length, 1 + 3 * count);
  }),
);
