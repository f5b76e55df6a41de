/**
 * Every block of code in README.md and docs/ works. Of a page, in a folder with a copy of `examples/own`:
 *
 * | block | what a test does |
 * |---|---|
 * | any, with a file name behind the language | it is that file, for the other blocks |
 * | `sh` | its commands run in order, made short: `testing/page_commands.ts` |
 * | `ts` | those of a page are one module, which is type-checked and run |
 * | `ts no-run`, `sh no-run` | it is only checked; `onlyChecked` says why it is not run |
 * | `python` | its syntax is checked; it is run where the packages are that it imports |
 * | `json`, `toml`, `yaml` | it is parsed |
 * | no language | it is what a command prints |
 */
import assert from "node:assert/strict";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parse as parseToml } from "../deps/toml.ts";
import { parse as parseYaml } from "../deps/yaml.ts";
import { inTemporaryFolder } from "../store/files/testing/temporary_folder.ts";
import { codeBlocks, commandsOf } from "./testing/code_blocks.ts";
import { shortCommand } from "./testing/page_commands.ts";
import { importMap, makePageFolder, type PageFolder } from "./testing/page_folder.ts";
import { pagesOfUsers } from "./testing/pages.ts";
import { checkModules, hasPython, runPage } from "./testing/run_page.ts";

const root = fileURLToPath(new URL("..", import.meta.url));

/** Pages with blocks that are not run, and why. */
const onlyChecked: Readonly<Record<string, string>> = {};

/** Imports that a page leaves out, since it shows an idea before them. */
const implied: Readonly<Record<string, string>> = {
  "README.md":
    'import { add, column, concat, defineModel, matrix, matvec, mul, normal, oneHot } from "hebb"; ' +
    'import { outer, scalar, square, sub, tanh, trainRun, vector, z } from "hebb";',
};

const parsers: Readonly<Record<string, (text: string) => unknown>> = {
  json: JSON.parse,
  toml: parseToml,
  yaml: parseYaml,
};
/** Those without a test here are files for the other blocks; tests/browser opens the page of docs/gpu.md. */
const languages = ["", "sh", "ts", "python", "csv", "html", "js", ...Object.keys(parsers)];

const pages = pagesOfUsers()
  .map((page) => ({ page, blocks: codeBlocks(Deno.readTextFileSync(join(root, page))) }));

/** The path of a deno.json that says where Hebb is. */
function configIn(folder: string): string {
  const config = join(folder, "deno.json");
  Deno.writeTextFileSync(config, JSON.stringify({ imports: importMap }));
  return config;
}

const pageFolders = (folder: string): PageFolder[] =>
  pages.map(({ page, blocks }) =>
    makePageFolder({
      page,
      blocks,
      folder: join(folder, page.replaceAll(/\W/g, "_")),
      implied: implied[page],
    })
  );

Deno.test("code blocks: every block is of a kind that is tested, and data are parsed", () => {
  for (const { page, blocks } of pages) {
    for (const { language, line, text } of blocks) {
      assert.ok(languages.includes(language), `${page}:${line}: no test knows ${language}`);
      assert.doesNotThrow(() => parsers[language]?.(text), `${page}:${line}`);
    }
  }
});

Deno.test("code blocks: what is not run has a reason", () => {
  const checked = pages.filter(({ blocks }) => blocks.some((block) => block.isOnlyChecked));
  assert.deepEqual(checked.map(({ page }) => page), Object.keys(onlyChecked));
});

Deno.test("code blocks: commands are found and made short", () => {
  const text =
    "# a comment\nhebb train --set 'a.b=c d' \\\n  --iterations 500 --out runs/a # why\n" +
    "cd a && deno task experiments hybrid\n";
  const commands = commandsOf(text);
  assert.deepEqual(commands, [
    ["hebb", "train", "--set", "a.b=c d", "--iterations", "500", "--out", "runs/a"],
    ["cd", "a"],
    ["deno", "task", "experiments", "hybrid"],
  ]);
  const [train, cd, experiments] = commands.map(shortCommand);
  assert.deepEqual(train!.slice(0, 6), [
    "train",
    "--set",
    "a.b=c d",
    "--out",
    "runs/a",
    "--iterations=2",
  ]);
  assert.equal(cd, undefined);
  assert.deepEqual(experiments, ["experiments", "hybrid", "--list"]);
  assert.throws(() => shortCommand(["make", "all"]), /what is make all/);
});

Deno.test(
  "code blocks: a block that fails is told by its page and line",
  inTemporaryFolder(async (folder) => {
    const fails = async (text: string, says: RegExp) => {
      const own = join(folder, "page");
      const made = makePageFolder({ page: "docs/a.md", blocks: codeBlocks(text), folder: own });
      await assert.rejects(runPage(made, configIn(folder)), says);
      Deno.removeSync(own, { recursive: true });
    };
    await fails("# A\n```ts\nlet a = 1;\nthrow new Error(`${a}`);\n```\n", /docs\/a\.md[^]*:4:7/);
    await fails("```sh\nhebb train --modle rnn\n```\n", /docs\/a\.md[^]*--modle/);
    if (hasPython()) await fails("```python\nprint(\n```\n", /docs\/a\.md[^]*SyntaxError/);
  }),
);

Deno.test(
  "code blocks: the scripts of all pages are type-checked",
  inTemporaryFolder(async (folder) => {
    const config = configIn(folder);
    const modules = pageFolders(folder)
      .flatMap(({ modules, shown }) => [...modules ? [modules.checked] : [], ...shown]);
    assert.ok(modules.length > 5);
    await checkModules(modules, config);
  }),
);

Deno.test(
  "code blocks: what the pages show runs",
  inTemporaryFolder(async (folder) => {
    const config = configIn(folder);
    const waiting = pageFolders(folder);
    const problems: unknown[] = [];
    const work = async () => {
      for (let next = waiting.shift(); next; next = waiting.shift()) {
        await runPage(next, config).catch((problem) => problems.push(problem));
      }
    };
    await Promise.all(Array.from({ length: Math.min(navigator.hardwareConcurrency, 4) }, work));
    assert.deepEqual(problems, []);
  }),
);

Deno.test({
  name: "code blocks: Python is there to check that of the pages",
  ignore: !hasPython(),
  fn() {
    assert.ok(pages.some(({ blocks }) => blocks.some(({ language }) => language === "python")));
  },
});
