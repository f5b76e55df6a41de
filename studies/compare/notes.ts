/** What the numbers of the report are, in words. */
import { formatShare } from "../../report/format.ts";
import { wordsOf } from "../../report/metric_words.ts";
import { judgedOn } from "./judged_on.ts";
import type { JudgedRow } from "./results/judge_row.ts";

export function notesOn(rows: readonly JudgedRow[], criterion: number): string[] {
  const [{ result: { score, facts } }] = rows as readonly [JudgedRow];
  const words = wordsOf(score);
  const level = formatShare(criterion);
  const { end, along } = judgedOn(rows);
  const isShare = facts.score.kind === "share";
  return [
    `Score: ${words} on ${end} at the end of training${
      facts.score.summary === undefined ? "" : `. ${facts.score.summary}`
    }`,
    `Intervals are of 95%, over seeds: ${
      isShare
        ? "of a share, Wilson's for as many independent answers as the seeds vary like; of "
        : "of "
    }an amount, Student's t. They say where other seeds will lie, so that ten seeds that are all right leave room.`,
    ...isShare
      ? [
        "A seed that has diverged counts as a score of 0, and has no loss. It is trained no further; the others go on.",
      ]
      : [
        "A seed that has diverged has no score and no loss. It is trained no further; the others go on.",
      ],
    "Differences: equal seeds draw equal sequences in all rows, for training and for judging, so that seeds are pairs. " +
    "p is exact up to 16 pairs: the share of all arrangements of the signs of the differences whose mean is as far " +
    "from 0 (Fisher 1935; Pitman 1937). It takes no distribution for granted, since scores near their bound and seeds " +
    "that fail are far from normal. Of n pairs it is at least 2 / 2^n: five seeds tell nothing apart at 5%. " +
    "Corrected: for the number of rows (Holm 1979); told apart is below .05.",
    `Reached ${level}: seeds with that score on ${along} at some row of metrics; sequences and seconds are ` +
    "medians over all seeds, – where most never reach it. Seconds are those of a run with all seeds side by side, and " +
    "runs beside each other share the machine. Updates/s are of all seeds of a run together.",
    "‖W‖ and ‖ΔW‖: norms of the weights and of the last change before the learning rate, as a mean over layers and " +
    "seeds; high: highly plastic weights of fast layers, over all sequences of a batch; low: the others. Slow weights " +
    "count as low, and have no norm of changes.",
    "Ceiling: what a guesser reaches that sees only what the network is shown at a step (the symbol, with last_two " +
    "the previous one too) and has learned the most frequent answer from 10,000 sequences, on the sequences that the " +
    "seeds are judged on; where there is none, chance. Memory: yes, if the score is above it, seed by seed (Student's " +
    "t), or some seeds end at the criterion; a control has neither recurrence nor weights that are written inside a sequence, and has to stay at or below it.",
    `Good: nine of ten seeds or more end at ${level}; mixed: some do; partial: none does, but the score is above the ` +
    "ceiling, or none is known; no memory: it is not.",
    "Cosines: the gradient that dfa follows and the exact gradient of the mean loss of the same step, in one network " +
    "that runs and learns as in training, over 32 held-out sequences. dfa and backprop agree in the output layer by " +
    "their definition. Layers that the loss of a step does not depend on (i2h, self_grad) have no angle.",
  ];
}
