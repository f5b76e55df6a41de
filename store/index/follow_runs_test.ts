import assert from "node:assert/strict";
import { join } from "node:path";
import { lockRunFolder } from "../files/run_lock.ts";
import { inTemporaryFolder } from "../files/testing/temporary_folder.ts";
import { followRuns } from "./follow_runs.ts";
import { listRuns } from "./list_runs.ts";
import { indexName } from "./run_index.ts";
import { simulateRun, simulateStatus } from "./testing/simulated_run.ts";

const filesIn = (root: string) => [...Deno.readDirSync(root)].map(({ name }) => name).sort();

Deno.test(
  "runs are followed without an index: new ones, changed ones, those that are gone",
  inTemporaryFolder((root) => {
    simulateRun(join(root, "a"), { endReason: null });
    const followed = followRuns(root);
    const states = () => followed.runs().map(({ path, state }) => [path, state]);
    assert.deepEqual(states(), [["a", "stopped"]]);
    simulateRun(join(root, "group/b"));
    const unlock = lockRunFolder(join(root, "a"));
    assert.deepEqual(states(), [["a", "running"], ["group/b", "completed"]]);
    simulateStatus(join(root, "a"), { endReason: "failed", metrics: { loss: 1 } });
    unlock();
    Deno.removeSync(join(root, "group"), { recursive: true });
    assert.deepEqual(states(), [["a", "failed"]]);
    assert.deepEqual(filesIn(root), ["a"]);
    assert.throws(() => followRuns(join(root, "none")), { name: "UsageError" });
  }),
);

Deno.test(
  "an index is taken for a start, and left as it is, also a damaged one",
  inTemporaryFolder((root) => {
    for (const name of ["a", "b"]) simulateRun(join(root, name), { metrics: { loss: 1 } });
    listRuns(root);
    simulateStatus(join(root, "b"), { endReason: "failed", metrics: { loss: 2 } });
    const index = join(root, indexName);
    const before = Deno.readFileSync(index);
    const followed = followRuns(root);
    // The folder of the first is not read again: what is no config any more would have no loss.
    const { mtime, atime } = Deno.statSync(join(root, "a/status.json"));
    const text = Deno.readTextFileSync(join(root, "a/status.json"));
    Deno.writeTextFileSync(join(root, "a/status.json"), " ".repeat(text.length));
    Deno.utimeSync(join(root, "a/status.json"), atime!, mtime!);
    const losses = () => followed.runs().map(({ metrics }) => metrics.loss?.mean);
    assert.deepEqual(losses(), [1, 2]);
    assert.deepEqual(Deno.readFileSync(index), before);
    Deno.writeTextFileSync(index, "no database".repeat(100));
    assert.deepEqual(followRuns(root).runs().map(({ state }) => state), ["damaged", "failed"]);
  }),
);
