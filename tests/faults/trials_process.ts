/** A process of `run_trials.ts`: does the trials of the request it is given, and tells of them in lines of JSON. */
import type { PrepareTrials, TrialReport, TrialsRequest } from "./trial.ts";

const request: TrialsRequest = JSON.parse(Deno.args[0]!);
const { module, names, seed, root, count, first, every } = request;
const { prepareTrials } = await import(module) as { prepareTrials: PrepareTrials };

for (const name of names) {
  const trial = await prepareTrials({ name, seed, root });
  for (let number = first; number < count; number += every) {
    report({ name, number });
    report({ name, number, problem: await problemOf(trial, number) });
  }
}
// A trial may leave something open that would keep the process.
Deno.exit(0);

function report(message: TrialReport): void {
  Deno.stdout.writeSync(new TextEncoder().encode(`${JSON.stringify(message)}\n`));
}

async function problemOf(
  trial: (number: number) => Promise<string | undefined>,
  number: number,
): Promise<string | undefined> {
  try {
    return await trial(number);
  } catch (error) {
    return `threw ${(error as Error).stack}`;
  }
}
