/** The programs that benches time: every model with every learning rule, at a few sizes. */
import type { DeviceName } from "../core/backends/backend.ts";
import { procedureCost } from "../core/schedule/cost.ts";
import { type TableCase, tableCases } from "../core/testing/table_cases.ts";
import { batchOf } from "../core/training/batches.ts";

/** A program with the name that a bench shows. */
export interface BenchCase extends TableCase {
  readonly name: string;
}

const sizes = [
  { size: "small", batch: 1 },
  { size: "default", batch: 1 },
  { size: "default", batch: 16 },
];

/** Most operations of an iteration: the float64 reference, which is timed too, does a few million per second. */
const MOST_OPERATIONS = 5e7;

/**
 * Builds the cases, such as `rnn-bptt-default-b16`. Cases that take the reference too long are left out.
 *
 * @param only keeps cases whose name has this text in it; default: all.
 * @param device that programs are built for; default: the cpu. The cases are the same for all.
 */
export function benchCases(only = "", device?: DeviceName): BenchCase[] {
  const cases = allCases(only).filter(({ program }) =>
    procedureCost(program, "train").operations <= MOST_OPERATIONS
  );
  if (device === undefined) return cases;
  const names = new Set(cases.map(({ name }) => name));
  return allCases(only, device).filter(({ name }) => names.has(name));
}

const allCases = (only: string, device?: DeviceName): BenchCase[] =>
  sizes.flatMap(({ size, batch }) => {
    const nameOf = ({ model, updater }: { model: string; updater: string }) =>
      `${model}-${updater}-${size}-b${batch}`;
    return tableCases({
      small: size === "small",
      sequences: batch,
      device,
      config: { learning_rate: 1e-3 },
      isWanted: (names) => nameOf(names).includes(only),
    })
      .filter(({ program }) => batchOf(program) === batch)
      .map((entry) => ({ ...entry, name: nameOf(entry) }));
  });
