/** Loss over training, with the best possible loss of the task. */
import { factsOf, withUnit } from "../metric_words.ts";
import type { RunFiles } from "../run_files.ts";
import { guessingLevels } from "./metric_groups.ts";
import type { CurvePanel } from "./panel.ts";
import { splitLines } from "./split_lines.ts";

export function lossPanel(files: RunFiles): CurvePanel {
  const facts = factsOf(files, "loss");
  const best = files.figures.bounds.best_loss;
  return {
    id: "loss",
    title: "Loss",
    caption: facts.summary ?? "",
    lines: splitLines(files, "loss"),
    options: {
      yTitle: withUnit("loss", facts),
      facts,
      levels: [
        ...best === undefined ? [] : [{ label: "best possible", value: best }],
        ...guessingLevels(files, "loss"),
      ],
    },
  };
}
