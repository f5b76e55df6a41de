/** The programs that benches time: every model with every learning rule, at a few sizes. */
import { procedureCost } from "../core/schedule/cost.ts";
import { type TableCase, tableCases } from "../core/testing/table_cases.ts";
import { batchOf } from "../core/training/batches.ts";

export interface BenchCase extends TableCase {
  readonly name: string;
}

const sizes = [
  { size: "small", batch: 1 },
  { size: "default", batch: 1 },
  { size: "default", batch: 16 },
];

/** Of an iteration: float64 does a few million a second, and is timed as well. */
const MOST_OPERATIONS = 5e7;

/**
 * Builds the cases, such as `rnn-bptt-default-b16`; those that take float64 too long are left out.
 *
 * @param only a part of the names wanted; all by default.
 */
export function benchCases(only = ""): BenchCase[] {
  return sizes.flatMap(({ size, batch }) => {
    const nameOf = ({ model, updater }: { model: string; updater: string }) =>
      `${model}-${updater}-${size}-b${batch}`;
    return tableCases({
      small: size === "small",
      sequences: batch,
      config: { learning_rate: 1e-3 },
      isWanted: (names) => nameOf(names).includes(only),
    })
      .filter(({ program }) =>
        batchOf(program) === batch &&
        procedureCost(program, "train").operations <= MOST_OPERATIONS
      )
      .map((each) => ({ ...each, name: nameOf(each) }));
  });
}
