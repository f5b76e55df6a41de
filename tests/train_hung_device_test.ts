import assert from "node:assert/strict";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { inTemporaryFolder } from "../store/files/testing/temporary_folder.ts";
import { readStatus } from "../store/files/status.ts";

const script = fileURLToPath(new URL("./testing/hung_device.ts", import.meta.url));

Deno.test({
  name: "train: a device that does not answer after a signal is given up, with status and code",
  ignore: Deno.build.os === "windows",
  fn: inTemporaryFolder(async (folder) => {
    const run = join(folder, "run");
    const child = new Deno.Command("deno", {
      args: ["run", "--no-lock", "-A", script, run],
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    for await (const _ of child.stdout) child.kill("SIGTERM");
    const stderr = await new Response(child.stderr).text();
    assert.equal((await child.status).code, 75, stderr);
    assert.match(stderr, /^error: the device does not answer: given up/m);
    const status = readStatus(run)!;
    assert.deepEqual([status.state, status.end_reason], ["finished", "preempted"]);
    assert.match(status.message!, /resume from the last checkpoint$/);
  }),
});
