/** Scripts in a folder of their own, as processes. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { inTemporaryFolder } from "../store/files/testing/temporary_folder.ts";
import { readStatus } from "../store/files/status.ts";
import { sizeOfFile, until } from "../tests/testing/tiny_run.ts";
import { endOf } from "../tests/testing/run_hebb.ts";

const door = import.meta.resolve("../mod.ts");

/** A folder of a user's: an import map, a model and a task of their own, and a script. */
function writeScript(folder: string, script: string): void {
  const zod = "npm:zod@4.6.7";
  const files = {
    "deno.json": JSON.stringify({ imports: { hebb: door, zod } }),
    "script.ts": script,
    ...Object.fromEntries(
      ["hebbff.ts", "familiarity.ts"].map((name) => [
        name,
        Deno.readTextFileSync(new URL(`../examples/own/${name}`, import.meta.url)),
      ]),
    ),
  };
  for (const [name, text] of Object.entries(files)) {
    Deno.writeTextFileSync(join(folder, name), text);
  }
}

const spawn = (folder: string): Deno.ChildProcess =>
  new Deno.Command("deno", {
    args: ["run", "--no-lock", "--no-check", "-A", "script.ts"],
    cwd: folder,
    env: { NO_COLOR: "1" },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();

const files = `model: new URL("hebbff.ts", import.meta.url), task: "familiarity.ts",
  settings: { model: { hidden: 4 }, task: { bits: 5, steps: 8 } }, out: "run"`;

Deno.test(
  "a script: its files are hashed, its output is its own, and no run that fails keeps it alive",
  inTemporaryFolder(async (folder) => {
    writeScript(
      folder,
      `import { trainRun } from "hebb";
const device = { name: "cpu", threads: 2 } as const;
const { exitCode, run } = await trainRun({ ${files}, device,
  training: { iterations: 20, evaluation_sequences: 5, test_sequences: 5 } });
console.log(exitCode, run.config.model.name);
const settings = { model: { hidden: 64 }, task: { bits: 64 } };
const onProgress = () => { throw new Error("no luck"); };
await trainRun({ model: "hebbff.ts", task: "familiarity.ts", settings, device, onProgress,
  training: { seeds: [1, 2], iterations: 2 }, progress: "none", out: "fails" })
  .catch((error) => console.log(error.message));
`,
    );
    const { code, stdout, stderr } = await endOf(spawn(folder));
    assert.equal(code, 0, stderr);
    assert.equal(stdout, "0 hebbff.ts\nno luck\n");
    assert.match(stderr, /^iteration 20\/20 \(100%\)/m);
    assert.match(stderr, /^end reason: completed$/m);
    const stored = JSON.parse(Deno.readTextFileSync(join(folder, "run/config.json")));
    assert.match(stored.code.model, /^[0-9a-f]{64}$/);
    const { command_line: line } = JSON.parse(
      Deno.readTextFileSync(join(folder, "run/environment.json")),
    );
    assert.deepEqual(line, ["script.ts"]);
  }),
);

Deno.test({
  name: "a script: Ctrl-C ends the run after a checkpoint, and the script goes on behind it",
  ignore: Deno.build.os === "windows",
  fn: inTemporaryFolder(async (folder) => {
    writeScript(
      folder,
      `import { trainRun } from "hebb";
const { endReason, exitCode } = await trainRun({ ${files}, progress: "none",
  device: { name: "cpu", threads: 1 }, training: { iterations: 10_000_000, log_every: 100 } });
console.log(endReason);
Deno.exit(exitCode);
`,
    );
    const child = spawn(folder);
    await until(() => sizeOfFile(join(folder, "run/metrics.jsonl")) > 0);
    child.kill("SIGINT");
    const { code, stdout, stderr } = await endOf(child);
    assert.deepEqual([code, stdout, stderr], [130, "interrupted\n", ""]);
    assert.equal(readStatus(join(folder, "run"))!.end_reason, "interrupted");
  }),
});

Deno.test("mod.ts: importing it loads no package but zod; all else waits until it is used", async () => {
  const { stdout } = await new Deno.Command("deno", {
    args: ["info", "--json", "--no-lock", door],
    stdin: "null",
  }).output();
  const { modules } = JSON.parse(new TextDecoder().decode(stdout)) as { modules: Module[] };
  const bySpecifier = new Map(modules.map((module) => [module.specifier, module]));
  const loaded = new Set([door]);
  for (const specifier of loaded) {
    for (const { code, isDynamic } of bySpecifier.get(specifier)?.dependencies ?? []) {
      if (code && !isDynamic) loaded.add(code.specifier);
    }
  }
  assert.ok(loaded.size > 100, `${loaded.size} modules`);
  const packages = [...loaded].filter((specifier) => specifier.startsWith("npm:"));
  assert.deepEqual(packages.map((name) => /^npm:\/?([^@]+)/.exec(name)![1]), ["zod"]);
  for (const later of ["config/resolve_config.ts", "report/render_report.ts"]) {
    assert.ok(!loaded.has(import.meta.resolve(`../${later}`)), later);
  }
});

interface Module {
  readonly specifier: string;
  readonly dependencies?: readonly {
    readonly code?: { readonly specifier: string };
    readonly isDynamic?: boolean;
  }[];
}
