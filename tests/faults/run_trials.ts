/**
 * Runs many trials in processes, and kills a process whose trial does not end. Threads would do as well,
 * were it not for Deno: what a thread of a thread says first is heard half a second late.
 */
import assert from "node:assert/strict";
import { join } from "node:path";
import { denoCommand } from "../testing/run_hebb.ts";
import { mostSeconds } from "./run_command.ts";
import type { TrialReport, TrialsRequest } from "./trial.ts";

/** More than a trial takes, or the preparation of the first one, on a machine with much else to do. */
const patience = 1000 * (6 * mostSeconds);

/**
 * Runs the trials of all names in some processes: each, or every `step`-th.
 *
 * @throws AssertionError that names every trial that went wrong; `HEBB_TRIAL="NAME NUMBER"` does one again.
 */
export async function runTrials(
  request: Omit<TrialsRequest, "first" | "every">,
  { processes = 2, step = 1 }: { processes?: number; step?: number } = {},
): Promise<void> {
  const problems: string[] = [];
  const one = /^(.*) (\d+)$/.exec(Deno.env.get("HEBB_TRIAL") ?? "");
  const parts = Array.from({ length: one ? 1 : processes }, (_, index): TrialsRequest => {
    const root = join(request.root, `process-${index}`);
    Deno.mkdirSync(root);
    if (!one) return { ...request, root, first: index * step, every: processes * step };
    const number = Number(one[2]);
    return { ...request, root, names: [one[1]!], count: number + 1, first: number, every: 1 };
  });
  await Promise.all(parts.map(async (part) => problems.push(...await runProcess(part))));
  assert.equal(problems.length, 0, problems.join("\n"));
}

/** @returns what went wrong. */
async function runProcess(request: TrialsRequest): Promise<string[]> {
  const child = spawnTrials(request);
  const kill = () => child.kill("SIGKILL");
  const problems: string[] = [];
  let last: TrialReport = { name: "preparation", number: request.first };
  const describe = (problem: string) =>
    problems.push(`${last.name} ${last.number} (seed ${request.seed}): ${problem}`);
  let timer = setTimeout(kill, patience);
  for await (const line of linesOf(child.stdout)) {
    clearTimeout(timer);
    timer = setTimeout(kill, patience);
    last = JSON.parse(line);
    if (last.problem !== undefined) describe(last.problem);
  }
  clearTimeout(timer);
  const { code, signal } = await child.status;
  if (signal === "SIGKILL") describe("did not end, or took all memory");
  else if (code !== 0) describe(`ended the process with code ${code}`);
  return problems;
}

/** All permissions: links and sockets are not made with less. */
const spawnTrials = (request: TrialsRequest): Deno.ChildProcess =>
  new Deno.Command(denoCommand(), {
    args: [
      "run",
      "--no-lock",
      "--allow-all",
      new URL("./trials_process.ts", import.meta.url).href,
      JSON.stringify(request),
    ],
    cwd: request.root,
    env: { NO_COLOR: "1" },
    stdin: "null",
    stdout: "piped",
  }).spawn();

async function* linesOf(stream: ReadableStream<Uint8Array<ArrayBuffer>>): AsyncGenerator<string> {
  let begun = "";
  for await (const text of stream.pipeThrough(new TextDecoderStream())) {
    const lines = (begun + text).split("\n");
    begun = lines.pop()!;
    yield* lines;
  }
}
