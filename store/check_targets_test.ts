import assert from "node:assert/strict";
import { join } from "node:path";
import { inTemporaryFolder } from "./files/testing/temporary_folder.ts";
import { checkTargets } from "./check_targets.ts";

Deno.test(
  "targets: new files, files to replace, and folders still to be made are fine and untouched",
  inTemporaryFolder((root) => {
    Deno.writeTextFileSync(join(root, "old"), "content");
    checkTargets(root, [join(root, "old"), join(root, "new"), join(root, "a", "b", "deep")]);
    assert.deepEqual([...Deno.readDirSync(root)].map(({ name }) => name), ["old"]);
    assert.equal(Deno.readTextFileSync(join(root, "old")), "content");
  }),
);

Deno.test(
  "targets: a folder, a link, or a file where a folder should be is one line",
  inTemporaryFolder((root) => {
    const [file, folder, link] = ["file", "folder", "link"].map((name) => join(root, name));
    Deno.writeTextFileSync(file!, "");
    Deno.mkdirSync(folder!);
    Deno.symlinkSync(file!, link!);
    const cases: [path: string, says: RegExp][] = [
      [folder!, /^cannot write .*folder: it is a folder, expected a plain file$/],
      [link!, /^cannot write .*link: it is a symbolic link, expected a plain file$/],
      [join(file!, "x"), /^cannot write .*x: .*file is a file, expected a folder$/],
      [join(file!, "y", "x"), /^cannot write .*: .*file is a file, expected a folder$/],
    ];
    for (const [path, message] of cases) {
      assert.throws(() => checkTargets(root, [join(root, "fine"), path]), {
        name: "UsageError",
        message,
      });
    }
  }),
);
