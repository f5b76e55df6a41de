/** The losses that `train_table.ts` has written, as a problem for searches. */
import { mean } from "../../core/numerics/statistics.ts";
import { choice } from "../../studies/search/testing/sweeps.ts";
import type { SearchProblem } from "../../studies/search/testing/training_to_find.ts";
import { keptRows, type Lattice, lattice, rows, type SizeTable } from "./key_recall.ts";

/** Where they lie. */
export const tableFile = new URL("../../docs/results/search_key_recall.json", import.meta.url);

/** A third of what the two seeds of a good point differ by, in nats. */
const tolerance = 0.02;

const paths = Object.keys(lattice) as (keyof Lattice)[];

/** Search over all points of the lattice, beside a grid of some of them. */
export function keyRecallProblem(): SearchProblem {
  const tables: readonly SizeTable[] = JSON.parse(Deno.readTextFileSync(tableFile));
  const losses = (values: Readonly<Record<string, unknown>>) => {
    const { points } = tables.find(({ hiddenSize }) => hiddenSize === values["model.hidden_size"])!;
    const index = paths.filter((path) => path !== "model.hidden_size").reduce(
      (index, path) => index * lattice[path].length + lattice[path].indexOf(Number(values[path])),
      0,
    );
    return points[index]!;
  };
  return {
    parameters: paths.map((path) => choice(path, ...lattice[path])),
    grid: paths.map((path) => choice(path, ...gridValues(path))),
    rows,
    tolerance,
    scoreAt: (values, row) =>
      mean(losses(values).map((seed) => seed[keptRows.indexOf(row)] ?? NaN)),
  };
}

/** Every second value, and all sizes. */
const gridValues = (path: keyof Lattice): readonly number[] =>
  path === "model.hidden_size"
    ? lattice[path]
    : lattice[path].filter((_, index) => index % 2 === 0);
