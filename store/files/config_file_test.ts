import assert from "node:assert/strict";
import { parseJsonObject } from "./json_file.ts";
import { join } from "node:path";
import { readConfig, writeConfig } from "./config_file.ts";
import { DamagedFileError } from "./damaged_file_error.ts";
import { inTemporaryFolder } from "./testing/temporary_folder.ts";

Deno.test(
  "config: written pretty, read back",
  inTemporaryFolder((folder) => {
    const config = { model: { name: "plastic-rnn", neurons: 29 }, rates: [0.1, 0.2] };
    writeConfig(folder, config);
    assert.match(Deno.readTextFileSync(join(folder, "config.json")), /^\{\n {2}"model": \{\n/);
    assert.deepEqual(readConfig(folder), config);
    Deno.writeTextFileSync(join(folder, "config.json"), "{");
    assert.throws(() => readConfig(folder), DamagedFileError);
    assert.throws(() => writeConfig(folder, { model: { rate: NaN } }), /rate is NaN/);
  }),
);

Deno.test("a number beyond float64, which could not be written again, is refused", () => {
  for (const number of ["1e400", "-1E+0400", `1${"0".repeat(400)}`]) {
    assert.throws(
      () => parseJsonObject(`{"a": [${number}]}`, "a.json"),
      /^DamagedFileError: a\.json: holds a number beyond float64$/,
    );
  }
  assert.deepEqual(parseJsonObject('{"a": 1e308}', "a.json"), { a: 1e308 });
});
