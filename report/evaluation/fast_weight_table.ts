/** What fast weights carry: the ways to treat them side by side, with their differences. */
import {
  type FastWeightEvaluation,
  replicaColumn,
  type SequenceEvaluation,
} from "../../analysis/evaluate/evaluation.ts";
import { intervalOverNetworks } from "../../core/numerics/over_networks.ts";
import type { Table } from "../html.ts";
import { withUnit } from "../metric_words.ts";
import { factsOf, formatMeasured, type Measured, measured, metricNames } from "./metric_rows.ts";

/** What the ways are, in the words of a page. */
export const FAST_WEIGHT_NOTE =
  "Fast weights on: the rule writes highly plastic weights while a sequence runs, all others stay as they " +
  "are. Off: highly plastic weights are 0. Carried: as on, but kept from sequence to sequence, of those in " +
  "the same place of their batches. All: as in training, where the rule writes slow weights and biases inside a " +
  "sequence too. Differences compare each sequence with itself. Carried sequences depend on those before, so that " +
  "their intervals are rough.";

/** A row for each metric and network, and for the mean of several seeds; empty if nothing was compared. */
export function fastWeightTable(
  evaluation: SequenceEvaluation,
  words: (name: string) => string,
): Table | undefined {
  const ways = evaluation.fast_weights ?? [];
  const [first, ...others] = ways;
  if (!first) return undefined;
  const { networks } = evaluation;
  const [column, nameOf] = replicaColumn(networks);
  const isMany = networks.length > 1;
  const hasMean = isMany && column === "seed";
  const rows = metricNames(evaluation).flatMap((name) => {
    const facts = factsOf(evaluation, name);
    const title = withUnit(words(name), facts);
    const cells = (of: (way: FastWeightEvaluation, isDifference: boolean) => Measured) =>
      [...ways.map((way) => of(way, false)), ...others.map((way) => of(way, true))]
        .map((value) => formatMeasured(facts, value));
    const valueOf = (index: number) => (way: FastWeightEvaluation, isDifference: boolean) => {
      const network = way.networks[index]!;
      return isDifference ? differenceOf(network.differences[name]) : measured(network, name);
    };
    return [
      ...networks.map((network, index) => [
        title,
        ...isMany ? [nameOf(network)] : [],
        ...cells(valueOf(index)),
      ]),
      ...hasMean
        ? [[
          title,
          `mean of ${networks.length}`,
          ...cells((way, isDifference) =>
            meanOf(
              networks.map((_, index) => valueOf(index)(way, isDifference).value),
              { isShare: facts.kind === "share" && !isDifference, sequences: evaluation.sequences },
            )
          ),
        ]]
        : [],
    ];
  });
  return {
    columns: [
      "metric",
      ...isMany ? [column] : [],
      ...ways.map(({ mode }) => `${mode} [95 %]`),
      ...others.map(({ mode }) => `${first.mode} - ${mode} [95 %]`),
    ],
    rows,
  };
}

type Differences = FastWeightEvaluation["networks"][number]["differences"];

const differenceOf = (difference: Differences[string] | undefined): Measured => ({
  value: difference?.value ?? NaN,
  ...difference?.interval ? { interval: difference.interval } : {},
});

/** The mean over networks, with an interval over them; none where all of them are alike, which does not tell. */
function meanOf(
  values: readonly number[],
  options: { isShare: boolean; sequences: number },
): Measured {
  const value = values.reduce((sum, value) => sum + value, 0) / values.length;
  const interval = Number.isFinite(value) ? intervalOverNetworks(values, options) : undefined;
  return interval && interval.low < interval.high ? { value, interval } : { value };
}
