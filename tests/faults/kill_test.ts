/** Killed in any call that changes the disk, every command goes on to the same end. */
import assert from "node:assert/strict";
import { inTemporaryFolder } from "../../store/files/testing/temporary_folder.ts";
import { scenarios } from "./testing/scenarios.ts";
import { tryFaults } from "./testing/try_faults.ts";

for (const scenario of scenarios) {
  Deno.test({
    name: `${scenario.name}: killed in a call that changes the disk, it loses nothing`,
    ignore: Deno.build.os === "windows",
    fn: inTemporaryFolder((folder) =>
      tryFaults(scenario, {
        folder,
        fault: "kill",
        sampled: scenario.name === "train" ? 6 : 2,
        check: ({ code }) => assert.equal(code, 137),
      })
    ),
  });
}
