/** A thread of `run_trials.ts`. */
import type { PrepareTrials, TrialReport, TrialsRequest } from "./trial.ts";

self.onmessage = async ({ data }: MessageEvent<TrialsRequest>) => {
  const { module, names, seed, root, count, first, every } = data;
  const { prepareTrials } = await import(module) as { prepareTrials: PrepareTrials };
  for (const name of names) {
    const trial = await prepareTrials({ name, seed, root });
    for (let number = first; number < count; number += every) {
      report({ name, number });
      report({ name, number, problem: await problemOf(trial, number) });
    }
  }
  report(null);
};

const report = (message: TrialReport | null) =>
  (self as unknown as { postMessage(message: unknown): void }).postMessage(message);

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
