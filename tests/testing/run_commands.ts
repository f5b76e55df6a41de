/** Runs command lines of documents one after another, given as JSON, until one fails. */
import { main } from "../../cli/main.ts";
import { withErrorLine } from "../../cli/error_boundary.ts";
import { explain } from "../../tools/explain/explain.ts";

for (const [name, ...args] of JSON.parse(Deno.args[0]!) as string[][]) {
  const code = name === "explain"
    ? await withErrorLine(() => explain(args))
    : await main([name!, ...args]);
  if (code === 0) continue;
  console.error(`exit code ${code}: ${[name, ...args].join(" ")}`);
  Deno.exit(1);
}
Deno.exit(0);
