/** Program for tests of writers at once: trains runs that are made up, and notes each of them three times. */
import { join } from "node:path";
import { openIndexNotes } from "../index_notes.ts";
import { simulateRun, simulateStatus } from "./simulated_run.ts";

const [root, writer, count] = Deno.args as [string, string, string];
for (let index = 0; index < Number(count); index++) {
  const folder = join(root, `writer-${writer}-run-${index}`);
  const metrics = { "eval/accuracy": index };
  simulateRun(folder, { endReason: null, metrics });
  const notes = openIndexNotes(folder);
  notes.note();
  simulateStatus(folder, { endReason: null, metrics, iterations: 50 });
  notes.note();
  simulateStatus(folder, { endReason: "completed", metrics });
  notes.note();
}
