/**
 * Killed in any call that changes the disk, or told there that the disk is full or broken, every command
 * loses nothing, and given again it comes to the same end.
 */
import { inTemporaryFolder } from "../../store/files/testing/temporary_folder.ts";
import { scenarios } from "./testing/scenarios.ts";
import { tryFaults } from "./testing/try_faults.ts";

for (const scenario of scenarios) {
  Deno.test({
    name: `${scenario.name}: no call that changes the disk loses anything by failing`,
    ignore: Deno.build.os === "windows",
    fn: inTemporaryFolder((folder) => tryFaults(scenario, folder)),
  });
}
