/** Trials of wrong command lines: refused with code 2 in one line, and nothing is written. */
import { join } from "node:path";
import { randomStream } from "../../core/random.ts";
import { writeSampleRun } from "../../report/visualization/testing/sample_run.ts";
import { changeOf, filesOf } from "./folder_files.ts";
import { errorsOf, outcomeProblem, runCommand } from "./run_command.ts";
import type { PrepareTrials } from "./trial.ts";
import { commandNames, type Option, optionsOf, wrongLine } from "./wrong_lines.ts";

export const prepareTrials: PrepareTrials = async ({ seed, root }) => {
  const folder = join(root, "run");
  writeSampleRun(folder, { levels: [1], checkpoint: true });
  const tables: Record<string, readonly Option[]> = {};
  for (const command of commandNames) {
    const { output } = await runCommand([command, "--help"]);
    tables[command] = optionsOf(command, output);
  }
  const before = filesOf(root);
  return async (number) => {
    const { words, mistake } = wrongLine(tables, randomStream({ seed, step: number }));
    const line = words.map((word) => word.replace("@", folder));
    const begin = performance.now();
    const outcome = await runCommand(line);
    const seconds = (performance.now() - begin) / 1000;
    const problem = outcomeProblem(outcome, seconds) ??
      (outcome.code === 2 ? undefined : `code ${outcome.code}: ${errorsOf(outcome)[0]}`) ??
      changeOf(before, filesOf(root));
    const shown = line.map((word) => JSON.stringify(word.slice(0, 60))).join(" ");
    return problem && `${mistake}: ${shown}: ${problem}`;
  };
};
