/** The flags of V8 that the tasks give: who has them, what they change, and what happens without. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import settings from "../deno.json" with { type: "json" };
import { fastFlags } from "../core/backends/cpu/v8_flags.ts";
import { inTemporaryFolder } from "../store/files/testing/temporary_folder.ts";
import { denoCommand, endOf, runHebb } from "./testing/run_hebb.ts";
import { outcome, tinyArguments } from "./testing/tiny_run.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
/** V8 as it is by itself. */
const checked = "--wasm-bounds-checks";

/** Runs Deno with no flags of V8 but those given, also where these tests have some. */
async function deno(args: readonly string[], env: Record<string, string> = {}, cwd = root) {
  const { DENO_V8_FLAGS: _, ...others } = Deno.env.toObject();
  const result = await endOf(
    new Deno.Command(denoCommand(), {
      args: [...args],
      cwd,
      clearEnv: true,
      env: { ...others, NO_COLOR: "1", ...env },
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    }).spawn(),
  );
  assert.equal(result.code, 0, result.stderr);
  return result.stdout.trim();
}

/** What the tasks run with here. */
const taskFlags = await deno(["task", "-q", "v8"]);

Deno.test("flags: hebb has them, and every task that computes in WebAssembly", () => {
  // `check` computes in JavaScript, and promises what files of code cannot do. The others print, or use the GPU.
  const printing = [
    "report",
    "runs",
    "watch",
    "completion",
    "config",
    "explain",
    "bench:plan",
    "layers",
    "settings",
  ];
  const withoutFlags = ["check", "gpu:check", ...printing];
  for (const [name, line] of Object.entries(settings.tasks)) {
    if (!/\bdeno (run|bench|install) /.test(line)) continue;
    const start = withoutFlags.includes(name)
      ? /^deno run --no-prompt /
      : name === "install"
      ? /^deno install .*--v8-flags=\$\(deno task -q v8\) /
      : /^DENO_V8_FLAGS=\$\(deno task -q v8\) deno /;
    assert.match(line, start, name);
  }
});

Deno.test("flags: those of the user come first, then those that V8 knows", async () => {
  assert.ok(settings.tasks.v8.includes(`DENO_V8_FLAGS=${fastFlags} `));
  // V8 joins vectors on x86-64 alone.
  assert.equal(taskFlags, Deno.build.arch === "x86_64" ? fastFlags : "--no-help");
  const own = "--max-old-space-size=500";
  assert.equal(await deno(["task", "-q", "v8"], { DENO_V8_FLAGS: own }), own);
});

Deno.test(
  "flags: a V8 that does not know them trains all the same",
  inTemporaryFolder(async (folder) => {
    const { train, v8, ...tasks } = settings.tasks;
    const program = `--config ${join(root, "deno.json")} ${join(root, "cli/main.ts")}`;
    const unknown = {
      ...tasks,
      v8: v8.replace(fastFlags, "--unknown-to-v8,--wasm-bounds-checks"),
      train: train.replace("cli/main.ts", program),
    };
    Deno.writeTextFileSync(join(folder, "deno.json"), JSON.stringify({ tasks: unknown }));
    await deno(
      ["task", ...tinyArguments, "--device=cpu", "--iterations=2", "--out=run"],
      {},
      folder,
    );
    const { v8_flags } = JSON.parse(Deno.readTextFileSync(join(folder, "run/environment.json")));
    assert.equal(v8_flags, "--no-help");
  }),
);

/** A run on the cpu with these flags: what it left, and V8's number of its record. */
async function train(folder: string, updater: string, flags: string) {
  const tiny = tinyArguments.filter((argument) => !argument.startsWith("--hidden-size"));
  const { code, stderr } = await runHebb(
    [
      ...tiny,
      "--hidden-size=32",
      `--updater=${updater}`,
      "--device=cpu",
      "--iterations=60",
      "--out=run",
    ],
    { folder, env: { DENO_V8_FLAGS: flags } },
  );
  assert.equal(code, 0, stderr);
  const run = join(folder, "run");
  const { v8_flags, v8_tag } = JSON.parse(Deno.readTextFileSync(join(run, "environment.json")));
  assert.equal(v8_flags, flags);
  const left = outcome(run);
  Deno.removeSync(run, { recursive: true });
  return { left, v8_tag };
}

Deno.test(
  "flags: a training has the same bits with them and without, and its record says which",
  inTemporaryFolder(async (folder) => {
    for (const updater of ["dfa", "bptt"]) {
      const [fast, plain] = [
        await train(folder, updater, taskFlags),
        await train(folder, updater, checked),
      ];
      assert.deepEqual(fast.left, plain.left, updater);
      if (taskFlags === fastFlags) assert.notEqual(fast.v8_tag, plain.v8_tag);
    }
  }),
);

/** Whether V8 can join vectors here. The file of the processor takes all permissions. */
async function canJoin(): Promise<boolean> {
  if (Deno.build.os !== "linux" || Deno.build.arch !== "x86_64") return false;
  const script = 'console.log(/avx2/.test(Deno.readTextFileSync("/proc/cpuinfo")))';
  return await deno(["eval", script]) === "true";
}

Deno.test("flags: the width of vectors is measured, and the same on every thread", async () => {
  const widths = (flags: string) =>
    deno(["run", "--allow-read", "tests/testing/vector_widths.ts"], { DENO_V8_FLAGS: flags });
  assert.equal(await widths(checked), "128 128");
  if (!await canJoin()) return;
  assert.equal(await widths("--experimental-wasm-revectorize"), "128 128");
  assert.equal(await widths(fastFlags), "256 256");
});
