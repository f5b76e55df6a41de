/** `train`: learns a task, from a config to a run folder with a report. */
import type { Command } from "../command.ts";

const name = "train";
const summary = "Train a network; without options: key recall with fast weights";

export const train: Command = {
  name,
  summary,
  async run(args) {
    // The models and backends are not needed to list the commands.
    const { runTrain } = await import("../train/run_train.ts");
    return runTrain(args, { name, summary });
  },
};
