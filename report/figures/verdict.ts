/** The outcome of a run in a few sentences. */
import { formatCount, formatSeconds, formatShare } from "../format.ts";
import { capitalised, formatMetric, wordsOf } from "../metric_words.ts";
import { outcomeOf } from "../outcome.ts";
import { replicaCount } from "../replica_names.ts";
import type { RunFiles } from "../run_files.ts";
import type { SweepNames } from "../sweep_names.ts";
import { finiteMean } from "./curve.ts";
import { divergenceSentence } from "./divergence_sentence.ts";
import { explodedNetworks, explodedWords } from "./exploded.ts";
import { headline, type Measure } from "./headline.ts";
import { lastMetrics } from "./last_metrics.ts";

/** Plain text, such as "Recall accuracy 0.99 on held-out sequences; chance 0.17. Loss ...". */
export function verdict(files: RunFiles): string {
  const sentences = files.sweep ? sweepSentences(files, files.sweep) : [
    levelSentence(files),
    goalSentence(files),
    ...headline(files).map((measure) => measureSentence(files, measure)),
  ];
  return [...sentences, divergenceSentence(files), effortSentence(files)]
    .filter((sentence) => sentence !== "").join(" ");
}

function levelSentence(files: RunFiles): string {
  const passed = lastMetrics(files).get("curriculum/passed")?.filter(Number.isFinite) ?? [];
  if (passed.length === 0) return "";
  const [low, high] = [Math.min(...passed), Math.max(...passed)];
  const { levels } = files.figures;
  if (levels && high < levels.first) return "No level passed.";
  const name = levels ? `Level ${levels.symbol} =` : "Level";
  const how = levels && !levels.is_verified
    ? ` by ${levels.streak} good training batches in a row, which fresh sequences have not confirmed`
    : "";
  return `${name} ${low === high ? high : `${low} to ${high}`} passed${how}.`;
}

/** Whether a goal was reached, of a task that has one. */
function goalSentence(files: RunFiles): string {
  const last = lastMetrics(files);
  const reached = last.get("goal/reached") ?? [];
  if (reached.length === 0) return "";
  const updates = (last.get("goal/updates") ?? []).filter(Number.isFinite);
  const [low, high] = [Math.min(...updates), Math.max(...updates)];
  if (updates.length === 0) return "The goal was not reached.";
  const whose = reached.length === 1 ? "" : ` by ${updates.length} of ${reached.length} replicas`;
  const when = low === high
    ? counted(low, "update")
    : `${formatCount(low)} to ${counted(high, "update")}`;
  return `The goal was reached${whose} after ${when}.`;
}

/** A metric on the most telling sequences, with what it is held against. */
function measureSentence(files: RunFiles, measure: Measure): string {
  const { name, where, values, facts } = measure;
  const finite = values.filter(Number.isFinite);
  const words = capitalised(wordsOf(name));
  if (finite.length === 0) return `${words} ${where} is not finite.`;
  const format = (value: number) => formatMetric(facts, value);
  let text = `${words} ${format(finiteMean(values))} ${where}`;
  if (values.length > 1) {
    text += `, mean of ${finite.length} replicas (${format(Math.min(...finite))} to ${
      format(Math.max(...finite))
    })`;
  }
  const lost = values.length - finite.length;
  return `${text}${against(files, measure)}.${
    lost === 0 || files.status.diverged ? "" : ` ${lost} of ${values.length} replicas diverged.`
  }`;
}

/** What a score or a loss is held against: chance, with the interval if it is known, or the best possible. */
function against({ figures }: RunFiles, { name, split, facts, values }: Measure): string {
  const { chance, best_loss } = figures.bounds;
  if (name === "loss") {
    return best_loss === undefined ? "" : `; best possible ${formatMetric(facts, best_loss)}`;
  }
  const intervals = split === "test" ? figures.intervals ?? [] : [];
  const [first] = intervals;
  if (facts.kind !== "share") {
    return first && values.length === 1
      ? ` (95% interval ${formatMetric(facts, first.low)} to ${formatMetric(facts, first.high)})`
      : "";
  }
  if (!first || intervals.length !== values.length) {
    return chance === undefined ? "" : `; chance ${formatShare(chance)}`;
  }
  if (intervals.length === 1) {
    const interval = `95% interval ${formatShare(first.low)} to ${formatShare(first.high)}`;
    if (chance === undefined) return ` (${interval})`;
    const side = first.low > chance ? "above" : first.high < chance ? "below" : "not above";
    return `, ${side} chance, ${formatShare(chance)} (${interval})`;
  }
  if (chance === undefined) return "";
  const above = intervals.filter(({ low }) => low > chance).length;
  return `; ${above} of ${intervals.length} are above chance, ${
    formatShare(chance)
  }, by their 95% intervals`;
}

/** The points of a sweep: a mean over all of them would be the result of no setting. */
function sweepSentences(files: RunFiles, { points, labels }: SweepNames): string[] {
  const seeds = labels.length / points.length;
  const intro = `A sweep of ${points.length} points with ${seeds} seed${
    seeds === 1 ? "" : "s"
  } each.`;
  const measures = headline(files).filter(({ values }) => values.length === labels.length);
  return [...measures.map((measure) => extremes(measure, points)), intro, explodedSentence(files)];
}

/** How many networks exploded; empty if none did. */
function explodedSentence(files: RunFiles): string {
  const exploded = explodedNetworks(files);
  const count = exploded?.values.filter((value) => value === 1).length ?? 0;
  // Without a threshold these are the networks whose loss is not finite, which is told already.
  if (exploded?.loss === undefined || count === 0) return "";
  const all = exploded.values.length;
  return `${count} of ${all} networks exploded, a share of ${(count / all).toFixed(3)} ` +
    `(${explodedWords(files, exploded)}).`;
}

/** The highest and the lowest mean of a point, and which points these are. */
function extremes({ name, where, values, facts }: Measure, points: SweepNames["points"]): string {
  const words = `${capitalised(wordsOf(name))} ${where}`;
  const means = points.flatMap(({ label, replicas }) => {
    const mean = finiteMean(replicas.map((replica) => values[replica]!));
    return Number.isFinite(mean) ? [{ label, mean }] : [];
  }).sort((a, b) => a.mean - b.mean);
  const lost = points.length - means.length;
  const note = lost === 0 ? "" : ` At ${lost} of ${points.length} points it is not finite.`;
  const [low, high] = [means[0], means.at(-1)];
  if (!low || !high) return `${words} is not finite at any point.`;
  const [first, second] = facts.better === "less" ? [low, high] : [high, low];
  const text = ({ label, mean }: typeof low) => `${formatMetric(facts, mean)} at ${label}`;
  if (means.length === 1) return `${words}: ${text(first)}.${note}`;
  if (low.mean === high.mean) {
    const where = lost === 0 ? "every point" : `the other ${means.length} points`;
    return `${words}: ${formatMetric(facts, low.mean)} at ${where}.${note}`;
  }
  const [from, to] = facts.better === undefined ? ["highest", "lowest"] : ["best", "worst"];
  return `${words}: ${from} ${text(first)}, ${to} ${text(second)}.${note}`;
}

function effortSentence(files: RunFiles): string {
  const { status } = files;
  const { iterations, sequences, seconds, device } = status;
  const effort: string[] = [];
  if (iterations !== undefined) effort.push(counted(iterations, "iteration"));
  if (sequences !== undefined) {
    const whose = replicaCount(files) > 1 ? " of each replica" : "";
    effort.push(counted(sequences, "sequence") + whose);
  }
  let text = `The run ${outcomeOf(status)}`;
  if (effort.length > 0) text += ` after ${effort.join(" and ")}`;
  if (seconds !== undefined) text += ` in ${formatSeconds(seconds)}`;
  if (device !== undefined) text += ` on ${device}`;
  return `${text}.`;
}

const counted = (count: number, word: string): string =>
  `${formatCount(count)} ${word}${count === 1 ? "" : "s"}`;
