import { and, argmax, equal, gather, less, lessEqual, mul, where } from "../program/language.ts";
import { crossEntropy } from "./cross_entropy.ts";
import { lagRanges, type Lags } from "./lag_ranges.ts";
import type { Loss, LossStep, SequenceSum } from "./loss.ts";
import type { LossMetric } from "./loss_metric.ts";
import * as metric from "./metric_kinds.ts";

/** A kind of wrong answer: what was right earlier, or what is right of another key. */
export type Mistake = "stale" | "wrong_key";

/** What a task knows of what is recalled. */
export interface RecallOptions {
  /** The lags that can occur; left out: the task gives none. */
  readonly lags?: Lags;
  /** C, symbols, and the kinds of mistakes that can be made; left out: the task tells none. */
  readonly mistakes?: { readonly symbols: number; readonly kinds: readonly Mistake[] };
}

const mistakeFacts = {
  stale: { code: 1, summary: "Share of answers that were right earlier, before they changed." },
  wrong_key: { code: 2, summary: "Share of answers that are what another key has." },
} as const;

/** The code in the input `mistake` of an answer that is a mistake of this kind. */
export const mistakeCode = (kind: Mistake): number => mistakeFacts[kind].code;

/** What each sequence adds to `exact` and to `asked`: 1 if all, and if any, of its answers count. */
const sequenceSums: Readonly<Record<string, SequenceSum>> = {
  asked: { of: ["recalls"], make: (recalls) => less(0, recalls!) },
  exact: {
    of: ["recalls", "recalled"],
    make: (recalls, recalled) => where(less(0, recalls!), equal(recalls!, recalled!), 0),
  },
};

const exactSequences = metric.share("exact", {
  per: "asked",
  needs: ["recall"],
  summary: "Share of sequences in which all that has to be remembered is right.",
});

/**
 * `crossEntropy` that also says how recall fails.
 *
 * Inputs beside those of `crossEntropy`, which only steps with `recall` read: `lag`, steps from the one at which
 * the answer was last shown to the one that asks, if there are `lags`; `mistake` [C], what each symbol would be as
 * an answer: 1 stale, 2 another key's, 0 neither, if there are `mistakes`.
 *
 * Metrics beside its own: `exact_sequences`, by sequence; `recall_lag_1`, ..., `recall_lag_5_to_8`, the recall
 * accuracy at these lags, each lag alone if there are at most 8, else up to the next power of two; `stale_answers`
 * and `wrong_key_answers`, of all answers: with the recall accuracy and other mistakes they make 1.
 *
 * @example
 * const loss = crossEntropyOfRecall({ lags: { least: 1, most: 8 }, mistakes: { symbols: 9, kinds: ["wrong_key"] } });
 */
export function crossEntropyOfRecall({ lags, mistakes }: RecallOptions = {}): Loss {
  const ranges = lags ? lagRanges(lags) : [];
  const kinds = mistakes?.kinds ?? [];
  const metrics: Record<string, LossMetric> = { exact_sequences: exactSequences };
  for (const { name, low, high } of ranges) {
    metrics[`recall_lag_${name}`] = metric.share(`recalled ${name}`, {
      per: `recalls ${name}`,
      needs: ["recall"],
      summary: `Recall accuracy at a lag of ${name.replaceAll("_", " ")}.`,
      along: { series: "recall by lag", axis: "lag (steps)", low, high },
    });
  }
  for (const kind of kinds) {
    const { summary } = mistakeFacts[kind];
    metrics[`${kind}_answers`] = metric.share(kind, {
      ...{ per: "recalls", needs: ["recall"], better: "less" },
      summary,
    });
  }
  return {
    ...crossEntropy,
    inputs: {
      ...crossEntropy.inputs,
      ...ranges.length > 0 ? { lag: [] } : {},
      ...mistakes ? { mistake: [mistakes.symbols] } : {},
    },
    step(step): LossStep {
      const { sums, ...judged } = crossEntropy.step(step);
      const { recalls, recalled } = sums;
      const { lag, mistake, mask } = step.targets;
      const atLags = ranges.flatMap(({ name, low, high }) => {
        const is = low === high
          ? equal(lag!, low)
          : and(lessEqual(low, lag!), lessEqual(lag!, high));
        return [[`recalls ${name}`, mul(recalls!, is)], [`recalled ${name}`, mul(recalled!, is)]];
      });
      const made = mistake && gather(mistake, argmax(where(mask!, step.output, 0)));
      const ofKinds = kinds.map((kind) => [kind, mul(recalls!, equal(made!, mistakeCode(kind)))]);
      return { ...judged, sums: { ...sums, ...Object.fromEntries([...atLags, ...ofKinds]) } };
    },
    sequenceSums,
    metrics: { ...crossEntropy.metrics, ...metrics },
  };
}
