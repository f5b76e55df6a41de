import assert from "node:assert/strict";
import { join } from "node:path";
import { DamagedFileError } from "./damaged_file_error.ts";
import { endReasons, exitCodeOf } from "../../core/training/exit_codes.ts";
import { readStatus, type RunStatus, writeStatus } from "./status.ts";
import { inTemporaryFolder } from "./testing/temporary_folder.ts";

const now = new Date("2030-04-01T09:30:05.678Z");
const status: RunStatus = {
  run: "r1",
  state: "running",
  end_reason: null,
  iterations: 10,
  sequences: 80,
  seconds: 1.5,
  device: "cpu",
  metrics: { loss: NaN, recall: 0.5 },
};

Deno.test(
  "status: what is written is read back, with the time of writing",
  inTemporaryFolder((folder) => {
    assert.equal(readStatus(folder), undefined);
    writeStatus(folder, status, { now });
    assert.deepEqual(readStatus(folder), { ...status, updated: "2030-04-01T09:30:05.678Z" });
    for (const end_reason of endReasons) {
      const ended: RunStatus = { ...status, state: "finished", end_reason, message: "why" };
      writeStatus(folder, ended, { now });
      assert.deepEqual(readStatus(folder), { ...ended, updated: now.toISOString() });
    }
  }),
);

Deno.test(
  "status: state and end reason must agree",
  inTemporaryFolder((folder) => {
    assert.throws(() => writeStatus(folder, { ...status, state: "finished" }), TypeError);
    assert.throws(() => writeStatus(folder, { ...status, end_reason: "failed" }), TypeError);
  }),
);

Deno.test(
  "status: a file that is none is an error that names it",
  inTemporaryFolder((folder) => {
    writeStatus(folder, status, { now });
    const path = join(folder, "status.json");
    const stored = JSON.parse(Deno.readTextFileSync(path));
    for (
      const bad of [
        "{",
        "[]",
        "{}",
        JSON.stringify({ ...stored, state: "asleep" }),
        JSON.stringify({ ...stored, end_reason: "failed" }),
        JSON.stringify({ ...stored, seconds: "1" }),
        JSON.stringify({ ...stored, metrics: null }),
        JSON.stringify({ ...stored, metrics: { loss: "low" } }),
      ]
    ) {
      Deno.writeTextFileSync(path, bad);
      assert.throws(() => readStatus(folder), (error: unknown) => {
        assert.ok(error instanceof DamagedFileError, String(error));
        assert.ok(error.message.startsWith(`${path}: `));
        return true;
      });
    }
  }),
);

Deno.test("exit codes of all end reasons", () => {
  assert.deepEqual(endReasons.map(exitCodeOf), [0, 3, 0, 0, 1, 75, 1, 130]);
});
