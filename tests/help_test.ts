/** Help names nothing that is not there: tasks of deno.json, commands, files of the repository. */
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { mock } from "node:test";
import settings from "../deno.json" with { type: "json" };
import { actions } from "../cli/commands/runs.ts";
import { commands, main } from "../cli/main.ts";
import { main as parity } from "../tools/parity/parity.ts";

async function helpOf(run: (args: readonly string[]) => Promise<number>, ...words: string[]) {
  const log = mock.method(console, "log", () => {});
  try {
    assert.equal(await run([...words, "--help"]), 0);
    return log.mock.calls.map((call) => (call.arguments as unknown[]).join(" ")).join("\n");
  } finally {
    log.mock.restore();
  }
}

/** The first group of each match of a pattern, also where a line was wrapped. */
const namesIn = (help: string, pattern: RegExp): string[] =>
  [...help.replaceAll(/\s+/g, " ").matchAll(pattern)].map(([, name]) => name!);

const root = new URL("../", import.meta.url);

function problemsOf(help: string): string[] {
  const tasks = namesIn(help, /\bdeno task ([\w:]+)/g)
    .filter((name) => !Object.hasOwn(settings.tasks, name));
  // \`evaluate DIR\` stands for a command line too.
  const named = [
    ...namesIn(help, /\bhebb ([a-z]+)/g),
    ...namesIn(help, /`([a-z]+) [^`]*`/g),
  ].filter((name) => !Object.hasOwn(commands, name) && name !== "parity");
  const files = namesIn(help, /(?<![\w/])((?:[a-z_]+\/)+[\w.-]+\.[a-z]+)\b/g)
    .filter((path) => !existsSync(fileURLToPath(new URL(path, root))));
  return [...tasks, ...named, ...files];
}

Deno.test("what help may name is told from what is not there", () => {
  const help =
    "deno task nope, deno task test, hebb walks ls, hebb train, `evaluate DIR`, `walks ls`, " +
    "check gradients examples/oja.ts, examples/simplest.ts, DIR/report.html, runs/default/TIME";
  assert.deepEqual(problemsOf(help), ["nope", "walks", "walks", "examples/oja.ts"]);
});

/** Command lines with a help of their own. */
const helped = [
  ...Object.keys(commands),
  ...Object.keys(actions).map((action) => `runs ${action}`),
];

for (const name of helped) {
  Deno.test(`help of ${name} names only what there is`, async () => {
    const help = await helpOf(main, ...name.split(" "));
    assert.match(help, new RegExp(`^Usage: deno task ${name} `, "m"));
    assert.deepEqual(problemsOf(help), []);
  });

  Deno.test(`examples in the help of ${name} use flags that the help lists`, async () => {
    const help = await helpOf(main, ...name.split(" "));
    const examples = help.match(new RegExp(`^  deno task ${name}\\b.*$`, "gm")) ?? [];
    assert.ok(examples.length > 0, "no example");
    const listed = new Set(help.match(/^ +(?:-h, )?--[\w-]+/gm)?.map((flag) => flag.trim()));
    // What follows -- belongs to another command.
    const flags = examples.flatMap((example) => example.split(" -- ")[0]!.match(/--[\w-]+/g) ?? []);
    assert.deepEqual(flags.filter((flag) => !listed.has(flag)), []);
  });
}

Deno.test("the list of commands and the help of parity name only what there is", async () => {
  const list = await helpOf(main);
  for (const name of Object.keys(commands)) assert.match(list, new RegExp(`^  ${name} `, "m"));
  assert.deepEqual(problemsOf(list.replaceAll("deno task COMMAND", "")), []);
  assert.deepEqual(problemsOf(await helpOf(parity)), []);
});
