import assert from "node:assert/strict";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { inTemporaryFolder } from "../store/files/testing/temporary_folder.ts";
import { hasPython } from "./testing/run_page.ts";

const root = fileURLToPath(new URL("..", import.meta.url));

/** Runs the command with what its task may do. */
async function runPeers(args: readonly string[]) {
  const command = new Deno.Command("deno", {
    args: [
      "run",
      "--no-lock",
      "--no-prompt",
      "--allow-read",
      "--allow-run=deno",
      "bench/peers.ts",
      ...args,
    ],
    cwd: root,
    env: { NO_COLOR: "1" },
    stdin: "null",
  });
  const { code, stdout, stderr } = await command.output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes).trimEnd();
  return { code, stdout: text(stdout), stderr: text(stderr) };
}

const cases = [
  { what: "an unknown option", args: ["--nope"], says: /Unknown option '--nope'/ },
  { what: "an unknown device", args: ["--device=gup"], says: /No device "gup"; expected one of/ },
  { what: "an unknown workload", args: ["--workload=nope"], says: /unknown workload nope, exp/ },
];

for (const { what, args, says } of cases) {
  Deno.test(`bench peers: ${what} is refused in one line`, async () => {
    const { code, stdout, stderr } = await runPeers(args);
    assert.equal(code, 2, stderr);
    assert.equal(stdout, "");
    assert.match(stderr, says);
    assert.equal(stderr.split("\n").length, 1, stderr);
  });
}

const short = ["--device=cpu", "--threads=1", "--repeats=1", "--workload=bohp-bptt-n29-t66"];

Deno.test("bench peers: a Python that is not there is refused before anything is timed", async () => {
  const { code, stdout, stderr } = await runPeers([
    "--peers",
    "--python=/nowhere/python",
    ...short,
  ]);
  assert.equal(code, 1);
  assert.equal(stdout, "");
  assert.equal(stderr, "error: peers: there is no /nowhere/python");
});

Deno.test(
  "bench peers: a Python without the engines is told how to get them, and own rows are timed",
  inTemporaryFolder(async (folder) => {
    if (!hasPython()) return;
    // -S leaves out all packages that are installed.
    const python = join(folder, "python");
    await Deno.writeTextFile(python, '#!/bin/sh\nexec python3 -S "$@"\n', { mode: 0o755 });
    const { code, stdout, stderr } = await runPeers(["--peers", `--python=${python}`, ...short]);
    assert.equal(code, 0, stderr);
    const told = ["torch", "jax"].map((engine) =>
      `${engine}: not run, \\S+ has no ${engine}; to get it: \\S+ -m pip install ` +
      "-r bench/peers/requirements.txt"
    );
    assert.match(stderr, new RegExp(`^${told.join("\n")}$`));
    assert.match(stdout, /^bohp-bptt-n29-t66 +hebb .* ms .* GFLOP\/s/);
    assert.match(stdout.split("\n").at(-1)!, /^bohp-bptt-n29-t66 .* - +-$/);
  }),
);

Deno.test("bench peers: JSON is rows and nothing else", async () => {
  const { code, stdout, stderr } = await runPeers([...short, "--json"]);
  assert.equal(code, 0, stderr);
  const { engine, workload, ms, min_ms, max_ms } = JSON.parse(stdout);
  assert.deepEqual([engine, workload], ["hebb", "bohp-bptt-n29-t66"]);
  assert.ok(0 < min_ms && min_ms <= ms && ms <= max_ms);
});
