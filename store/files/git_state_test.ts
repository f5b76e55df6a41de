import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { describeEnvironment, writeEnvironment } from "./environment.ts";
import { gitState } from "./git_state.ts";
import { readJsonFile } from "./json_file.ts";
import { inTemporaryFolder } from "./testing/temporary_folder.ts";

const commit = "0123456789abcdef0123456789abcdef01234567";

/** A repository of one tracked file, written by hand: HEAD, a branch and an index of version 2. */
function makeRepository(root: string): void {
  Deno.mkdirSync(join(root, ".git/refs/heads"), { recursive: true });
  Deno.writeTextFileSync(join(root, ".git/HEAD"), "ref: refs/heads/main\n");
  Deno.writeTextFileSync(join(root, ".git/refs/heads/main"), `${commit}\n`);
  Deno.writeTextFileSync(join(root, "a.txt"), "hello");
  const entry = new Uint8Array(72);
  const view = new DataView(entry.buffer);
  view.setUint32(24, 0o100644);
  view.setUint32(36, 5);
  entry.set(createHash("sha1").update("blob 5\0hello").digest(), 40);
  view.setUint16(60, "a.txt".length);
  entry.set(new TextEncoder().encode("a.txt"), 62);
  const index = new Uint8Array(12 + entry.length + 20);
  index.set(new TextEncoder().encode("DIRC"));
  new DataView(index.buffer).setUint32(4, 2);
  new DataView(index.buffer).setUint32(8, 1);
  index.set(entry, 12);
  Deno.writeFileSync(join(root, ".git/index"), index);
}

Deno.test(
  "gitState: commit, and whether tracked files were edited",
  inTemporaryFolder((root) => {
    makeRepository(root);
    Deno.mkdirSync(join(root, "sub"));
    assert.deepEqual(gitState(join(root, "sub")), { commit, isDirty: false });
    Deno.writeTextFileSync(join(root, "a.txt"), "jello");
    assert.deepEqual(gitState(root), { commit, isDirty: true });
    Deno.removeSync(join(root, "a.txt"));
    assert.deepEqual(gitState(root), { commit, isDirty: true });
    Deno.removeSync(join(root, ".git/index"));
    assert.deepEqual(gitState(root), { commit, isDirty: null });
  }),
);

Deno.test(
  "gitState: packed references, a detached head, and what is no repository",
  inTemporaryFolder((root) => {
    makeRepository(root);
    Deno.removeSync(join(root, ".git/refs/heads/main"));
    Deno.writeTextFileSync(join(root, ".git/packed-refs"), `# x\n${commit} refs/heads/main\n`);
    assert.equal(gitState(root).commit, commit);
    Deno.writeTextFileSync(join(root, ".git/HEAD"), `${commit}\n`);
    assert.equal(gitState(root).commit, commit);
    Deno.writeTextFileSync(join(root, ".git/HEAD"), "ref: refs/../../secret\n");
    assert.deepEqual(gitState(root), { commit: null, isDirty: null });
    Deno.removeSync(join(root, ".git"), { recursive: true });
    assert.deepEqual(gitState(join(root, "none")), { commit: null, isDirty: null });
  }),
);

Deno.test(
  "environment: holds what traces a run; a resume keeps the records of earlier starts",
  inTemporaryFolder((folder) => {
    makeRepository(folder);
    const describe = (start: string) =>
      describeEnvironment({
        version: "0.1.0",
        device: { backend: "cpu" },
        commandLine: ["train", "--seed", "1"],
        start: new Date(start),
        sourceFolder: folder,
      });
    const first = describe("2030-04-01T09:30:05Z");
    assert.equal(first.git_commit, commit);
    assert.equal(first.deno, Deno.version.deno);
    assert.equal(first.started, "2030-04-01T09:30:05.000Z");
    const path = join(folder, "environment.json");
    writeEnvironment(folder, first);
    assert.deepEqual(readJsonFile(path), first);
    const [second, third] = [describe("2030-04-02T00:00:00Z"), describe("2030-04-03T00:00:00Z")];
    writeEnvironment(folder, second);
    writeEnvironment(folder, third);
    assert.deepEqual(readJsonFile(path), { ...third, earlier: [first, second] });
  }),
);
