/** A run folder, which may come from somebody else, never makes code run that the command line did not name. */
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { inTemporaryFolder } from "../store/files/testing/temporary_folder.ts";
import { runHebb } from "./testing/run_hebb.ts";
import { tinyArguments } from "./testing/tiny_run.ts";

/** Leaves a file where it ran. It would be the model, task and updater of a run. */
const hostile = `
Deno.writeTextFileSync("it-ran", "");
export { models } from ${JSON.stringify(new URL("../mod.ts", import.meta.url).href)};
`;

/** Changes the config of a run so that it names code. */
function nameCode(run: string, { section, file, hash }: {
  section: "task" | "model" | "updater";
  file: string;
  hash?: string;
}): void {
  const path = join(run, "config.json");
  const config = JSON.parse(Deno.readTextFileSync(path));
  config[section].name = file;
  if (hash !== undefined) config.code = { [section]: hash };
  Deno.writeTextFileSync(path, JSON.stringify(config));
}

const everyCommand: readonly (readonly string[])[] = [
  ["report", "run"],
  ["evaluate", "run"],
  ["visualize", "run"],
  ["examine", "run"],
  ["train", "--resume", "run"],
  ["train", "--config", "run/config.json", "--out", "new"],
  ["train", "--config", "link.json", "--out", "new"],
];

/** How a run may name code, and the commands that are tried on it. */
const disguises: readonly (readonly [Parameters<typeof nameCode>[1], typeof everyCommand])[] = [
  [{ section: "model", file: "hostile.ts" }, everyCommand],
  [{ section: "task", file: "run/hostile.ts", hash: "00" }, [["evaluate", "run"]]],
  [{ section: "updater", file: "../up.ts", hash: "" }, [["train", "--config", "link.json"]]],
];

Deno.test(
  "a run folder makes no code run that the command line does not name",
  inTemporaryFolder(async (folder) => {
    const trained = await runHebb(
      [...tinyArguments, "--device=reference", "--iterations=1", "--out=run"],
      { folder },
    );
    assert.equal(trained.code, 0, trained.stderr);
    const config = Deno.readTextFileSync(join(folder, "run/config.json"));
    for (const path of ["run/hostile.ts", "hostile.ts", "up.ts"]) {
      Deno.writeTextFileSync(join(folder, path), hostile);
    }
    Deno.symlinkSync(join(folder, "run/config.json"), join(folder, "link.json"));
    for (const [disguise, commands] of disguises) {
      Deno.writeTextFileSync(join(folder, "run/config.json"), config);
      nameCode(join(folder, "run"), disguise);
      await Promise.all(commands.map(async (args) => {
        const { code, stderr } = await runHebb(args, { folder });
        const needsNoCode = args[0] === "report";
        assert.equal(code, needsNoCode ? 0 : 2, `${args}: ${stderr}`);
        const says = args[0] === "examine" ? /expected a run of/ : /--(model|task|updater) FILE/;
        if (!needsNoCode) assert.match(stderr, says, `${args}`);
      }));
    }
    assert.ok(!existsSync(join(folder, "it-ran")));
    assert.ok(!existsSync(join(folder, "new")));
    // It would have run if it had been named.
    await runHebb(["evaluate", "run", "--updater", "up.ts"], { folder });
    assert.ok(existsSync(join(folder, "it-ran")));
  }),
);
