import assert from "node:assert/strict";
import { basename, join } from "node:path";
import { listCheckpoints } from "../store/files/checkpoint.ts";
import { inTemporaryFolder } from "../store/files/testing/temporary_folder.ts";
import { assertRefused } from "./testing/assert_refused.ts";
import { runHebb } from "./testing/run_hebb.ts";
import { tinyArguments } from "./testing/tiny_run.ts";

interface Damage {
  readonly what: string;
  /** Damages the run, and returns what the refusal says. */
  readonly damage: (run: string) => RegExp;
}

const replaceBy = (path: string, make: (path: string) => void) => {
  Deno.removeSync(path);
  make(path);
};

const damages: readonly Damage[] = [
  {
    what: "garbage in the metrics",
    damage(run) {
      const path = join(run, "metrics.jsonl");
      const lines = Deno.readTextFileSync(path).split("\n");
      Deno.writeTextFileSync(path, lines.with(1, "garbage").join("\n"));
      return /metrics\.jsonl: line 2 is not a row of metrics/;
    },
  },
  {
    what: "a config that is no JSON",
    damage(run) {
      Deno.writeTextFileSync(join(run, "config.json"), "{");
      return /cannot resume run: .*config\.json: is not valid JSON/;
    },
  },
  {
    what: "an environment that is no JSON",
    damage(run) {
      Deno.writeTextFileSync(join(run, "environment.json"), "{");
      return /environment\.json: is not valid JSON/;
    },
  },
  {
    what: "a folder in place of the figures",
    damage(run) {
      replaceBy(join(run, "figures.json"), Deno.mkdirSync);
      return /figures\.json is a folder, expected a plain file/;
    },
  },
  {
    what: "a checkpoint that is a link",
    damage(run) {
      const [{ path } = { path: "" }] = listCheckpoints(run);
      const moved = join(run, basename(path));
      Deno.renameSync(path, moved);
      Deno.symlinkSync(moved, path);
      return /step-\d+\.safetensors is a symbolic link, expected a plain file/;
    },
  },
];

function copyFolder(from: string, to: string): void {
  Deno.mkdirSync(to);
  for (const { name, isDirectory } of Deno.readDirSync(from)) {
    (isDirectory ? copyFolder : Deno.copyFileSync)(join(from, name), join(to, name));
  }
}

Deno.test(
  "resume: a damaged run is refused in one line, and its folder stays as it was",
  async (t) => {
    await inTemporaryFolder(async (folder) => {
      const args = ["--device=reference", "--iterations=4", "--log-every=1"];
      args.push("--checkpoint-every=2", "--out=whole");
      const { code, stderr } = await runHebb([...tinyArguments, ...args], { folder });
      assert.equal(code, 0, stderr);
      // The newest checkpoint is gone, so that there is something left to do.
      Deno.removeSync(listCheckpoints(join(folder, "whole"))[0]!.path);
      const run = join(folder, "run");
      for (const { what, damage } of damages) {
        await t.step(what, async () => {
          copyFolder(join(folder, "whole"), run);
          const says = damage(run);
          await assertRefused(["train", "--resume=run"], { folder, says });
          Deno.removeSync(run, { recursive: true });
        });
      }
    })();
  },
);
