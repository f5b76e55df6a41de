/** Some damage, met by a process of its own: what reaches a terminal, with the rights that the tasks give. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { writeSampleRun } from "../../report/visualization/testing/sample_run.ts";
import { inTemporaryFolder } from "../../store/files/testing/temporary_folder.ts";
import { runHebb } from "../testing/run_hebb.ts";

const damage: readonly { file: string; text: string; command: string; says: RegExp }[] = [
  {
    file: "config.json",
    text: '{"model": {"name": "rnn", "name": "hybrid"}}',
    command: "report",
    says: /config\.json: is not valid JSON: "name" is given twice$/,
  },
  {
    file: "environment.json",
    text: `{"device": ${"[".repeat(100_000)}${"]".repeat(100_000)}}`,
    command: "train --resume",
    says: /environment\.json: is not valid JSON: expected at most 64 groups or lists inside/,
  },
  {
    file: "status.json",
    text: '{"iterations": "\u009b2J\u202e"}',
    command: "report",
    says: /status\.json: iterations: expected a number, got "\\u009b2J\\u202e"$/,
  },
  {
    file: "checkpoints/step-000000000040.safetensors",
    text: "\u0002\u0000\u0000\u0000\u0000\u0000\u0000\u0000\u001b]0;title\u0007",
    command: "evaluate --level=newest",
    says: /step-000000000040\.safetensors: header does not start with/,
  },
];

Deno.test(
  "damaged files: a process of its own ends with 2 and one line that steers no terminal",
  inTemporaryFolder(async (root) => {
    await Promise.all(damage.map(async ({ file, text, command, says }, index) => {
      const folder = join(root, String(index));
      writeSampleRun(folder, { levels: [1], checkpoint: true });
      Deno.writeTextFileSync(join(folder, file), text);
      const result = await runHebb([...command.split(" "), folder], { folder });
      const [error = "", ...others] = result.stderr.trimEnd().split("\n").toReversed();
      assert.equal(result.code, 2, result.stderr);
      assert.match(error, /^error: /);
      assert.match(error, says);
      assert.deepEqual(others.filter((line) => line.startsWith("error: ")), []);
      // deno-lint-ignore no-control-regex
      assert.doesNotMatch(error, /[\u0000-\u001f\u007f-\u009f\p{Cf}]/u);
      assert.equal(result.stdout, "");
    }));
  }),
);
