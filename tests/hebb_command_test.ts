/** The installed command: `deno task install`, then `hebb` in folders that know nothing of this project. */
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import settings from "../deno.json" with { type: "json" };
import { inTemporaryFolder } from "../store/files/testing/temporary_folder.ts";

const root = fileURLToPath(new URL("..", import.meta.url));

async function deno(
  args: readonly string[],
  options: { readonly cwd: string; readonly env?: Record<string, string> },
) {
  const child = new Deno.Command("deno", {
    ...options,
    args: [...args],
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  });
  const { code, stdout, stderr } = await child.output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, stdout: text(stdout), stderr: text(stderr) };
}

/** Installs the command below a folder. @returns what its script passes to deno. */
async function install(folder: string): Promise<string[]> {
  const env = { DENO_INSTALL_ROOT: folder };
  const { code, stderr } = await deno(["task", "install"], { cwd: root, env });
  assert.equal(code, 0, stderr);
  const script = Deno.readTextFileSync(join(folder, "bin/hebb"));
  const [, line] = /^exec deno (.*) "\$@"$/m.exec(script) ?? [];
  return line!.split(" ").map((word) => word.replace(/^'(.*)'$/, "$1"));
}

const yaml = "npm:yaml@2.9.1";

/** Folders of a user, by what stands beside the code. `hebb` in a map of theirs is for scripts. */
const folders: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "code alone": {},
  "an empty deno.json": { "deno.json": "{}" },
  "a package.json": { "package.json": '{ "dependencies": { "yaml": "^2.0.0" } }' },
  "an import map of one's own": {
    "deno.jsonc": `{
      // Names of one's own, of a file and of a package.
      "imports": { "hebb": "./nowhere.ts", "sizes/": "./own/", "yaml": "${yaml}", },
    }`,
    "own/sizes.ts":
      'import { parse } from "yaml";\nexport const bits: number = parse("bits: 7").bits;\n',
  },
};

const code = ["--model", "own/hebbff.ts", "--task", "own/familiarity.ts"];
const short = ["--hidden=4", "--steps=8", "--device=cpu", "--threads=1", "--iterations=20"];

Deno.test(
  "hebb: installed for any folder, it trains code of one's own there",
  inTemporaryFolder(async (folder) => {
    const hebb = await install(join(folder, "installed"));
    await Promise.all(
      Object.entries(folders).map(async ([name, files]) => {
        const cwd = join(folder, name);
        Deno.mkdirSync(join(cwd, "own"), { recursive: true });
        for (const file of ["own/hebbff.ts", "own/familiarity.ts"]) {
          Deno.copyFileSync(join(root, "examples", file), join(cwd, file));
        }
        for (const [path, text] of Object.entries(files)) {
          Deno.writeTextFileSync(join(cwd, path), text);
        }
        const hasNames = files["own/sizes.ts"] !== undefined;
        if (hasNames) {
          const task = join(cwd, "own/familiarity.ts");
          const text = Deno.readTextFileSync(task).replace("default(20)", "default(bits)");
          Deno.writeTextFileSync(task, `import { bits } from "sizes/sizes.ts";\n${text}`);
        }
        const train = [
          "train",
          ...code,
          "--updater=bptt",
          ...short,
          "--progress=none",
          "--out=run",
        ];
        const { code: exitCode, stderr } = await deno([...hebb, ...train], { cwd });
        assert.equal(exitCode, 0, `${name}: ${stderr}`);
        assert.ok(existsSync(join(cwd, "run/report.html")), name);
        const config = JSON.parse(Deno.readTextFileSync(join(cwd, "run/config.json")));
        assert.equal(config.task.bits, hasNames ? 7 : 20);
      }),
    );
  }),
);

Deno.test(
  "hebb: help and errors say hebb, check cannot write, and no process can be started",
  inTemporaryFolder(async (folder) => {
    const hebb = await install(join(folder, "installed"));
    Deno.writeTextFileSync(join(folder, "writes.ts"), 'Deno.writeTextFileSync("written", "");');
    const run = (...args: string[]) => deno([...hebb, ...args], { cwd: folder });
    const [version, help, list, check, experiments] = await Promise.all([
      run("--version"),
      run("train", "--help"),
      run(),
      run("check", "gradients", "writes.ts"),
      run("experiments", "attractor"),
    ]);
    assert.equal(version.stdout, `hebb ${settings.version}\n`);
    assert.match(help.stdout, /^Usage: hebb train /m);
    assert.match(help.stdout, /^ {2}hebb train --resume/m);
    assert.doesNotMatch(help.stdout + list.stderr, /deno task/);
    assert.match(list.stderr, /^Usage: hebb COMMAND/);
    assert.match(check.stderr, /^error: writes\.ts: this command has no permission for write/);
    assert.equal(check.code, 2);
    assert.ok(!existsSync(join(folder, "written")));
    assert.match(
      experiments.stderr,
      /no permission to start processes; `deno task experiments` has it, in the folder \//,
    );
    assert.equal(experiments.code, 2);
  }),
);

Deno.test(
  "hebb: watch listens on this machine, and no other command may",
  inTemporaryFolder(async (folder) => {
    const hebb = await install(join(folder, "installed"));
    Deno.mkdirSync(join(folder, "runs"));
    const listens = 'Deno.listen({ hostname: "127.0.0.1", port: 0 });';
    Deno.writeTextFileSync(join(folder, "listens.ts"), listens);
    const train = await deno([...hebb, "train", "--model", "listens.ts"], { cwd: folder });
    assert.match(train.stderr, /^error: listens\.ts: this command has no permission for net/);
    const child = new Deno.Command("deno", {
      args: [...hebb, "watch", "--port", "0"],
      ...{ cwd: folder, stdin: "null", stdout: "piped", stderr: "piped" },
    }).spawn();
    const reader = child.stdout.getReader();
    const { value } = await reader.read();
    child.kill("SIGTERM");
    assert.match(new TextDecoder().decode(value), /^http:\/\/127\.0\.0\.1:\d+\/ shows 0 runs/);
    reader.releaseLock();
    assert.deepEqual((await child.output()).code, 0);
  }),
);

Deno.test(
  "hebb: the folder of examples works where it is copied to, by its own README and in a script",
  inTemporaryFolder(async (folder) => {
    const hebb = await install(join(folder, "installed"));
    const cwd = join(folder, "a copy");
    Deno.mkdirSync(cwd);
    for (const { name } of Deno.readDirSync(join(root, "examples/own"))) {
      Deno.copyFileSync(join(root, "examples/own", name), join(cwd, name));
    }
    const readme = Deno.readTextFileSync(join(cwd, "README.md"));
    const commands = readme.match(/^hebb .*$/gm)!.map((line) => line.split(" ").slice(1));
    assert.ok(commands.length >= 5);
    for (const args of commands) {
      const { code, stderr } = await deno([...hebb, ...args], { cwd });
      assert.equal(code, 0, `${args.join(" ")}: ${stderr}`);
    }
    // As its README asks for.
    const path = join(cwd, "deno.json");
    const mod = new URL("../mod.ts", import.meta.url).href;
    Deno.writeTextFileSync(path, Deno.readTextFileSync(path).replace("../../mod.ts", mod));
    Deno.writeTextFileSync(
      join(cwd, "script.ts"),
      `import hebbff from "${"./hebbff.ts"}";
import { models } from "hebb";
console.log(Object.keys(hebbff.instantiate({ inputs: 3 }).parameters).join(), "rnn" in models);`,
    );
    const script = await deno(["run", "--no-prompt", "--allow-read", "script.ts"], { cwd });
    assert.equal(script.stdout, "w,b,readout,threshold,decay,rate true\n", script.stderr);
  }),
);
