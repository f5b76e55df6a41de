/** A table whose rows are measured one after the other, and printed at once. */
import { deadlines } from "./deadlines.ts";
import { tableHead, tableRow } from "./markdown_table.ts";

/** What all parts of the check share. */
export interface Session {
  /** Milliseconds since it began. */
  readonly now: () => number;
  /** Prints lines of the result. */
  readonly print: (...lines: string[]) => void;
  /** Says what is going on. */
  readonly tell: (line: string) => void;
  /** The check itself is told to end. */
  readonly stop: AbortSignal;
}

/** The time of a measurement; the signal comes when it is over. */
export interface Turn {
  readonly limitMs: number;
  readonly signal: AbortSignal;
}

/** What stands beside the name of a row, and whether nothing is wrong. */
export interface Measured {
  readonly cells: readonly string[];
  readonly passed: boolean;
}

/** A row that says why it has no numbers, which is no fault. */
export const leftOut = (why: string): Measured => ({ cells: [`left out: ${why}`], passed: true });

/** With less, hardly anything comes to a result: then fewer have their turn. */
const TURN_MS = 10_000;

const seconds = (ms: number): string => (ms / 1e3).toFixed(ms < 1e4 ? 1 : 0);

/** A turn of so many milliseconds from now. */
export const turnOf = (limitMs: number, stop: AbortSignal): Turn => ({
  limitMs,
  signal: AbortSignal.any([AbortSignal.timeout(limitMs), stop]),
});

/**
 * Prints a heading, some text and the table of some items, each of which has a share of the time.
 *
 * @returns whether all rows are right.
 */
export async function printMeasured<T>(
  { now, print, tell, stop }: Session,
  { title, text, columns, items, until, nameOf, measure }: {
    title: string;
    text?: string;
    columns: readonly string[];
    items: readonly T[];
    /** When the last has to be done. */
    until: number;
    nameOf: (item: T) => string;
    measure: (item: T, turn: Turn) => Promise<Measured>;
  },
): Promise<boolean> {
  print(`## ${title}`, "", ...text ? [text, ""] : [], tableHead(columns));
  const ends = deadlines(items.map(() => 1), { from: now(), until });
  let passed = true;
  for (const [index, item] of items.entries()) {
    const limitMs = Math.min(Math.max(ends[index]! - now(), TURN_MS), until - now());
    const name = nameOf(item);
    const place = `${index + 1} of ${items.length}`;
    tell(`${title}, ${place}: ${name}, at most ${seconds(Math.max(limitMs, 0))} s`);
    const row = limitMs > 0
      ? await measure(item, turnOf(limitMs, stop))
      : leftOut("no time is left");
    const cells = [name, ...row.cells];
    print(tableRow([...cells, ...columns.slice(cells.length).map(() => "")]));
    passed &&= row.passed;
  }
  print("");
  return passed;
}
