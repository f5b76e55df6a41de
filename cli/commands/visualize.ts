/** `visualize DIR`: draws how a trained network works. */
import type { Command } from "../command.ts";

const name = "visualize";
const summary = "Draw the weights, activity and plasticity of a trained network";

export const visualize: Command = {
  name,
  summary,
  async run(args) {
    // The models and backends are not needed to list the commands.
    const { runVisualize } = await import("../visualize/run_visualize.ts");
    return runVisualize(args, { name, summary });
  },
};
