/** Workloads beside the model of memory traffic and their floor. */
import { threeDigits } from "./markdown_table.ts";
import { type Measured, printMeasured, type Session, type Turn } from "./measured_rows.ts";
import type { WorkloadFacts } from "./measure/workload.ts";
import { runMeasurement, withoutResult } from "./run_measurement.ts";

/** How measurements of workloads are made, and compared. */
export interface Effort {
  /** About how long a series of iterations takes. */
  readonly seriesMs: number;
  /** Of the memory, in bytes a millisecond. */
  readonly bandwidth: number;
}

const columns = ["workload", "launches", "barriers", "floor, MB", "model, ms", "measured, ms"]
  .concat("host, ms", "measured / model", "measured / floor", "timed", "first result, s");

/**
 * Prints the times of an iteration of each workload.
 *
 * @param measured gets what is known of each that was measured.
 * @returns whether nothing went wrong.
 */
export function checkWorkloads(
  session: Session,
  { names, until, effort, measured, ...heading }: {
    title: string;
    text?: string;
    names: readonly string[];
    until: number;
    effort: Effort;
    measured: Map<string, WorkloadFacts>;
  },
): Promise<boolean> {
  const measure = async (name: string, turn: Turn): Promise<Measured> => {
    const options = { name, seriesMs: effort.seriesMs };
    const { facts, ...end } = await runMeasurement<WorkloadFacts>("workload", options, turn);
    const known = modelCells(facts, effort);
    if (facts.ms === undefined) {
      const { cells, passed } = withoutResult(end, turn);
      return { cells: [...known, ...cells], passed };
    }
    measured.set(name, facts as WorkloadFacts);
    return { cells: [...known, ...timeCells(facts as WorkloadFacts, effort)], passed: true };
  };
  return printMeasured(session, {
    ...heading,
    columns,
    items: names,
    until,
    nameOf: (name) => name,
    measure,
  });
}

/** What is known without a measurement; nothing of a workload whose model is not there yet. */
const modelCells = (
  { launches, barriers, floorBytes, sectorBytes }: Partial<WorkloadFacts>,
  { bandwidth }: Effort,
): string[] =>
  [launches, barriers].map((count) => String(count ?? ""))
    .concat([floorBytes! / 1e6, sectorBytes! / bandwidth].map(threeDigits));

const timeCells = (
  { ms, hostMs, sectorBytes, floorBytes, runs, firstSeconds }: WorkloadFacts,
  { bandwidth }: Effort,
): string[] =>
  [ms, hostMs, ms * bandwidth / sectorBytes, ms * bandwidth / floorBytes, runs, firstSeconds]
    .map(threeDigits);
