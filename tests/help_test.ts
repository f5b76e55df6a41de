/** Help names nothing that is not there: tasks of deno.json, commands, files of the repository. */
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { mock } from "node:test";
import settings from "../deno.json" with { type: "json" };
import { actions } from "../cli/commands/runs.ts";
import { commands, main } from "../cli/main.ts";
import { setAssignment } from "../config/config_file.ts";
import { resolveConfig } from "../config/resolve_config.ts";
import { models } from "../models/mod.ts";
import { main as parity } from "../tools/parity/parity.ts";

const helpOf = (run: (args: readonly string[]) => Promise<number>, ...words: string[]) =>
  printed(run, [...words, "--help"]);

async function printed(run: (args: readonly string[]) => Promise<number>, words: string[]) {
  const log = mock.method(console, "log", () => {});
  try {
    assert.equal(await run(words), 0);
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
  const files = namesIn(help, /(?<![\w/.])((?:[a-z_]+\/)+[\w.-]+\.[a-z]+)\b/g)
    .filter((path) => !existsSync(fileURLToPath(new URL(path, root))));
  return [...tasks, ...named, ...files];
}

Deno.test("what help may name is told from what is not there", () => {
  const help =
    "deno task nope, deno task test, hebb walks ls, hebb train, `evaluate DIR`, `walks ls`, " +
    "check gradients examples/oja.ts, examples/simplest.ts, DIR/report.html, runs/default/TIME";
  assert.deepEqual(problemsOf(help), ["nope", "walks", "walks", "examples/oja.ts"]);
});

/** Command lines that print a help, and the name of the command. */
const helped: [name: string, line: string][] = [
  ...Object.keys(commands),
  ...Object.keys(actions).map((action) => `runs ${action}`),
].map((name) => [name, `${name} --help`]);
helped.push(["train", "train --help-all"]);

for (const [name, line] of helped) {
  Deno.test(`${line} names only what there is`, async () => {
    const help = await printed(main, line.split(" "));
    assert.match(help, new RegExp(`^Usage: deno task ${name} `, "m"));
    assert.deepEqual(problemsOf(help), []);
  });

  Deno.test(`examples in ${line} use flags that it lists`, async () => {
    const help = await printed(main, line.split(" "));
    const examples = help.match(new RegExp(`^  deno task ${name}\\b.*$`, "gm")) ?? [];
    assert.ok(examples.length > 0, "no example");
    const listed = new Set(help.match(/^ +(?:-h, )?--[\w-]+/gm)?.map((flag) => flag.trim()));
    // What follows -- belongs to another command.
    const flags = examples.flatMap((example) => example.split(" -- ")[0]!.match(/--[\w-]+/g) ?? []);
    assert.deepEqual(flags.filter((flag) => !listed.has(flag)), []);
  });
}

/** The flags that a page of help lists. */
const flagsOf = (help: string): string[] =>
  (help.match(/^ +(?:-h, )?--[\w-]+/gm) ?? []).map((line) => line.trim());

for (const model of Object.keys(models)) {
  Deno.test(`help of model ${model} is short, and all of it is in the help of all options`, async () => {
    const help = await printed(main, ["train", "--model", model, "--help"]);
    const lines = help.split("\n");
    // The task of the attractor has 19 settings of its own.
    assert.ok(lines.length <= (model === "attractor" ? 50 : 42), `${lines.length} lines`);
    assert.match(help, new RegExp(`^Usage: deno task train --task \\w+ --model ${model} `));
    assert.match(help, new RegExp(`^Model ${model}: `, "m"));
    assert.deepEqual(problemsOf(help), []);
    const all = flagsOf(await printed(main, ["train", "--help-all"]));
    assert.deepEqual(flagsOf(help).filter((flag) => !all.includes(flag)), []);
  });
}

Deno.test("help of a model has its settings and those of its optimizer and schedule, no others", async () => {
  const helpWith = async (...words: string[]) =>
    flagsOf(await printed(main, ["train", ...words, "--help"]));
  const hybrid = await helpWith("--model=hybrid");
  for (const flag of ["--network-type", "--scene-time", "--average-share", "--betas"]) {
    assert.ok(hybrid.includes(flag), flag);
  }
  for (const flag of ["--plast-clip", "--neurons", "--virtual-sequences", "--momentum", "--seed"]) {
    assert.ok(!hybrid.includes(flag), flag);
  }
  const other = await helpWith("--model=hybrid", "--optimizer=rmsprop", "--schedule", "one_cycle");
  for (const flag of ["--momentum", "--centered", "--pct-start"]) {
    assert.ok(other.includes(flag), flag);
  }
  assert.ok(!other.includes("--betas") && !other.includes("--step-size"));
});

Deno.test("help of a model has the defaults of the preset that it is trained with", async () => {
  const help = await printed(main, ["train", "--preset", "published", "--help"]);
  assert.match(help, /^ +--plast-clip NUMBER .*\[0\.005\]$/m);
  const { config } = resolveConfig([setAssignment("model.name=hybrid")]);
  const hybrid = await printed(main, ["train", "--model", "hybrid", "--help"]);
  const rate = /^ +--learning-rate NUMBER .*\[(.*)\]$/m.exec(hybrid)?.[1];
  assert.equal(rate, String(config.updater["learning_rate"]));
});

Deno.test("the first page of help is short", async () => {
  const help = await helpOf(main, "train");
  assert.ok(help.split("\n").length <= 50, help);
  assert.deepEqual(flagsOf(help).length < 20, true);
});

Deno.test("the list of commands and the help of parity name only what there is", async () => {
  const list = await helpOf(main);
  for (const name of Object.keys(commands)) assert.match(list, new RegExp(`^  ${name} `, "m"));
  assert.deepEqual(problemsOf(list.replaceAll("deno task COMMAND", "")), []);
  assert.deepEqual(problemsOf(await helpOf(parity)), []);
});
