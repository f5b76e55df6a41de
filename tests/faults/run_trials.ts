/** Runs many trials in threads, and gives up a thread whose trial does not end. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { mostSeconds } from "./run_command.ts";
import type { TrialReport, TrialsRequest } from "./trial.ts";

/** More than a trial takes, or the preparation of the first one, on a machine with much else to do. */
const patience = 1000 * (6 * mostSeconds);

/**
 * Runs the trials of all names on some threads: each, or every `step`-th.
 *
 * @throws AssertionError that names every trial that went wrong; `HEBB_TRIAL="NAME NUMBER"` does one again.
 */
export async function runTrials(
  request: Omit<TrialsRequest, "first" | "every">,
  { threads = 2, step = 1 }: { threads?: number; step?: number } = {},
): Promise<void> {
  const problems: string[] = [];
  const one = /^(.*) (\d+)$/.exec(Deno.env.get("HEBB_TRIAL") ?? "");
  const parts = Array.from({ length: one ? 1 : threads }, (_, index): TrialsRequest => {
    const root = join(request.root, `thread-${index}`);
    Deno.mkdirSync(root);
    if (!one) return { ...request, root, first: index * step, every: threads * step };
    const number = Number(one[2]);
    return { ...request, root, names: [one[1]!], count: number + 1, first: number, every: 1 };
  });
  await Promise.all(parts.map(async (part) => problems.push(...await runThread(part))));
  assert.equal(problems.length, 0, problems.join("\n"));
}

function runThread(request: TrialsRequest): Promise<string[]> {
  const url = new URL("./trials_worker.ts", import.meta.url);
  const worker = new Worker(url, { type: "module" });
  const problems: string[] = [];
  const describe = ({ name, number }: TrialReport, problem: string) =>
    problems.push(`${name} ${number} (seed ${request.seed}): ${problem}`);
  let last: TrialReport | undefined;
  return new Promise((resolve) => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const end = () => {
      clearTimeout(timer);
      worker.terminate();
      resolve(problems);
    };
    const wait = () => {
      clearTimeout(timer);
      timer = setTimeout(() => {
        describe(last ?? { name: "preparation", number: request.first }, "did not end");
        end();
      }, patience);
    };
    worker.onmessage = ({ data }: MessageEvent<TrialReport | null>) => {
      if (data === null) return end();
      wait();
      last = data;
      if (data.problem !== undefined) describe(data, data.problem);
    };
    worker.onerror = (event) => {
      event.preventDefault();
      describe(last ?? { name: "preparation", number: request.first }, event.message);
      end();
    };
    wait();
    worker.postMessage(request);
  });
}
