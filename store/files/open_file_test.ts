import assert from "node:assert/strict";
import { join } from "node:path";
import { openForAppending, readBytes, readText } from "./open_file.ts";
import { makeInnerFolder } from "./inner_folder.ts";
import { inTemporaryFolder } from "./testing/temporary_folder.ts";

Deno.test(
  "open file: reads plain files up to a bound, and names what is none",
  inTemporaryFolder((folder) => {
    const [file, link, sparse] = ["file", "link", "sparse"].map((name) => join(folder, name));
    Deno.writeTextFileSync(file!, "text");
    Deno.symlinkSync(file!, link!);
    Deno.writeTextFileSync(sparse!, "");
    Deno.truncateSync(sparse!, 5 * 1024 ** 3);
    assert.equal(readText(file!, 4), "text");
    assert.throws(() => readBytes(file!, 3), /file: is of 1 MB, expected at most/);
    assert.throws(
      () => readBytes(sparse!, 1024 ** 2),
      /sparse: is of 5120 MB, expected at most 1$/,
    );
    assert.throws(() => readBytes(join(folder, "none"), 4), /^NotFound: .*none/);
    for (const open of [(path: string) => readBytes(path, 4), openForAppending]) {
      assert.throws(() => open(link!), /^RunFolderError: .*link is a symbolic link, expected/);
      assert.throws(() => open(folder), /^RunFolderError: .* is a folder, expected a plain file/);
      assert.throws(() => open("/dev/zero"), /^RunFolderError: \/dev\/zero is a device, expected/);
    }
    assert.equal(Deno.readTextFileSync(file!), "text");
  }),
);

Deno.test(
  "inner folder: is made, and never through a link",
  inTemporaryFolder((folder) => {
    const elsewhere = makeInnerFolder(folder, ["elsewhere"]);
    Deno.symlinkSync(elsewhere, join(folder, "images"));
    assert.throws(() => makeInnerFolder(folder, ["images", "R_1"]), /images is a symbolic link/);
    assert.deepEqual([...Deno.readDirSync(elsewhere)], []);
    assert.ok(Deno.statSync(makeInnerFolder(elsewhere, ["a", "b"])).isDirectory);
  }),
);
