/** The outcome of a run in a few sentences. */
import { formatCount, formatNumber, formatSeconds, formatShare } from "../format.ts";
import type { RunFiles } from "../run_files.ts";
import { finiteMean } from "./curve.ts";
import { divergenceSentence } from "./divergence_sentence.ts";
import { lastMetrics } from "./last_metrics.ts";
import { scoreOf } from "./score_curve.ts";

/** Splits, the most telling first; the first one that the run logged opens the verdict. */
const splits = [
  { split: "test", where: "on fresh sequences" },
  { split: "eval", where: "on held-out sequences" },
  { split: "train", where: "on training sequences" },
] as const;

/** Metrics that may open the verdict; the score of the task comes first. */
const measuresOf = (files: RunFiles) =>
  [...new Set([scoreOf(files), "accuracy"])].flatMap((score) =>
    splits.map(({ split, where }) => ({
      key: `${split}/${score}`,
      name: score === "recall_accuracy" ? "Recall" : "Accuracy",
      isScore: score === scoreOf(files),
      where,
    }))
  );

/** Plain text, such as "Recall 0.99 on held-out sequences; chance 0.17. Loss ...". */
export function verdict(files: RunFiles): string {
  return [
    levelSentence(files),
    accuracySentence(files),
    lossSentence(files),
    divergenceSentence(files),
    effortSentence(files),
  ].filter((sentence) => sentence !== "").join(" ");
}

function levelSentence(files: RunFiles): string {
  const passed = lastMetrics(files).get("curriculum/passed")?.filter(Number.isFinite) ?? [];
  if (passed.length === 0) return "";
  const [low, high] = [Math.min(...passed), Math.max(...passed)];
  return `Level ${low === high ? high : `${low} to ${high}`} passed.`;
}

function accuracySentence(files: RunFiles): string {
  const last = lastMetrics(files);
  const measure = measuresOf(files).find(({ key }) => last.has(key));
  if (measure === undefined) return "";
  const values = last.get(measure.key) ?? [];
  const mean = finiteMean(values);
  const finite = values.filter(Number.isFinite);
  if (finite.length === 0) return `${measure.name} ${measure.where} is not finite.`;
  let text = `${measure.name} ${formatShare(mean)} ${measure.where}`;
  if (values.length > 1) {
    text += `, mean of ${finite.length} replicas (${formatShare(Math.min(...finite))} to ${
      formatShare(Math.max(...finite))
    })`;
  }
  const { chance } = files.figures.bounds;
  if (chance !== undefined && measure.isScore) {
    text += `; chance ${formatShare(chance)}`;
  }
  const lost = values.length - finite.length;
  return lost === 0 || files.status.diverged
    ? `${text}.`
    : `${text}. ${lost} of ${values.length} replicas diverged.`;
}

function lossSentence(files: RunFiles): string {
  const last = lastMetrics(files);
  const heldOut = last.get("eval/loss");
  const values = heldOut ?? last.get("train/loss");
  if (values === undefined) return "";
  const mean = finiteMean(values);
  if (Number.isNaN(mean)) return "The loss is not finite.";
  const { best_loss } = files.figures.bounds;
  const best = best_loss === undefined ? "" : `; best possible ${formatNumber(best_loss)}`;
  return `${heldOut ? "Held-out" : "Training"} loss ${formatNumber(mean)}${best}.`;
}

/** What the verdict says for each state of a run. */
const states: Readonly<Record<string, string>> = {
  running: "is still running",
  finished: "finished",
  diverged: "diverged",
  failed: "failed",
  preempted: "was preempted and can be resumed",
  interrupted: "was interrupted",
};

function effortSentence({ status }: RunFiles): string {
  const { state, end_reason, iterations, sequences, seconds, device } = status;
  const how = state === undefined ? "left no state" : states[state] ?? `is in state "${state}"`;
  const effort: string[] = [];
  if (iterations !== undefined) effort.push(`${formatCount(iterations)} iterations`);
  if (sequences !== undefined) effort.push(`${formatCount(sequences)} sequences`);
  let text = `The run ${how}${end_reason ? ` (${end_reason})` : ""}`;
  if (effort.length > 0) text += ` after ${effort.join(" and ")}`;
  if (seconds !== undefined) text += ` in ${formatSeconds(seconds)}`;
  if (device !== undefined) text += ` on ${device}`;
  return `${text}.`;
}
