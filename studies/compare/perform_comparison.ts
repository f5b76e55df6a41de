/** Makes a comparison of what was asked for, and trains, lists or reports it as an experiment. */
import { setAssignment } from "../../config/config_file.ts";
import { quote } from "../../config/plain_text.ts";
import { UsageError } from "../../config/usage_error.ts";
import { didYouMean } from "../../core/similar_name.ts";
import type { Experiment } from "../experiment.ts";
import { perform, type RunRequest } from "../perform_experiment.ts";
import { type Comparison, findBaseline, requireComparable } from "./comparison.ts";
import { memoryCells } from "./memory_cells.ts";
import { comparisonReport } from "./report.ts";
import type { Draft } from "./row.ts";
import { fitRows } from "./rows/fit_rows.ts";
import { productOf } from "./rows/product.ts";
import { readRowsFile } from "./rows/rows_file.ts";
import { readVaried } from "./rows/vary.ts";

/** The arguments of the command `compare`. */
export interface ComparisonRequest extends Omit<RunRequest, "command"> {
  /** A set of rows that Hebb brings along. */
  readonly name: string | undefined;
  /** A file of rows. */
  readonly rows: string | undefined;
  readonly task: string | undefined;
  /** Names with commas between. */
  readonly models: string | undefined;
  readonly updaters: string | undefined;
  /** `PATH=VALUE,...` each: all values are compared. */
  readonly vary: readonly string[];
  /** `PATH=VALUE` each, for all rows. */
  readonly set: readonly string[];
  readonly baseline: string | undefined;
  readonly criterion: number;
}

/** Rows that Hebb brings along, by name. */
export const rowSets = { [memoryCells.name]: memoryCells } as const;

type RowSet = Partial<Pick<typeof memoryCells, "studies" | "seeds" | "iterations" | "baseline">> & {
  readonly name: string;
  readonly title: string;
  readonly shared: Draft["own"];
  readonly drafts: readonly Draft[];
};

/**
 * Trains all rows, several at a time, and writes one report. Rows that are trained already are skipped.
 *
 * @returns the exit code.
 * @throws UsageError, before anything is trained, for rows that are wrong or no comparison.
 */
export async function performComparison(request: ComparisonRequest): Promise<number> {
  const comparison = await comparisonOf(request);
  return await perform(experimentOf(comparison), { ...request, command: "compare" });
}

/** The rows that a request asks for, checked. @throws UsageError if they are wrong. */
export async function comparisonOf(request: ComparisonRequest): Promise<Comparison> {
  const { name, title, shared, drafts, ...set } = await rowsOf(request);
  const { criterion } = request;
  const rows = fitRows(drafts, {
    shared,
    varied: readVaried(request.vary),
    set: request.set.map(setAssignment),
  });
  requireComparable(rows, criterion);
  const asked = request.baseline;
  const baseline = findBaseline(
    rows,
    // What is varied renames the rows of a set.
    asked ?? rows.find((row) => row.name === set.baseline)?.name,
  );
  return {
    ...{ name, title, rows, baseline, criterion },
    ...set.studies ? { studies: set.studies } : {},
    seeds: set.seeds ?? [1, 2, 3, 4, 5, 6, 7, 8, 9, 10],
    iterations: set.iterations ?? 2500,
  };
}

async function rowsOf(request: ComparisonRequest): Promise<RowSet> {
  const { name, rows, task, models, updaters, vary } = request;
  const isProduct = [task, models, updaters].some((given) => given !== undefined);
  const ways = [name !== undefined, rows !== undefined, isProduct].filter((given) => given);
  const sets = Object.keys(rowSets);
  if (ways.length > 1) {
    throw new UsageError(
      "compare: rows come from a name, from --rows or from --task, --models and --updaters: give one of these",
    );
  }
  if (name !== undefined) {
    if (Object.hasOwn(rowSets, name)) return rowSets[name as keyof typeof rowSets];
    throw new UsageError(
      `compare: no set of rows is named ${quote(name)}${didYouMean(name, sets)}; there are ${
        sets.join(", ")
      }`,
    );
  }
  if (rows !== undefined) {
    const { title = `Rows of ${rows}`, ...file } = await readRowsFile(rows);
    return { name: nameOfFile(rows), title, ...file };
  }
  if (!isProduct && vary.length === 0) {
    throw new UsageError(
      `compare: expected a set of rows (${
        sets.join(", ")
      }), --rows FILE, or --models, --updaters or --vary`,
    );
  }
  const drafts = productOf({ task, models, updaters });
  return {
    name: "comparison",
    title: "Comparison of models and learning rules",
    shared: [],
    drafts,
  };
}

/** The file's name without folders and ending. */
const nameOfFile = (path: string): string =>
  path.replace(/^.*[/\\]/, "").replace(/\.[^.]*$/, "").replaceAll(",", "-");

const experimentOf = (comparison: Comparison): Experiment => ({
  name: comparison.name,
  summary: comparison.title,
  configurations: comparison.rows,
  ...comparison.studies ? { studies: comparison.studies } : {},
  seeds: comparison.seeds,
  sideBySide: true,
  iterations: comparison.iterations,
  report: (out) => comparisonReport(out, comparison),
});
