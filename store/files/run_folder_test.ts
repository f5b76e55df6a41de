import assert from "node:assert/strict";
import { join } from "node:path";
import { writeConfig } from "./config_file.ts";
import { newestRun } from "../resume.ts";
import { checkRunFolder, newRunFolder, openRunFolder } from "./run_folder.ts";
import { writeStatus } from "./status.ts";
import { spawnDeno } from "./testing/run_deno.ts";
import { inTemporaryFolder } from "./testing/temporary_folder.ts";

const start = new Date("2030-04-01T09:30:05.678Z");

Deno.test(
  "run folder: a new one is group/id, and no two runs share one",
  inTemporaryFolder((root) => {
    const group = join(root, "g1");
    const first = newRunFolder(group, { name: "recall", start });
    const second = newRunFolder(group, { name: "recall", start });
    assert.equal(first.id, "20300401T093005Z-recall");
    assert.equal(first.path, join(root, "g1", first.id));
    assert.equal(second.id, "20300401T093005Z-recall-2");
    first.close();
    second.close();
  }),
);

Deno.test(
  "run folder: names that are not one plain path component are refused",
  inTemporaryFolder((root) => {
    for (const name of ["", "..", ".hidden", "a/b", "a\\b", "a\0", "-x", "é", "a".repeat(65)]) {
      assert.throws(() => newRunFolder(root, { name, start }), RangeError, name);
    }
    assert.deepEqual([...Deno.readDirSync(root)].filter(({ isFile }) => isFile), []);
  }),
);

Deno.test(
  "run folder: a group that is a link is refused",
  inTemporaryFolder((root) => {
    Deno.mkdirSync(join(root, "elsewhere"));
    Deno.symlinkSync(join(root, "elsewhere"), join(root, "g1"));
    assert.throws(() => newRunFolder(join(root, "g1")), /symbolic link/);
  }),
);

Deno.test(
  "run folder: a named folder is used as it is, once",
  inTemporaryFolder((root) => {
    const out = join(root, "new", "r1");
    const folder = openRunFolder({ out });
    assert.equal(folder.path, out);
    assert.equal(folder.id, "r1");
    writeConfig(folder.path, {});
    folder.close();
    assert.throws(() => openRunFolder({ out }), {
      message: `folder ${out} already holds a run: resume it or name another folder`,
    });
    writeStatus(out, {
      run: "r1",
      state: "finished",
      end_reason: "diverged",
      iterations: 1,
      sequences: 1,
      seconds: 1,
      device: "cpu",
      metrics: {},
    });
    assert.throws(() => openRunFolder({ out }), /holds a finished run \(diverged\)/);
    openRunFolder({ out, resume: true }).close();
  }),
);

Deno.test(
  "run folder: a folder of other things stays untouched",
  inTemporaryFolder((out) => {
    Deno.writeTextFileSync(join(out, "thesis.txt"), "");
    assert.throws(() => openRunFolder({ out }), /is not empty and holds no run/);
    assert.throws(() => openRunFolder({ out, resume: true }), /holds no run \(no config.json\)/);
    assert.deepEqual([...Deno.readDirSync(out)].map(({ name }) => name), ["thesis.txt"]);
  }),
);

Deno.test(
  "run folder: resume needs a run",
  inTemporaryFolder((root) => {
    assert.throws(() => openRunFolder({ resume: true }), TypeError);
    const out = join(root, "none");
    assert.throws(() => openRunFolder({ out, resume: true }), /there is no such folder/);
    assert.deepEqual([...Deno.readDirSync(root)], []);
  }),
);

Deno.test(
  "run folder: opening removes what killed writers left",
  inTemporaryFolder((out) => {
    writeConfig(out, {});
    const inner = ["checkpoints", "levels", join("images", "R_1")].map((name) => join(out, name));
    for (const folder of [out, ...inner]) {
      Deno.mkdirSync(folder, { recursive: true });
      Deno.writeTextFileSync(join(folder, ".tmp-1-ab"), "");
    }
    openRunFolder({ out, resume: true }).close();
    for (const folder of inner) assert.deepEqual([...Deno.readDirSync(folder)], []);
    const names = [...Deno.readDirSync(out)].map(({ name }) => name).sort();
    assert.deepEqual(names, [".lock", "checkpoints", "config.json", "images", "levels"]);
  }),
);

Deno.test(
  "run folder: one killed before its config is taken as new, and is no run to resume",
  inTemporaryFolder((root) => {
    const out = join(root, "2000-01-01");
    Deno.mkdirSync(out);
    Deno.writeTextFileSync(join(out, ".lock"), "");
    Deno.writeTextFileSync(join(out, ".tmp-7-0123456789ab"), "{");
    assert.throws(() => newestRun(root), /holds no run/);
    assert.throws(() => openRunFolder({ out, resume: true }), { reason: "no_run" });
    checkRunFolder({ out });
    openRunFolder({ out }).close();
    assert.deepEqual([...Deno.readDirSync(out)].map(({ name }) => name), [".lock"]);
    writeConfig(out, {});
    assert.equal(newestRun(root), out);
  }),
);

Deno.test(
  "run folder: the lock excludes this process and others, and a kill frees it",
  inTemporaryFolder(async (out) => {
    const child = spawnDeno("./hold_lock.ts", { folder: out, args: [out] });
    const reader = child.stdout.getReader();
    await reader.read();
    const inUse = {
      name: "RunFolderError",
      reason: "in_use",
      path: out,
      message: `run folder ${out} is in use by another process`,
    };
    assert.throws(() => openRunFolder({ out }), inUse);
    child.kill("SIGKILL");
    await Promise.all([child.status, child.stderr.cancel(), reader.cancel()]);
    const folder = openRunFolder({ out });
    assert.throws(() => openRunFolder({ out }), inUse);
    folder.close();
    openRunFolder({ out }).close();
  }),
);
