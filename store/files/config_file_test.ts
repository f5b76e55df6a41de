import assert from "node:assert/strict";
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
