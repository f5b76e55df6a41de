/** The outcome of an evaluation on sequences in a sentence. */
import { replicaColumn, type SequenceEvaluation } from "../../analysis/evaluate/evaluation.ts";
import { bestText } from "../../store/judged_checkpoint.ts";
import { finiteMean } from "../figures/curve.ts";
import { formatCount } from "../format.ts";
import { factsOf, formatMeasured, formatValue, measured } from "./metric_rows.ts";
import { words } from "./figures.ts";

/** Such as "After 300 updates: recall accuracy 0.3780 [0.3485, 0.4085]; chance 0.1667." */
export function sequenceVerdict(evaluation: SequenceEvaluation): string {
  const { updates, best, score, chance } = evaluation;
  const start = best
    ? capitalized(bestText(best))
    : `After ${formatCount(updates)} update${updates === 1 ? "" : "s"}`;
  // Only a share has a chance level.
  const guesser = chance === null || factsOf(evaluation, score).kind !== "share"
    ? ""
    : `; chance ${chance.toFixed(4)}`;
  return `${start}: ${words(score)} ${scoreText(evaluation)}${guesser}.`;
}

const capitalized = (text: string): string => text[0]!.toUpperCase() + text.slice(1);

function scoreText(evaluation: SequenceEvaluation): string {
  const { networks, score } = evaluation;
  const facts = factsOf(evaluation, score);
  const unit = facts.unit === undefined ? "" : ` ${facts.unit}`;
  const text = (value: number) => formatValue(facts, value) + unit;
  const [first, ...others] = networks.map((network) => ({
    label: network.label,
    ...measured(network, score),
  }));
  if (!first) return "of no network";
  if (others.length === 0) {
    return Number.isFinite(first.value) ? formatMeasured(facts, first) + unit : "is not finite";
  }
  const finite = [first, ...others].filter(({ value }) => Number.isFinite(value))
    .sort((a, b) => a.value - b.value);
  const [low, high] = [finite[0], finite.at(-1)];
  if (!low || !high) return "is finite in no network";
  const lost = networks.length - finite.length;
  const note = lost === 0 ? "" : `; ${lost} of ${networks.length} are not finite`;
  // The networks of a sweep differ in more than their seeds: no setting has their mean.
  if (replicaColumn(networks)[0] !== "seed") {
    const [from, to] = facts.better === undefined ? ["highest", "lowest"] : ["best", "worst"];
    const [one, other] = facts.better === "less" ? [low, high] : [high, low];
    return `${from} ${text(one.value)} (${one.label}), ${to} ${
      text(other.value)
    } (${other.label})${note}`;
  }
  return `${text(finiteMean(finite.map(({ value }) => value)))}, mean of ${finite.length} seeds ` +
    `(${text(low.value)} to ${text(high.value)})${note}`;
}
