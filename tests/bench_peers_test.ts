import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));

/** Runs the command with what its task may do, less the other engines. */
async function runPeers(args: readonly string[]) {
  const command = new Deno.Command("deno", {
    args: ["run", "--no-lock", "--no-prompt", "--allow-read", "bench/peers.ts", ...args],
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

Deno.test("bench peers: without the other engines' script its own rows are timed", async () => {
  const { code, stdout, stderr } = await runPeers([
    "--peers",
    "--script=there_is_none.py",
    "--device=cpu",
    "--threads=1",
    "--repeats=1",
    "--workload=ethereal-dfa-h128-b16",
    "--json",
  ]);
  assert.equal(code, 0, stderr);
  assert.equal(stderr, "peers: not run, there is no script there_is_none.py");
  assert.equal(JSON.parse(stdout).engine, "hebb");
});
