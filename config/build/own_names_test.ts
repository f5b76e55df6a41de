import assert from "node:assert/strict";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { inTemporaryFolder } from "../../store/files/testing/temporary_folder.ts";
import { importWithOwnNames, ownNames } from "./own_names.ts";

const settings = `{
  // Comments and commas at the end are allowed, "// here": they are not.
  "imports": {
    "lib": "./lib.ts", /* one */
    "parts/": "./parts/",
    "parts/inner/": "../inner/",
    "yaml": "npm:yaml@2.9.1",
    "url": "https://example.org//x.ts",
    "hebb": "./mine.ts", "zod": "npm:zod@3",
  },
}`;

Deno.test(
  "ownNames: those of the nearest deno.json hold, the longest name first",
  inTemporaryFolder((folder) => {
    Deno.mkdirSync(join(folder, "own/deep"), { recursive: true });
    Deno.writeTextFileSync(join(folder, "deno.json"), '{ "imports": { "lib": "./far.ts" } }');
    Deno.writeTextFileSync(join(folder, "own/deno.jsonc"), settings);
    const names = ownNames(join(folder, "own/deep/model.ts"))!;
    const at = (path: string) => pathToFileURL(join(folder, path)).href;
    const expected: Readonly<Record<string, string | undefined>> = {
      lib: at("own/lib.ts"),
      "parts/a.ts": at("own/parts/a.ts"),
      "parts/inner/b.ts": at("inner/b.ts"),
      yaml: "npm:yaml@2.9.1",
      "yaml/util": "npm:yaml@2.9.1/util",
      url: "https://example.org//x.ts",
      library: undefined,
      parts: undefined,
      "./lib": undefined,
      "npm:yaml": undefined,
      // These are the ones that run, whatever the file says.
      hebb: undefined,
      zod: undefined,
    };
    for (const [name, target] of Object.entries(expected)) assert.equal(names(name), target, name);
    assert.equal(ownNames(join(folder, "model.ts"))!("lib"), at("far.ts"));
  }),
);

Deno.test("ownNames: files of this project have the names of the program", () => {
  const here = fileURLToPath(import.meta.url);
  assert.equal(ownNames(here), undefined);
});

Deno.test(
  "ownNames: settings that are no JSON, or hold no texts, are named",
  inTemporaryFolder((folder) => {
    for (const text of ["{", '{ "imports": { "x": 1 } }', '{ "imports": "x" }']) {
      Deno.writeTextFileSync(join(folder, "deno.json"), text);
      assert.throws(() => ownNames(join(folder, "model.ts")), /^SyntaxError: .*deno\.json: /, text);
    }
    for (const text of ["null", "{}", '{ "imports": { "hebb": "./mod.ts" } }']) {
      Deno.writeTextFileSync(join(folder, "deno.json"), text);
      assert.equal(ownNames(join(folder, "model.ts")), undefined, text);
    }
  }),
);

Deno.test(
  "importWithOwnNames: names reach what the file imports by path or by name, and end after it",
  inTemporaryFolder(async (folder) => {
    const write = (name: string, text: string) => Deno.writeTextFileSync(join(folder, name), text);
    const names = { one: "./one.ts", two: "./two.ts", zod: "./nowhere.ts" };
    write("deno.json", JSON.stringify({ imports: names }));
    write("one.ts", 'export { two } from "two";');
    write("two.ts", "export const two: number = 2;");
    write(
      "model.ts",
      'import { two } from "one"; import { z } from "zod"; export default z.int().parse(two);',
    );
    write("later.ts", 'import "one";');
    const url = (name: string) => pathToFileURL(join(folder, name)).href;
    assert.equal((await importWithOwnNames(url("model.ts"))).default, 2);
    await assert.rejects(import(url("later.ts")), /not a dependency/);
  }),
);
