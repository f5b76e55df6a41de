/** Program for a test: answers a page for an hour of updates, and prints the bytes of its heap every five minutes. */
import { createAnswers } from "../answer.ts";
import { beginRuns } from "./training_runs.ts";

const [root] = Deno.args as [string];
const { gc } = globalThis as unknown as { gc: () => void };
let now = Date.parse("2030-04-01");
const runs = beginRuns(root, 2);
const answers = createAnswers(root, { clock: () => now });

async function ask(path: string): Promise<Record<string, unknown>> {
  const headers = { host: "127.0.0.1" };
  const response = await answers.answer(new Request(`http://127.0.0.1${path}`, { headers }));
  return await response.json();
}

const heap: number[] = [];
let version: unknown = 0;
for (let update = 1; update <= 1800; update++) {
  now += 2000;
  runs.advance(now);
  ({ version } = await ask(`/runs?since=${version}`));
  for (const name of runs.names) await ask(`/curves?run=${name}&metric=loss`);
  if (update % 150 !== 0) continue;
  gc();
  heap.push(Deno.memoryUsage().heapUsed);
}
console.log(JSON.stringify(heap));
answers.close();
runs.end();
