/** The newest metrics of a run as a table: a row for each network. */
import type { Replica } from "../../config/replicas.ts";
import type { Numbers } from "../../store/files/json_number.ts";
import { networkColumns, type TidyTable, valueOf } from "./tidy_metrics.ts";

/** The table of a run, from the metrics of its status. */
export function summaryTable(
  { run, replicas, metrics }: {
    run: string;
    replicas: readonly Replica[];
    metrics: Readonly<Record<string, Numbers>>;
  },
): TidyTable {
  const own = networkColumns(run, replicas);
  const names = Object.keys(metrics);
  return {
    columns: [...own.columns, ...names.map((name) => ({ name, type: "number" as const }))],
    *chunks() {
      yield [
        ...own.columns.map((_, column) => own.cells.map((cells) => cells[column]!)),
        ...names.map((name) => replicas.map((_, replica) => valueOf(metrics[name], replica))),
      ];
    },
  };
}
