/** Where the disk is full or broken, every command says so in a line, and goes on when it is not. */
import assert from "node:assert/strict";
import { dirname } from "node:path";
import { inTemporaryFolder } from "../../store/files/testing/temporary_folder.ts";
import { type Call, errors } from "./testing/fault.ts";
import type { FaultyResult } from "./testing/run_with_fault.ts";
import { scenarios } from "./testing/scenarios.ts";
import { tryFaults } from "./testing/try_faults.ts";

/** One line that says what failed and where, and the code of a failure. */
function checkError(
  { code, stderr, stdout }: FaultyResult,
  { path }: Call,
  { text }: { text: string },
): void {
  const lines = stderr.split("\n").filter((line) => line.startsWith("error: "));
  assert.equal(lines.length, 1, `lines of error: ${lines.length}`);
  const [line = ""] = lines;
  assert.equal(code, line.includes("cannot write into") ? 2 : 1, `exit code ${code}`);
  assert.ok(line.includes(text), "the error is not told");
  assert.ok(line.includes(path.includes(".tmp-") ? dirname(path) : path), "no path is named");
  assert.doesNotMatch(stderr + stdout, /\n {4}at /);
}

for (const fault of ["ENOSPC", "EIO"] as const) {
  for (const scenario of scenarios) {
    Deno.test({
      name: `${scenario.name}: ${fault} is told in a line, and nothing is lost`,
      ignore: Deno.build.os === "windows",
      fn: inTemporaryFolder((folder) =>
        tryFaults(scenario, {
          folder,
          fault,
          sampled: scenario.name === "train" ? 6 : 2,
          check: (result, call) => checkError(result, call, errors[fault]),
        })
      ),
    });
  }
}
