import assert from "node:assert/strict";
import { join } from "node:path";
import { inTemporaryFolder } from "../store/files/testing/temporary_folder.ts";
import { readConfigFile } from "./config_file.ts";
import { hashCode } from "./build/hash_code.ts";
import { readUserFile } from "./read_user_file.ts";
import { main as parity } from "../tools/parity/parity.ts";
import { runCommand } from "../tests/faults/run_command.ts";

Deno.test({
  name:
    "named files: a pipe, a device, a folder or what is too long is refused by every reader at once",
  ignore: Deno.build.os === "windows",
  fn: inTemporaryFolder(async (folder) => {
    const pathOf = (name: string) => join(folder, name);
    new Deno.Command("mkfifo", { args: [pathOf("pipe.json"), pathOf("pipe.ts")] }).outputSync();
    for (const extension of ["json", "ts"]) {
      Deno.symlinkSync("/dev/zero", pathOf(`zero.${extension}`));
    }
    const special = /: is a pipe, socket or device, expected a file$/;
    for (const name of ["pipe", "zero"]) {
      await assert.rejects(readConfigFile(pathOf(`${name}.json`)), special);
      await assert.rejects(hashCode(pathOf(`${name}.ts`)), special);
      const { code, lines } = await runCommand(
        [pathOf(`${name}.json`), "--device=reference"],
        parity,
      );
      assert.equal(code, 2);
      assert.ok(lines.some((line) => special.test(line)), lines.join("\n"));
    }
    assert.throws(() => readUserFile(folder, 1), /^SyntaxError: is a folder, expected a file$/);
    assert.throws(() => readUserFile(pathOf("none"), 1), /^SyntaxError: there is no such file$/);
  }),
});

Deno.test({
  name: "named files: one that may not be read is named",
  ignore: Deno.build.os === "windows",
  fn: inTemporaryFolder(async (folder) => {
    const path = join(folder, "closed.json");
    Deno.writeTextFileSync(path, "{}", { mode: 0 });
    try {
      readUserFile(path, 9);
      console.error("left out: this user may read every file");
    } catch (error) {
      assert.match((error as Error).message, /closed\.json/);
      const { code, lines } = await runCommand(["train", "--dry-run", `--config=${path}`]);
      assert.equal(code, 2);
      assert.match(lines.join("\n"), /^error: --config \S*closed\.json: Permission denied[^\n]*$/);
    }
  }),
});
