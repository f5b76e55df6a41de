import assert from "node:assert/strict";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { inTemporaryFolder } from "../../store/files/testing/temporary_folder.ts";
import { importEntry } from "./import_entry.ts";

const head = `import { models, tasks } from ${
  JSON.stringify(new URL("../../mod.ts", import.meta.url).href)
};\n`;

/** What a file exports, and the name of the model that is taken from it, or why none is. */
const files: readonly (readonly [exports: string, model: string | RegExp])[] = [
  ["export default models.rnn;", "rnn"],
  ["export const mine = models.rnn;", "rnn"],
  ["export const x = 1; export default models.rnn; export const other = models.ethereal;", "rnn"],
  ["export default 3; export const mine = models.rnn;", "rnn"],
  ["export default models.rnn; export const again = models.rnn;", "rnn"],
  ["export const again = models.rnn; export const mine = models.rnn;", "rnn"],
  ["export const task = tasks.attractor; export const mine = models.rnn;", "rnn"],
  ["export default tasks.attractor; export const mine = models.rnn;", "rnn"],
  ["export const a = models.rnn; export const b = models.ethereal;", /exports several models/],
  ["export default tasks.attractor;", /it exports no model, expected what defineModel returns/],
  ["export default models;", /it exports no model/],
  ["", /it exports no model/],
];

Deno.test(
  "importEntry: the default export, or else the only one of the kind",
  inTemporaryFolder(async (folder) => {
    for (const [index, [exports, expected]] of files.entries()) {
      const path = join(folder, `file ${index} ñ.ts`);
      Deno.writeTextFileSync(path, head + exports);
      const entry = importEntry("model", pathToFileURL(path).href);
      if (typeof expected === "string") assert.equal((await entry).name, expected, exports);
      else await assert.rejects(entry, expected, exports);
    }
  }),
);

Deno.test(
  "importEntry: one file may hold entries of several kinds, and is run once",
  inTemporaryFolder(async (folder) => {
    const path = join(folder, "both.ts");
    Deno.writeTextFileSync(
      path,
      `${head}globalThis.timesRun = (globalThis.timesRun ?? 0) + 1;
export const task = tasks.attractor; export const model = models.rnn;`,
    );
    const url = pathToFileURL(path).href;
    const [task, model] = await Promise.all([importEntry("task", url), importEntry("model", url)]);
    assert.deepEqual([task.name, model.name], ["attractor", "rnn"]);
    assert.equal((globalThis as { timesRun?: number }).timesRun, 1);
  }),
);
