/** What `docs/security.md` promises of permissions, and that each of its lines has a test. */
import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import settings from "../deno.json" with { type: "json" };
import { readSourceFiles } from "../tools/source_files.ts";

/** A line with what another task prints in its place: flags that it would be long with. */
const withPrinted = (line: string): string =>
  line.replace(
    /\$\(deno task -q (may:\w+)\)/,
    (_, name) => settings.tasks[name as "may:train"].replace(/^echo /, ""),
  );

/** The flags of the tasks that run code of the project, or install it, by task. */
const tasks = Object.entries(settings.tasks)
  .map(([name, line]) =>
    [name, withPrinted(line.replace("DENO_V8_FLAGS=$(deno task -q v8) ", ""))] as const
  )
  .filter(([, line]) => /^deno (run|install)/.test(line))
  .map(([name, line]) => [name, line.split(" ").filter((word) => /^--?\w/.test(word))] as const);

Deno.test("no task may connect, call native code, or do all", () => {
  assert.ok(tasks.length > 10);
  for (const [name, all] of tasks) {
    assert.ok(all.includes("--no-prompt") || name === "test", name);
    // The page of `watch` is for this machine, and `hebb` is all commands.
    const isServer = name === "watch" || name === "install";
    const flags = all.filter((flag) => !(isServer && flag === "--allow-net=127.0.0.1"));
    for (const flag of flags) {
      assert.doesNotMatch(
        flag,
        /^(-A|--allow-(all|net|ffi|import)\b.*|--allow-(run|env|sys))$/,
        name,
      );
    }
  }
});

Deno.test("what may start Hebb may not write where programs lie", () => {
  for (const [name, flags] of tasks) {
    if (!flags.some((flag) => flag.startsWith("--allow-run"))) continue;
    const writes = flags.filter((flag) => flag.startsWith("--allow-write"));
    const isBelowRuns = ["experiments", "compare", "sweep"].includes(name);
    assert.deepEqual(writes, isBelowRuns ? ["--allow-write=runs"] : [], name);
  }
});

Deno.test("what deno prints of a task before it runs is short", () => {
  for (const name of ["train", "evaluate", "visualize", "examine", "experiments", "compare"]) {
    const line = settings.tasks[name as "train"];
    assert.ok(line.length < 120, `${name}: ${line.length} characters`);
    assert.doesNotMatch(withPrinted(line), /\$\(deno task -q may/);
  }
});

Deno.test("check runs a model file without the power to write, run or connect", () => {
  const flags = tasks.find(([name]) => name === "check")![1];
  assert.deepEqual(flags, ["--no-prompt", "--allow-read", "--allow-env=NO_COLOR"]);
});

Deno.test("watch may listen on this machine, and can write and start nothing", () => {
  const flags = tasks.find(([name]) => name === "watch")![1];
  const expected = ["--no-prompt", "--allow-read", "--allow-net=127.0.0.1", "--allow-env=NO_COLOR"];
  assert.deepEqual(flags, expected);
});

Deno.test("every test that docs/security.md names is there", () => {
  const root = fileURLToPath(new URL("..", import.meta.url));
  const text = Deno.readTextFileSync(`${root}/docs/security.md`);
  const rows = [...text.matchAll(/^\|.*\| `(.+)` \|$/gm), ...text.matchAll(/: `([^`]{40,})`\./g)];
  assert.ok(rows.length >= 12, `${rows.length} tests`);
  const tests = [...readSourceFiles(root)].filter(([path]) => path.endsWith("_test.ts"))
    .map(([, source]) => source).join("\n");
  for (const [, name] of rows) assert.ok(tests.includes(name!), name);
});
