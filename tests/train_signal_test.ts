import assert from "node:assert/strict";
import { join } from "node:path";
import { inTemporaryFolder } from "../store/files/testing/temporary_folder.ts";
import { endOf, runHebb, spawnHebb } from "./testing/run_hebb.ts";
import { outcome, sizeOfFile, tinyArguments, until } from "./testing/tiny_run.ts";

const endings = [
  { signal: "SIGINT", code: 130, reason: "interrupted" },
  { signal: "SIGTERM", code: 75, reason: "preempted" },
  { signal: "SIGHUP", code: 75, reason: "preempted" },
] as const;

for (const { signal, code, reason } of endings) {
  Deno.test({
    name: `train: ${signal} ends with a checkpoint, a report and code ${code}, and resumes exactly`,
    ignore: Deno.build.os === "windows",
    fn: inTemporaryFolder(async (folder) => {
      const args = [...tinyArguments, "--device=reference", "--iterations=900", "--log-every=50"];
      args.push("--checkpoint-every=0");
      const child = spawnHebb([...args, "--out=stopped"], { folder });
      const stopped = join(folder, "stopped");
      await until(() => sizeOfFile(join(stopped, "metrics.jsonl")) > 0);
      child.kill(signal);
      const ended = await endOf(child);
      assert.equal(ended.code, code, ended.stderr);
      assert.match(ended.stdout, new RegExp(`^end reason: ${reason}$`, "m"));
      const status = JSON.parse(Deno.readTextFileSync(join(stopped, "status.json")));
      assert.equal(status.end_reason, reason);
      assert.ok(status.iterations < 900);
      assert.ok(sizeOfFile(join(stopped, "report.html")) > 0);

      const [resumed, whole] = await Promise.all([
        runHebb(["train", "--resume", "stopped", "--progress=none"], { folder }),
        runHebb([...args, "--out=whole"], { folder }),
      ]);
      assert.equal(resumed.code, 0, resumed.stderr);
      assert.match(
        resumed.stderr,
        new RegExp(`^resuming from iteration ${status.iterations}$`, "m"),
      );
      assert.equal(whole.code, 0, whole.stderr);
      assert.deepEqual(outcome(stopped), outcome(join(folder, "whole")));
    }),
  });
}

Deno.test({
  name: "train: a run whose parent ends saves and leaves, as by SIGTERM",
  ignore: Deno.build.os === "windows",
  fn: inTemporaryFolder(async (folder) => {
    const args = ["--end-with-parent", ...tinyArguments, "--device=reference", "--log-every=10"];
    args.push("--iterations=100000", "--checkpoint-every=0", "--out=child");
    const child = spawnHebb(args, { folder, stdin: "piped" });
    await until(() => sizeOfFile(join(folder, "child", "metrics.jsonl")) > 0);
    // However a parent ends, also by SIGKILL, its pipe closes.
    await child.stdin.close();
    const ended = await endOf(child);
    assert.equal(ended.code, 75, ended.stderr);
    assert.match(ended.stdout, /^end reason: preempted$/m);
    assert.match(ended.stdout, /^report: /m);
  }),
});
