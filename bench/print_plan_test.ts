import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";

const script = fileURLToPath(new URL("print_plan.ts", import.meta.url));

async function runPlan(...args: string[]) {
  const { code, stdout, stderr } = await new Deno.Command("deno", {
    args: ["run", "--no-lock", "--no-prompt", "--allow-read", script, ...args],
    env: { NO_COLOR: "1" },
    stdin: "null",
  }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes).trimEnd();
  return { code, stdout: text(stdout), stderr: text(stderr) };
}

Deno.test("bench:plan: a name chooses a program, and its stages are listed", async () => {
  const { code, stdout } = await runPlan("bohp-bptt-n29-t66");
  assert.equal(code, 0);
  assert.match(stdout, /\nbohp-bptt-n29-t66 +\d[^\n]*\n {2}\S[^\n]*\d$/m);
  assert.doesNotMatch(stdout, /attractor/);
});

Deno.test("bench:plan: help and names are printed, and what is unknown is told in one line", async () => {
  assert.match((await runPlan("--help")).stdout, /^Usage: deno task bench:plan \[NAME\.\.\.\]\n/);
  assert.match((await runPlan("--names")).stdout, /^memo-50-50-t400$/m);
  assert.deepEqual(await runPlan("memo-50-50-t40"), {
    code: 2,
    stdout: "",
    stderr:
      'error: there is no program "memo-50-50-t40" (did you mean memo-50-50-t400?); --names lists them',
  });
  const { code, stderr } = await runPlan("--nope");
  assert.equal(code, 2);
  assert.match(stderr, /^error: [^\n]+$/);
});
