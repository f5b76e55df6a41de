/** `deno task layers`: fails if the source breaks a rule of the floors. */
import { fileURLToPath } from "node:url";
import { checkLayers, LENGTH_LIMIT, LENGTH_NOTE } from "./layer_rules.ts";
import { readSourceFiles } from "./source_files.ts";

const files = readSourceFiles(fileURLToPath(new URL("..", import.meta.url)));
const { problems, long } = checkLayers(files);
if (long.length > 0) {
  console.log(`over ${LENGTH_NOTE} lines (limit ${LENGTH_LIMIT}):`);
  for (const [path, lines] of long) console.log(`  ${String(lines).padStart(4)}  ${path}`);
}
for (const problem of problems) console.error(`error: ${problem}`);
console.log(`layers: ${files.size} files, ${problems.length} problems`);
if (problems.length > 0) Deno.exit(1);
