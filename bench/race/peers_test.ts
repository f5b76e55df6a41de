import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { inTemporaryFolder } from "../../store/files/testing/temporary_folder.ts";
import { published, workloads } from "../workloads.ts";
import { hasPython } from "../../tests/testing/run_page.ts";
import { listPeers } from "./peers.ts";

Deno.test("peers: every workload has other engines, under the same name", async () => {
  if (!hasPython()) return;
  const peers = await listPeers("python3");
  assert.deepEqual(
    [...peers.keys()].sort(),
    [published, ...workloads].map(({ name }) => name).sort(),
  );
  for (const [name, engines] of peers) assert.ok(engines.length > 0, name);
});

Deno.test("peers: a Python that is not there is told in one line", async () => {
  await assert.rejects(listPeers("/nowhere/python"), {
    message: "peers: there is no /nowhere/python",
  });
});

Deno.test({
  name: "peers: whoever ends the start of a Python ends the Python",
  ignore: Deno.build.os === "windows",
  fn: inTemporaryFolder(async (folder) => {
    const [python, output] = [join(folder, "python"), join(folder, "output")];
    await Deno.writeTextFile(
      python,
      // A Python that is forgotten ends some time.
      `#!/bin/sh\nfor turn in $(seq 1000); do echo . >> ${output}; sleep 0.02; done\n`,
      {
        mode: 0o755,
      },
    );
    const size = () => Deno.statSync(output).size;
    const end = new AbortController();
    const listed = assert.rejects(listPeers(python, { signal: end.signal }), /^Error: peers: /);
    while (!existsSync(output)) await delay(10);
    end.abort();
    await listed;
    await delay(100);
    const before = size();
    await delay(200);
    assert.equal(size(), before);
  }),
});
