/** Data sets for tasks: rows that are split once, shuffled by epochs, and scaled by what is trained. */
import { withDefaults } from "../core/program/with_defaults.ts";
import type { RandomStream } from "../core/random.ts";
import type { Draw, Split } from "../core/training/task.ts";
import { createEpochOrder } from "./epoch_order.ts";
import { fitScale, type Scale } from "./scale.ts";
import { type HeldOutShares, splitRows } from "./split_rows.ts";

/** How the rows of a data set are split. */
export interface DatasetOptions<Row> {
  /**
   * What decides the split of a row, default the row itself: rows of one key are never in two splits. Where rows of
   * one person, text or block must stay together, or only the input of a row counts, that is the key.
   */
  readonly key?: (row: Row) => unknown;
  /** The shares held out, or what says the split of each row, of data that was split by its authors. */
  readonly split?: HeldOutShares | ((row: Row) => Split);
}

/** Rows for training, validation and test, none of which is in two of them. */
export interface Dataset<Row> {
  /** The rows of each split, in an order that depends on their content alone. */
  readonly rows: Readonly<Record<Split, readonly Row[]>>;
  /** How many rows are held out, for the `heldOut` of a task: no more sequences than these are judged. */
  readonly heldOut: Readonly<Record<"validation" | "test", number>>;
  /** How many rows are where, in one line, for the `notes` of a task. */
  readonly summary: string;
  /**
   * The row of a sequence. In training every row comes once an epoch, in an order drawn from the seed and the epoch;
   * held-out rows come in their order, the same ones for every seed, and then again: give the task
   * `heldOut`, so that no row is judged twice. What was asked before does not matter, so resumed
   * runs and threads that draw ahead see the same rows.
   *
   *     sequence(random, draw) {
   *       const { x, y } = data.row(random, draw);
   */
  row(random: RandomStream, draw: Draw): Row;
  /**
   * The scale of some numbers of a row, from the rows of training alone.
   *
   *     const scale = data.scale(({ x }) => x, 8);
   *
   * @param numbers of a row: [size], or [T, size].
   * @param size default 1.
   * @throws RangeError if they are not of that size, or an element is infinite or always missing.
   */
  scale(numbers: (row: Row) => ArrayLike<number>, size?: number): Scale;
}

/**
 * Splits rows into training, validation and test, once and for all: by a hash of the content of each row, or of its
 * key. So a row is in the same split on every machine, with every seed, in any order of the file, and when other
 * rows are added; equal rows are in one split. Shares are met up to chance: of 1000 rows with a share of 0.1,
 * 100 +- 10. Another share of validation leaves the test as it is. A row is plain data: numbers, texts, lists and
 * typed arrays, groups of them.
 *
 * It takes about 10 microseconds a row, and keeps the rows as they are, 8 bytes a row for the splits, and 4 bytes a
 * row and seed for the order of an epoch. A run has a data set twice: a thread of its own draws sequences ahead.
 *
 * @throws RangeError if a split has no rows, or a share is not in (0, 1); TypeError if a key is no plain data.
 * @example
 * const data = dataset(rows, { key: ({ patient }) => patient, split: { validation: 0.1, test: 0.2 } });
 * const scale = data.scale(({ x }) => x, 8);
 */
export function dataset<Row>(
  rows: readonly Row[],
  options: DatasetOptions<Row> = {},
): Dataset<Row> {
  const { key, split } = withDefaults<Required<DatasetOptions<Row>>>("dataset", options, {
    key: (row) => row,
    split: {},
  });
  const { rows: taken, repeated } = splitRows(rows, { key, split });
  const { train, validation, test } = taken;
  const order = createEpochOrder(train.length);
  return {
    rows: taken,
    heldOut: { validation: validation.length, test: test.length },
    summary: `rows: ${train.length} for training, ${validation.length} for validation, ` +
      `${test.length} for the test; ${repeated} repeat the key of another`,
    row({ address }, { split, index }) {
      const own = taken[split];
      return own[split === "train" ? order(address.seed, index) : index % own.length]!;
    },
    scale: (numbers, size = 1) => fitScale(train.values().map(numbers), size),
  };
}
