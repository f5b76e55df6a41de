/** Loss over training, with the best possible loss of the task. */
import { factsOf, withUnit } from "../metric_words.ts";
import type { RunFiles } from "../run_files.ts";
import { guessingLevels } from "./metric_groups.ts";
import { explodedNetworks } from "./exploded.ts";
import type { CurvePanel } from "./panel.ts";
import { splitLines } from "./split_lines.ts";

export function lossPanel(files: RunFiles): CurvePanel {
  const facts = factsOf(files, "loss");
  const highest = highestShown(files);
  const best = files.figures.bounds.best_loss;
  return {
    id: "loss",
    title: "Loss",
    caption: [facts.summary ?? "", ...highest === undefined ? [] : [beyondNote]].join(" ").trim(),
    lines: splitLines(files, "loss"),
    options: {
      yTitle: withUnit("loss", facts),
      facts,
      levels: [
        ...best === undefined ? [] : [{ label: "best possible", value: best }],
        ...guessingLevels(files, "loss"),
      ],
      ...highest === undefined ? {} : { highest },
    },
  };
}

const beyondNote = "The axis leaves out exploded networks.";

/** The end of the axis where networks have exploded: with their losses, all others would lie on one line. */
function highestShown(files: RunFiles): number | undefined {
  const { loss, values = [] } = explodedNetworks(files) ?? {};
  return loss !== undefined && values.includes(1) ? 2 * loss : undefined;
}
