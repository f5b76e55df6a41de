import assert from "node:assert/strict";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { inTemporaryFolder } from "../../store/files/testing/temporary_folder.ts";
import { UsageError } from "../usage_error.ts";
import { hashCode } from "./hash_code.ts";

const door = new URL("../../mod.ts", import.meta.url).href;

/** Apart from its path, since what checks imports of this project reads these texts too. */
const here = ".";

/** A file that reaches others in every way there is. */
const files: Readonly<Record<string, string>> = {
  "entry.ts": `import { a } from "${here}/parts/static.ts";
import '${here}/parts/bare.js';
export * from "${here}/parts/again.ts";
import data from "${here}/parts/data.json" with { type: "json" };
import text from "${here}/parts/text.txt" with { type: "text" };
import { named } from "parts/named.ts";
import { defineModel } from "${door}";
import { parse } from "yaml";
const table = Deno.readTextFileSync(new URL("parts/table.csv", import.meta.url));
const late = await import("${here}/parts/late.ts");
`,
  "deno.json": '{ "imports": { "parts/": "./parts/", "yaml": "npm:yaml@2.9.1" } }',
  "parts/static.ts": `import ".${here}/entry.ts"; import "${here}/deep.ts";`,
  "parts/deep.ts": "",
  "parts/bare.js": "",
  "parts/again.ts": "",
  "parts/data.json": "{}",
  "parts/text.txt": "",
  "parts/table.csv": "",
  "parts/named.ts": "",
  "parts/late.ts": `import "${here}/not_there.ts";`,
  "parts/unused.ts": "",
};

function write(folder: string): void {
  Deno.mkdirSync(join(folder, "parts"), { recursive: true });
  for (const [name, text] of Object.entries(files)) {
    Deno.writeTextFileSync(join(folder, name), text);
  }
}

Deno.test(
  "hashCode: a change of any file that is reached counts, and of no other",
  inTemporaryFolder(async (folder) => {
    write(folder);
    const entry = join(folder, "entry.ts");
    const hash = await hashCode(entry);
    assert.match(hash, /^[0-9a-f]{64}$/);
    for (const [name, text] of Object.entries(files)) {
      const path = join(folder, name);
      const changed = name.endsWith(".json") ? text.replace("{", "{ ") : `${text} `;
      Deno.writeTextFileSync(path, changed);
      const isReached = name !== "parts/unused.ts" && name !== "deno.json";
      assert.equal(await hashCode(entry) !== hash, isReached, name);
      Deno.writeTextFileSync(path, text);
    }
    assert.equal(await hashCode(entry), hash);
    const settings = files["deno.json"]!;
    Deno.writeTextFileSync(join(folder, "deno.json"), settings.replace("2.9.1", "2.9.0"));
    assert.notEqual(await hashCode(entry), hash, "another version of a package");
  }),
);

Deno.test(
  "hashCode: code that is moved as a whole is the same code, and is not what it imports",
  inTemporaryFolder(async (folder) => {
    write(join(folder, "here"));
    write(join(folder, "there"));
    const [here, there] = ["here", "there"].map((name) => join(folder, name, "entry.ts"));
    const hash = await hashCode(here!);
    assert.equal(await hashCode(there!), hash);
    // They import each other, so both reach the same files.
    assert.notEqual(await hashCode(join(folder, "here/parts/static.ts")), hash);
    const link = join(folder, "link.ts");
    Deno.writeTextFileSync(link, `import ${JSON.stringify(pathToFileURL(here!).href)};`);
    const linked = await hashCode(link);
    Deno.writeTextFileSync(join(folder, "here/parts/deep.ts"), "// changed");
    assert.notEqual(await hashCode(link), linked);
  }),
);

Deno.test(
  "hashCode: a file that is not there, or settings beside it that are no JSON, are refused",
  inTemporaryFolder(async (folder) => {
    const path = join(folder, "entry.ts");
    const refused = (says: RegExp) =>
      assert.rejects(hashCode(path), (error: Error) => {
        assert.ok(error instanceof UsageError);
        assert.match(error.message, says);
        return true;
      });
    await refused(/entry\.ts: there is no such file/);
    Deno.writeTextFileSync(path, "");
    Deno.writeTextFileSync(join(folder, "deno.json"), "{ imports }");
    await refused(/entry\.ts: .*deno\.json: /);
  }),
);
