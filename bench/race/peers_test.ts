import assert from "node:assert/strict";
import { workloads } from "../workloads.ts";
import { hasPython } from "../../tests/testing/run_page.ts";
import { listPeers } from "./peers.ts";

Deno.test("peers: every workload has other engines, under the same name", async () => {
  if (!hasPython()) return;
  const peers = await listPeers("python3");
  assert.deepEqual([...peers.keys()].sort(), workloads.map(({ name }) => name).sort());
  for (const [name, engines] of peers) assert.ok(engines.length > 0, name);
});

Deno.test("peers: a Python that is not there is told in one line", async () => {
  await assert.rejects(listPeers("/nowhere/python"), {
    message: "peers: there is no /nowhere/python",
  });
});
