import assert from "node:assert/strict";
import { join } from "node:path";
import { readStatus } from "../store/files/status.ts";
import { inTemporaryFolder } from "../store/files/testing/temporary_folder.ts";
import { endOf, spawnHebb } from "./testing/run_hebb.ts";
import { sizeOfFile, tinyArguments, until } from "./testing/tiny_run.ts";

const args = [
  ...tinyArguments,
  "--device=reference",
  "--iterations=300",
  "--log-every=1",
  "--out=run",
];

for (const name of ["figures.json", "report.html"]) {
  Deno.test(
    `train: where ${name} cannot be written, the run still ends and tells its result`,
    inTemporaryFolder(async (folder) => {
      const run = join(folder, "run");
      const child = spawnHebb(args, { folder });
      await until(() => sizeOfFile(join(run, "metrics.jsonl")) > 0);
      const path = join(run, name);
      if (sizeOfFile(path) > 0) Deno.removeSync(path);
      Deno.mkdirSync(path);
      const { code, stdout, stderr } = await endOf(child);
      assert.equal(code, 1, stderr);
      assert.match(stdout, /^end reason: completed\niterations: 300 /);
      assert.doesNotMatch(stdout, /report:/);
      assert.match(
        stderr.trimEnd().split("\n").at(-1)!,
        /^error: .*report could not be written: ./,
      );
      assert.equal(readStatus(run)?.end_reason, "completed");
    }),
  );
}
