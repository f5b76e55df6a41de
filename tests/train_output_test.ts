import assert from "node:assert/strict";
import { join } from "node:path";
import { inTemporaryFolder } from "../store/files/testing/temporary_folder.ts";
import { spawnHebb } from "./testing/run_hebb.ts";
import { sizeOfFile, tinyArguments } from "./testing/tiny_run.ts";

Deno.test(
  "train: results and report survive readers that have closed standard output and error",
  inTemporaryFolder(async (folder) => {
    const child = spawnHebb([...tinyArguments, "--device=reference", "--out=run"], { folder });
    await Promise.all([child.stdout.cancel(), child.stderr.cancel()]);
    assert.equal((await child.status).code, 0);
    const status = JSON.parse(Deno.readTextFileSync(join(folder, "run", "status.json")));
    assert.equal(status.end_reason, "completed");
    assert.ok(sizeOfFile(join(folder, "run", "report.html")) > 0);
  }),
);
