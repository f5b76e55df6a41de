/** Runs the blocks of a page: commands, then scripts, then Python. */
import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import type { PageFolder } from "./page_folder.ts";
import { denoCommand, hebbFlags } from "./run_hebb.ts";

const commandRunner = fileURLToPath(new URL("run_commands.ts", import.meta.url));

/** Reads blocks as JSON; runs those whose imports are there, and compiles the others. */
const pythonRunner = `
import importlib.util, json, re, sys
names = {}
for block in json.load(sys.stdin):
    code = compile("\\n" * (block["line"] - 1) + block["text"], sys.argv[1], "exec")
    wanted = re.findall(r"^(?:import|from) (\\w+)", block["text"], re.M)
    if all(importlib.util.find_spec(name) for name in wanted):
        exec(code, names)
`;

/** Whether tests may start Python, and it is there. */
export function hasPython(): boolean {
  try {
    return new Deno.Command("python3", { args: ["--version"] }).outputSync().success;
  } catch {
    return false;
  }
}

/** @throws AssertionError that names the page, with what the process printed, if it fails. */
async function succeeds(
  what: string,
  command: string,
  { args, cwd, input = "" }: { args: readonly string[]; cwd: string; input?: string },
): Promise<void> {
  const options = { cwd, env: { NO_COLOR: "1" }, stdin: "piped", stdout: "piped", stderr: "piped" };
  const child = new Deno.Command(command, { args: [...args], ...options as Deno.CommandOptions })
    .spawn();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(input)).catch(() => {});
  await writer.close().catch(() => {});
  const { success, stdout, stderr } = await child.output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes).trimEnd().slice(-2000);
  assert.ok(success, `${what}:\n${text(stdout)}\n${text(stderr)}`);
}

/** Type-checks modules together. @throws AssertionError with the errors of the compiler. */
export async function checkModules(modules: readonly string[], config: string): Promise<void> {
  const args = ["check", "--quiet", "--no-lock", `--config=${config}`, ...modules];
  await succeeds("scripts of documents", denoCommand(), { args, cwd: "." });
}

/** Runs what a page shows. @throws AssertionError that names the page, if anything of it fails. */
export async function runPage(
  { page, blocks, folder, cwd, modules, commands }: PageFolder,
  config: string,
): Promise<void> {
  const run = ["run", "--no-check", "--no-lock", ...hebbFlags(folder)];
  if (commands.length > 0) {
    const args = [...run, commandRunner, JSON.stringify(commands)];
    await succeeds(`commands of ${page}`, denoCommand(), { args, cwd });
  }
  if (modules) {
    const args = [...run, `--config=${config}`, modules.run];
    await succeeds(`scripts of ${page}`, denoCommand(), { args, cwd: folder });
  }
  const python = blocks.filter(({ language }) => language === "python");
  if (python.length > 0 && hasPython()) {
    const options = {
      args: ["-c", pythonRunner, page],
      cwd: folder,
      input: JSON.stringify(python),
    };
    await succeeds(`Python of ${page}`, "python3", options);
  }
}
