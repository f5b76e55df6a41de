/** The metrics of a run as a tidy table: a row for each network at each logged iteration. */
import { join } from "node:path";
import type { Replica } from "../../config/replicas.ts";
import { readMetrics } from "../../store/files/metrics.ts";
import { textOf } from "../../store/index/select_runs.ts";

/** Texts, integers, or numbers that may be missing. */
export type ColumnType = "text" | "integer" | "number";

export interface TidyColumn {
  readonly name: string;
  readonly type: ColumnType;
}

/** A value of a column; null: it is missing. */
export type Cell = string | number | null;

export interface TidyTable {
  readonly columns: readonly TidyColumn[];
  /** The rows in stretches that fit into memory: by column, each [rows]. */
  readonly chunks: () => Generator<Cell[][]>;
}

/** Most cells of a stretch. */
const MOST_CELLS = 2 ** 20;

/**
 * The table of a run. Its columns are the run, the number and seed of the network, values of swept settings,
 * iteration, sequences, seconds, and all metrics of the log.
 *
 * The log is read twice, since which metrics there are is known only at its end.
 */
export function tidyMetrics(
  folder: string,
  { run, replicas }: { run: string; replicas: readonly Replica[] },
): TidyTable {
  const log = join(folder, "metrics.jsonl");
  const own = networkColumns(run, replicas);
  const names = new Set<string>();
  for (const { values } of readMetrics(log)) for (const name in values) names.add(name);
  const columns: TidyColumn[] = [
    ...own.columns,
    { name: "iteration", type: "integer" },
    { name: "sequences", type: "integer" },
    { name: "seconds", type: "number" },
    ...[...names].map((name): TidyColumn => ({ name, type: "number" })),
  ];
  return {
    columns,
    *chunks() {
      const most = Math.max(1, Math.floor(MOST_CELLS / columns.length));
      let chunk: Cell[][] = columns.map(() => []);
      for (const { iteration, sequences, seconds, values } of readMetrics(log)) {
        for (const [replica, cells] of own.cells.entries()) {
          let column = 0;
          for (const cell of cells) chunk[column++]!.push(cell);
          chunk[column++]!.push(iteration);
          chunk[column++]!.push(sequences);
          chunk[column++]!.push(seconds);
          for (const name of names) chunk[column++]!.push(valueOf(values[name], replica));
          if (chunk[0]!.length < most) continue;
          yield chunk;
          chunk = columns.map(() => []);
        }
      }
      if (chunk[0]!.length > 0) yield chunk;
    },
  };
}

/**
 * What a network is, in every row of it: the run, its number and seed, and its values of swept settings.
 *
 * @returns the columns, and their cells by network.
 */
export function networkColumns(
  run: string,
  replicas: readonly Replica[],
): { columns: readonly TidyColumn[]; cells: readonly (readonly Cell[])[] } {
  const swept = Object.keys(replicas[0]?.settings ?? {});
  return {
    columns: [
      { name: "run", type: "text" },
      { name: "replica", type: "integer" },
      { name: "seed", type: "integer" },
      ...swept.map((name): TidyColumn => ({ name, type: sweptType(replicas, name) })),
    ],
    cells: replicas.map(({ seed, settings }, replica) => [
      run,
      replica,
      seed,
      ...swept.map((name) => cellOf(settings[name])),
    ]),
  };
}

/** The value of a network; of one number, that of the only network. */
export const valueOf = (values: number | readonly number[] | undefined, replica: number): Cell =>
  typeof values === "number" ? values : values?.[replica] ?? null;

const sweptType = (replicas: readonly Replica[], name: string): ColumnType =>
  replicas.every(({ settings }) => typeof settings[name] === "number") ? "number" : "text";

const cellOf = (value: unknown): Cell => typeof value === "number" ? value : textOf(value);
