import assert from "node:assert/strict";
import { join } from "node:path";
import { inTemporaryFolder } from "./files/testing/temporary_folder.ts";
import { type Lineage, lineageLines, readLineage, writeLineage } from "./lineage.ts";

const init: Lineage = {
  kind: "init",
  from: "model\u001b[31m.pt",
  sha256: "",
  taken: ["a", "b"],
  drawn: ["c"],
};
const fork: Lineage = {
  ...{ kind: "fork", from: "runs/one", checkpoint: "step.safetensors", iteration: 7, sha256: "" },
  changed: { "updater.rate": [0.1, null], "updater.name": ["a\u202e", "b"] },
  anew: [],
  before: init,
};

Deno.test(
  "lineage: a sentence each, in plain text",
  inTemporaryFolder((folder) => {
    assert.equal(readLineage(folder), undefined);
    writeLineage(folder, fork);
    assert.deepEqual(readLineage(folder), fork);
    assert.deepEqual(lineageLines(readLineage(folder)), [
      'Forked from runs/one at iteration 7: updater.rate 0.1 to none, updater.name "a\\u202e" to "b".',
      "First weights from model\\u001b[31m.pt: a, b; c drawn from the seed.",
    ]);
    Deno.writeTextFileSync(join(folder, "lineage.json"), '{"kind": "fork", "from": 1}');
    assert.throws(() => readLineage(folder), {
      name: "DamagedFileError",
      message: /from: expected a/,
    });
  }),
);
