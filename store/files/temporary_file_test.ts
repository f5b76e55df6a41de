import assert from "node:assert/strict";
import { basename, join } from "node:path";
import { writeFileAtomic } from "./atomic_file.ts";
import { makeTemporary, removeStaleFiles } from "./temporary_file.ts";
import { inTemporaryFolder } from "./testing/temporary_folder.ts";

const names = (folder: string) => [...Deno.readDirSync(folder)].map(({ name }) => name).sort();

Deno.test(
  "removeStaleFiles: removes temporary files and nothing else",
  inTemporaryFolder((folder) => {
    for (const name of [".tmp-12-0a1b", ".tmp-notes", "tmp-1-a", "a.txt"]) {
      Deno.writeTextFileSync(join(folder, name), "");
    }
    assert.deepEqual(removeStaleFiles(folder), [".tmp-12-0a1b"]);
    assert.deepEqual(names(folder), [".tmp-notes", "a.txt", "tmp-1-a"]);
    assert.deepEqual(removeStaleFiles(join(folder, "none")), []);
  }),
);

Deno.test(
  "a temporary file stays while its writer lives, and goes with the next write after that",
  inTemporaryFolder((folder) => {
    const { path, file } = makeTemporary(folder);
    try {
      writeFileAtomic(join(folder, "a.txt"), "");
      assert.deepEqual(names(folder), [basename(path), "a.txt"]);
    } finally {
      file.close();
    }
    writeFileAtomic(join(folder, "a.txt"), "");
    assert.deepEqual(names(folder), ["a.txt"]);
  }),
);
