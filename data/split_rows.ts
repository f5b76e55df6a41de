/** Which rows are held out: a decision made once, by the content of each row. */
import { withDefaults } from "../core/program/with_defaults.ts";
import type { Split } from "../core/training/task.ts";
import { contentHash, hashes } from "./content_hash.ts";

/** The shares of the rows that are held out, above 0 and together below 1. */
export interface HeldOutShares {
  /** Of validation, default 0.1. */
  readonly validation?: number;
  /** Of the test, default 0.1. */
  readonly test?: number;
}

/** Rows by their split. */
export interface SplitRows<Row> {
  /** In the order of their hashes. */
  readonly rows: Readonly<Record<Split, readonly Row[]>>;
  /** Rows whose key a row before them has. */
  readonly repeated: number;
}

/** Held out wins: what is judged was never trained. */
const strictness: readonly Split[] = ["train", "validation", "test"];

/**
 * Splits rows. A hash of the key is a number in [0, 1): below the share of the test a row is of the test, and so on.
 * Rows of one key are in one split, also where `split` is a function that says otherwise: the test wins, then
 * validation.
 *
 * @throws RangeError on shares that leave a split without rows, TypeError on a key that is no plain data.
 */
export function splitRows<Row>(
  rows: readonly Row[],
  { key, split }: {
    key: (row: Row) => unknown;
    split: HeldOutShares | ((row: Row) => Split);
  },
): SplitRows<Row> {
  const chosen = typeof split === "function" ? split : undefined;
  const splitOf = sharesOf(chosen ? {} : split as HeldOutShares);
  const splits = new Map<number, Split>();
  const hashed = rows.map((row) => ({ row, hash: contentHash(key(row)) }));
  for (const { row, hash } of hashed) {
    const own = chosen ? chosen(row) : splitOf(hash);
    const before = splits.get(hash) ?? own;
    splits.set(hash, strictness.indexOf(own) > strictness.indexOf(before) ? own : before);
  }
  // The order of the file does not matter either.
  hashed.sort((a, b) => a.hash - b.hash);
  const taken = Object.fromEntries(
    strictness.map((
      name,
    ) => [name, hashed.filter(({ hash }) => splits.get(hash) === name).map(({ row }) => row)]),
  ) as Record<Split, Row[]>;
  for (const name of strictness) {
    if (taken[name].length > 0) continue;
    const counts = strictness.map((other) => `${taken[other].length} of ${other}`).join(", ");
    throw new RangeError(
      `A data set of ${rows.length} rows (${splits.size} keys) has none of ${name}: ${counts}`,
    );
  }
  return { rows: taken, repeated: rows.length - splits.size };
}

function sharesOf(shares: HeldOutShares): (hash: number) => Split {
  const { validation, test } = withDefaults("split", shares, { validation: 0.1, test: 0.1 });
  if (!(validation > 0 && test > 0 && validation + test < 1)) {
    throw new RangeError(
      `The shares of validation and test must be above 0 and together below 1: they are ${validation} and ${test}`,
    );
  }
  return (hash) => {
    const place = hash / hashes;
    if (place < test) return "test";
    return place < test + validation ? "validation" : "train";
  };
}
