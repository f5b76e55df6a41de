/** What searches are compared on. */
import {
  branin,
  type KnownFunction,
  mixed,
  rows,
  scoreAt,
} from "../../studies/search/testing/functions.ts";
import type { SearchProblem } from "../../studies/search/testing/training_to_find.ts";
import { keyRecallProblem } from "./stored_table.ts";

const ofFunction = (known: KnownFunction): SearchProblem => ({
  ...{ grid: known.grid, parameters: known.parameters, rows, tolerance: 0 },
  scoreAt: (values, row) => scoreAt(known, values, row),
});

/** Problems by their names in the table of docs/sweeps.md. */
export const problems: Readonly<Record<string, SearchProblem>> = {
  "Branin's function": ofFunction(branin),
  "four settings of a made-up training": ofFunction(mixed),
  "key recall": keyRecallProblem(),
};
