import assert from "node:assert/strict";
import { join } from "node:path";
import { inTemporaryFolder } from "../../store/files/testing/temporary_folder.ts";
import { hybridConfigurations } from "../hybrid/configurations.ts";
import { startCommand } from "./job_process.ts";

const configuration = hybridConfigurations[0]!;

const jobIn = (folder: string) => ({
  name: "job",
  configuration,
  seeds: [1],
  folder: join(folder, "job of one"),
  log: join(folder, "job.log"),
});

Deno.test({
  name: "a job that is killed is told by its signal, not by what it said last",
  ignore: Deno.build.os === "windows",
  fn: inTemporaryFolder(async (folder) => {
    // So early nobody listens yet.
    const job = startCommand(jobIn(folder), { command: "train", args: ["--dry-run"] });
    job.stop();
    const { code, lastLine } = await job.end;
    assert.equal(code, 143);
    assert.equal(lastLine, "ended by SIGTERM");
  }),
});

Deno.test(
  "a job has the flags of V8 of the process that starts it",
  inTemporaryFolder(async (folder) => {
    const job = jobIn(folder);
    const args = ["--iterations=1", "--device=reference", "--hidden-size=3", "--out", job.folder];
    const { code, lastLine } = await startCommand(job, { command: "train", args }).end;
    assert.equal(code, 0, lastLine);
    const text = Deno.readTextFileSync(join(job.folder, "environment.json"));
    assert.equal(JSON.parse(text).v8_flags, Deno.env.get("DENO_V8_FLAGS") ?? null);
  }),
);

Deno.test(
  "a job may write to the folder of its run and nowhere else",
  inTemporaryFolder(async (folder) => {
    const other = join(folder, "other");
    const args = ["--iterations=1", "--device=reference", "--hidden-size=3", "--out", other];
    const { code, lastLine } = await startCommand(jobIn(folder), { command: "train", args }).end;
    assert.notEqual(code, 0);
    assert.match(lastLine, /write access|[Pp]ermission|allow-write/);
    await assert.rejects(Deno.stat(other), Deno.errors.NotFound);
  }),
);
