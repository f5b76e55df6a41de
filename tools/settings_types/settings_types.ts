/**
 * Writes the types of the settings of every model, updater and task from their schemas:
 * `models/settings.ts`, `updaters/settings.ts` and `tasks/settings.ts`. A test compares the files with what
 * this writes.
 *
 *   deno task settings
 */
import { fileURLToPath } from "node:url";
import { settingsFiles } from "./settings_files.ts";

const root = new URL("../../", import.meta.url);
for (const [path, text] of settingsFiles()) {
  Deno.writeTextFileSync(fileURLToPath(new URL(path, root)), text);
  console.log(`wrote ${path}`);
}
