/** Documents name nothing that is not there: links, files and folders of the repository, tasks. */
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import settings from "../deno.json" with { type: "json" };
import { readSourceFiles, sourceFolders } from "../tools/source_files.ts";
import { codeBlocks } from "./testing/code_blocks.ts";
import { pagesOfUsers } from "./testing/pages.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const sources = [...readSourceFiles(root).keys()];
const folders = [...sourceFolders, "docs"].join("|");

const matches = (text: string, pattern: RegExp): string[] =>
  [...text.matchAll(pattern)].map(([, first]) => first!);

/** Blocks between fences, and what stands between backticks. */
function codeOf(text: string): string {
  const blocks = codeBlocks(text).map((block) => block.text);
  const spans = matches(text.replaceAll(/^```[\s\S]*?^```$/gm, ""), /`([^`]+)`/g);
  return [...blocks, ...spans].join("\n");
}

/** What a document at `path` names and the repository does not have. */
function missingNames(path: string, text: string): string[] {
  const links = matches(text, /\]\(([^)#]+)[^)]*\)/g)
    .filter((link) => !/^\w+:/.test(link) && !existsSync(join(root, dirname(path), link)));
  const code = codeOf(text);
  const paths = matches(code, new RegExp(`(?<![\\w./-])((?:${folders})/[\\w./-]*)`, "g"))
    .map((name) => name.replace(/\.$/, ""))
    .filter((name) => !existsSync(join(root, name)));
  // A source file may be named without its folder where the sentence names that, or be shown by the page.
  const known = [...sources, ...codeBlocks(text).flatMap(({ file }) => file ?? [])];
  const files = matches(code, /(?<![\w./-])((?:\w+\/)*\w+\.ts)\b/g)
    .filter((name) => !known.some((file) => `/${file}`.endsWith(`/${name}`)));
  const tasks = matches(text, /\bdeno task ([a-z][\w:]*)/g)
    .filter((name) => !Object.hasOwn(settings.tasks, name));
  return [...new Set([...links, ...paths, ...files, ...tasks])];
}

Deno.test("what a document may name is told from what is not there", () => {
  const text = "[a](README.md) [b](https://example.org) [c](nowhere.md) `core/axes.ts` " +
    "`core/nowhere/` `runs/mine` `axes.ts` `nowhere.ts` `tests/goldens/*.safetensors` " +
    "deno task train, deno task nope\n```sh\ncat tools/nowhere.ts shown.ts\n```\n" +
    "```ts own/shown.ts\n```\n";
  const missing = ["nowhere.md", "tools/nowhere.ts", "core/nowhere/", "nowhere.ts", "nope"];
  assert.deepEqual(missingNames("CONTRIBUTING.md", text), missing);
});

const documents = ["CONTRIBUTING.md", "ARCHITECTURE.md", ...pagesOfUsers()];

for (const path of documents) {
  Deno.test(`${path} names only what there is`, () => {
    assert.deepEqual(missingNames(path, Deno.readTextFileSync(join(root, path))), []);
  });
}
