/** Tables for the end of a race, as lines of text. */
import { geometricMean, ratioToFastest, type Result, type TimeOf } from "./compare.ts";
import type { Row } from "./row.ts";

const medianOf: TimeOf = ({ ms }) => ms;
const leastOf: TimeOf = ({ min_ms }) => min_ms;

/** A time with three digits that mean something. */
const inMs = (ms: number): string => ms >= 100 ? ms.toFixed(0) : ms.toPrecision(3);

const timesOf = (row: Row | undefined): string =>
  row ? `${inMs(row.ms)} (${inMs(row.min_ms)})` : "-";

/** Lines with columns of equal width, the first to the left and the others to the right. */
function aligned(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows.map((row) =>
    row.map((cell, column) =>
      column === 0 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!)
    ).join("  ")
  );
}

/** The race: median and least times in ms, and ratios to the fastest of the others. */
export function raceTable(results: readonly Result[]): string[] {
  const engines = [...new Set(results.flatMap(({ peers }) => peers.map(({ engine }) => engine)))];
  const ratioOf = (result: Result, timeOf: TimeOf) => {
    const found = ratioToFastest(result, timeOf);
    return found ? `${found.ratio.toFixed(2)} (${found.engine})` : "-";
  };
  const mean = (timeOf: TimeOf) =>
    geometricMean(results.flatMap((result) => ratioToFastest(result, timeOf)?.ratio ?? []))
      .toFixed(2);
  const raced = results.filter(({ peers }) => peers.length > 0).length;
  const rows = [
    ["median (least), ms", "hebb", ...engines, "ratio", "of least"],
    ...results.map((result) => [
      result.ours.workload,
      timesOf(result.ours),
      ...engines.map((engine) => timesOf(result.peers.find((row) => row.engine === engine))),
      ratioOf(result, medianOf),
      ratioOf(result, leastOf),
    ]),
  ];
  if (raced > 0) {
    const blanks = ["", ...engines.map(() => "")];
    rows.push([`geometric mean of ${raced}`, ...blanks, mean(medianOf), mean(leastOf)]);
  }
  return aligned(rows);
}

/** Floors, and the share that they are of the least times. */
export const floorTable = (results: readonly Result[]): string[] =>
  aligned([
    ["floor, ms", "Mop", "at peak", "MB", "moved in", "floor", "least", "share"],
    ...results.flatMap(({ ours, floor }) =>
      floor
        ? [[
          ours.workload,
          (floor.operations / 1e6).toFixed(1),
          inMs(floor.operationsMs),
          (floor.bytes / 1e6).toFixed(1),
          inMs(floor.bytesMs),
          inMs(floor.ms),
          inMs(ours.min_ms),
          `${(100 * floor.ms / ours.min_ms).toFixed(0)}%`,
        ]]
        : []
    ),
  ]);
