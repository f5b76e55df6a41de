import assert from "node:assert/strict";
import { join } from "node:path";
import { writeFileAtomic, type WriteStage } from "./atomic_file.ts";
import { inTemporaryFolder } from "./testing/temporary_folder.ts";

const names = (folder: string) => [...Deno.readDirSync(folder)].map(({ name }) => name).sort();

Deno.test(
  "writeFileAtomic: creates and replaces, in the promised order of stages",
  inTemporaryFolder((folder) => {
    const path = join(folder, "a.txt");
    const stages: WriteStage[] = [];
    writeFileAtomic(path, "one");
    writeFileAtomic(path, new TextEncoder().encode("two"), {
      afterStage: (stage) => {
        stages.push(stage);
        assert.equal(Deno.readTextFileSync(path), stage === "renamed" ? "two" : "one");
      },
    });
    assert.deepEqual(stages, ["written", "synced", "renamed"]);
    assert.deepEqual(names(folder), ["a.txt"]);
  }),
);

Deno.test(
  "writeFileAtomic: an error at any stage before the rename leaves the old file and no other",
  inTemporaryFolder((folder) => {
    const path = join(folder, "a.txt");
    writeFileAtomic(path, "old");
    for (const failing of ["written", "synced"]) {
      const afterStage = (stage: WriteStage) => {
        if (stage === failing) throw new Error("no space left");
      };
      assert.throws(
        () => writeFileAtomic(path, "new", { afterStage }),
        { message: `cannot write ${path}: no space left` },
      );
    }
    const verify = () => {
      throw new Error("not what was written");
    };
    assert.throws(() => writeFileAtomic(path, "new", { verify }), /not what was written/);
    assert.equal(Deno.readTextFileSync(path), "old");
    assert.deepEqual(names(folder), ["a.txt"]);
  }),
);

Deno.test(
  "writeFileAtomic: a missing folder, a folder or a link in the way is an error with the path",
  inTemporaryFolder((folder) => {
    const missing = join(folder, "none", "a.txt");
    assert.throws(() => writeFileAtomic(missing, ""), (error: Error) => {
      assert.ok(error.message.startsWith(`cannot write ${missing}: `));
      assert.ok(error.cause instanceof Deno.errors.NotFound);
      return true;
    });
    Deno.mkdirSync(join(folder, "sub"));
    assert.throws(
      () => writeFileAtomic(join(folder, "sub"), ""),
      /^RunFolderError: cannot write: .*sub is a folder/,
    );
    Deno.writeTextFileSync(join(folder, "target"), "kept");
    Deno.symlinkSync(join(folder, "target"), join(folder, "link"));
    assert.throws(() => writeFileAtomic(join(folder, "link"), "x"), /is a symbolic link/);
    assert.equal(Deno.readTextFileSync(join(folder, "target")), "kept");
    assert.deepEqual(names(folder), ["link", "sub", "target"]);
  }),
);
