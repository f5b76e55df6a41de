/** The metrics of a run as a report draws them, collected in bounded memory however long the log is. */
import { parseJson } from "../config/parse_json.ts";
import { DamagedFileError } from "../store/files/damaged_file_error.ts";
import { fromJsonNumber } from "../store/files/json_number.ts";
import { createThinCurve, type CurvePoint, type ThinCurve } from "./thin_curve.ts";

export interface CurveValues {
  /** Kept rows, as indices of the columns of `RunMetrics`. */
  readonly rows: readonly number[];
  /** [rows][P] */
  readonly values: readonly (readonly number[])[];
}

/** One metric over the rows of a log, thinned to what a screen can show. */
export interface LoggedCurve extends CurveValues {
  /** The mean of each stretch of logged values. */
  readonly averages: CurveValues;
  /** Logged values that two drawn ones stand for, the lowest and the highest; 1: all are kept. */
  readonly stretch: number;
}

export interface RunMetrics {
  /** Logged rows. */
  readonly count: number;
  /** [kept rows] their numbers in the log. */
  readonly rows: readonly number[];
  /** [kept rows] the clocks that every row holds. */
  readonly clocks: Readonly<Partial<Record<Clock, readonly number[]>>>;
  readonly curves: ReadonlyMap<string, LoggedCurve>;
  /** The last values [P] of each metric. */
  readonly last: ReadonlyMap<string, readonly number[]>;
}

/** Columns of `metrics.jsonl` that tell the time, not a result. */
export const clockNames = ["iteration", "sequences", "seconds"] as const;
export type Clock = typeof clockNames[number];

type Values = number | number[] | string;

/**
 * Collects the rows of a log. A last line that a crash cut short is dropped.
 *
 * @param lines in order, as texts.
 * @throws DamagedFileError for another line that is no row
 */
export function collectMetrics(lines: Iterable<string>): RunMetrics {
  const curves = new Map<string, ThinCurve>();
  const held = clockNames.map(() => 0);
  let row = 0;
  for (const values of rowsOf(lines)) {
    const clocks = clockNames.map((name, index) => {
      const value = values[name];
      const clock = Array.isArray(value) ? value[0] : value;
      if (typeof clock !== "number") return undefined;
      held[index]!++;
      return clock;
    });
    for (const name in values) {
      const value = values[name]!;
      if (typeof value === "string" || Array.isArray(value) && value.length === 0) continue;
      let curve = curves.get(name);
      if (!curve) curves.set(name, curve = createThinCurve());
      curve.add(value, { row, clocks });
    }
    row++;
  }
  const isHeld = clockNames.map((_, index) => row > 0 && held[index] === row);
  return metricsOf(curves, { count: row, isHeld });
}

function metricsOf(
  thinned: ReadonlyMap<string, ThinCurve>,
  { count, isHeld }: { count: number; isHeld: readonly boolean[] },
): RunMetrics {
  const curves = [...thinned].map(([name, curve]) => ({ name, ...curve.result() }));
  const clocksOf = new Map(
    curves.flatMap(({ points }) => points.map(({ row, clocks }) => [row, clocks] as const)),
  );
  const rows = [...clocksOf.keys()].sort((a, b) => a - b);
  const indices = new Map(rows.map((row, index) => [row, index]));
  const valuesOf = (points: readonly CurvePoint[]): CurveValues => ({
    rows: points.map(({ row }) => indices.get(row)!),
    values: points.map(({ values }) => values),
  });
  const clocks = clockNames.flatMap((name, clock) =>
    isHeld[clock] ? [[name, rows.map((row) => clocksOf.get(row)![clock]!)] as const] : []
  );
  return {
    count,
    rows,
    clocks: Object.fromEntries(clocks),
    curves: new Map(curves.map(({ name, points, averages, stretch }) => [name, {
      ...valuesOf(points),
      averages: valuesOf(averages),
      stretch,
    }])),
    last: new Map([...thinned].map(([name, curve]) => [name, curve.last()])),
  };
}

function* rowsOf(lines: Iterable<string>): Generator<Record<string, Values>> {
  let number = 0;
  // The error of a line that may be the last one.
  let torn: DamagedFileError | undefined;
  for (const line of lines) {
    number++;
    if (line.trim() === "") continue;
    if (torn) throw torn;
    const at = `metrics.jsonl:${number}`;
    let row: unknown;
    try {
      row = parseJson(line);
    } catch (error) {
      torn = new DamagedFileError(at, `is not JSON: ${(error as Error).message}`, { cause: error });
      continue;
    }
    yield checkRow(row, at);
  }
}

/** Turns the texts of numbers that JSON lacks into numbers, in place. */
function checkRow(row: unknown, at: string): Record<string, Values> {
  if (typeof row !== "object" || row === null || Array.isArray(row)) {
    throw new DamagedFileError(at, "expected an object of metrics");
  }
  const values = row as Record<string, unknown>;
  for (const name in values) {
    const value = values[name];
    if (typeof value === "number") continue;
    const read = Array.isArray(value) ? value.map(numberOf) : numberOf(value) ?? value;
    const isValue = Array.isArray(read)
      ? !read.includes(undefined)
      : typeof read === "number" || typeof read === "string";
    if (!isValue) {
      throw new DamagedFileError(`${at}, ${name}`, "expected a number, or one a replica");
    }
    values[name] = read;
  }
  return values as Record<string, Values>;
}

/** JSON made by others writes NaN as null. */
const numberOf = (value: unknown): number | undefined =>
  value === null ? NaN : fromJsonNumber(value);
