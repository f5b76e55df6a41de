/** `evaluate DIR`: judges the networks of a run on sequences never trained on. */
import type { Command } from "../command.ts";

const name = "evaluate";
const summary = "Judge the networks of a run on held-out sequences";

export const evaluate: Command = {
  name,
  summary,
  async run(args) {
    // The models and backends are not needed to list the commands.
    const { runEvaluate } = await import("../evaluate/run_evaluate.ts");
    return runEvaluate(args, { name, summary });
  },
};
