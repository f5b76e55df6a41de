/** The command as users start it, with the permissions of its task. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { inTemporaryFolder } from "../store/files/testing/temporary_folder.ts";
import { simulateRun } from "../store/index/testing/simulated_run.ts";
import { endOf } from "../tests/testing/run_hebb.ts";
import { spawnWatch, startWatch } from "./testing/watch_process.ts";

Deno.test(
  "watch: says its address in a line, ends quietly by Ctrl-C and SIGTERM, and writes nothing",
  inTemporaryFolder(async (folder) => {
    simulateRun(join(folder, "runs/a"));
    for (const signal of ["SIGINT", "SIGTERM"] as const) {
      const watching = await startWatch(folder, ["--port", "0"]);
      assert.match(
        watching.line,
        /^http:\/\/127\.0\.0\.1:\d+\/ shows 1 run \(Ctrl-C ends it\)\n$/,
      );
      assert.deepEqual(await watching.stop(signal), { code: 0, stdout: "", stderr: "" });
    }
    assert.deepEqual([...Deno.readDirSync(folder)].map(({ name }) => name), ["runs"]);
    assert.deepEqual([...Deno.readDirSync(join(folder, "runs"))].map(({ name }) => name), ["a"]);
  }),
);

Deno.test(
  "watch: a port that is taken and a folder that is not there are one line each",
  inTemporaryFolder(async (folder) => {
    Deno.mkdirSync(join(folder, "runs"));
    const watching = await startWatch(folder, ["--port", "0"]);
    try {
      const { port } = new URL(watching.url);
      const taken = await endOf(spawnWatch(folder, ["--port", port]));
      assert.deepEqual(taken, {
        code: 2,
        stdout: "",
        stderr: `error: port ${port} of 127.0.0.1 is taken: name another by --port, or 0 for any\n`,
      });
    } finally {
      await watching.stop();
    }
    assert.deepEqual(await endOf(spawnWatch(folder, ["none"])), {
      code: 2,
      stdout: "",
      stderr: "error: none: there is no such folder\n",
    });
  }),
);
