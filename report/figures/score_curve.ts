/** The score of the task over training, with the score of a guesser without memory. */
import { capitalised, factsOf, scoreOf, withUnit, wordsOf } from "../metric_words.ts";
import type { RunFiles } from "../run_files.ts";
import { guessingLevels } from "./metric_groups.ts";
import type { CurvePanel } from "./panel.ts";
import { splitLines } from "./split_lines.ts";

export function scorePanel(files: RunFiles): CurvePanel {
  const score = scoreOf(files);
  const facts = factsOf(files, score);
  const { chance } = files.figures.bounds;
  return {
    id: "score",
    title: capitalised(wordsOf(score)),
    caption: facts.summary ?? "",
    // The loss has a figure of its own.
    lines: score === "loss" ? [] : splitLines(files, score),
    options: {
      yTitle: withUnit(wordsOf(score), facts),
      facts,
      levels: [
        ...chance === undefined || facts.kind !== "share"
          ? []
          : [{ label: "chance", value: chance }],
        ...guessingLevels(files, score),
      ],
    },
  };
}
