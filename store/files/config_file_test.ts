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
    const refused = (text: string | Uint8Array<ArrayBuffer>, problem: RegExp) => {
      Deno.writeFileSync(
        join(folder, "config.json"),
        typeof text === "string" ? new TextEncoder().encode(text) : text,
      );
      assert.throws(() => readConfig(folder), { name: "DamagedFileError", message: problem });
    };
    refused('{"model": {"size": 3, "size": 4}}', /"size" is given twice$/);
    refused(`{"a": ${"[".repeat(5000)}${"]".repeat(5000)}}`, /at most 64 groups or lists/);
    refused(new Uint8Array([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]), /is not valid JSON/);
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
