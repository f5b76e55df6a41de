/** Replicas of a network side by side. */
import { threeDigits } from "./markdown_table.ts";
import { leftOut, type Measured, printMeasured, type Session, type Turn } from "./measured_rows.ts";
import type { WorkloadFacts } from "./measure/workload.ts";
import { runMeasurement, withoutResult } from "./run_measurement.ts";

const NETWORK = "attractor-n64-t1000";

/** Prints times of an iteration of so many replicas of the attractor network at once. */
export function checkReplicas(
  session: Session,
  { counts, seriesMs, until }: { counts: readonly number[]; seriesMs: number; until: number },
): Promise<boolean> {
  /** Milliseconds of one replica: alone, and among those measured last. */
  let alone: number | undefined, each = 0;
  const measure = async (count: number, turn: Turn): Promise<Measured> => {
    const expected = count * each;
    if (2 * expected > turn.limitMs) {
      const [takes, has] = [expected, turn.limitMs].map((ms) => (ms / 1e3).toFixed(0));
      return leftOut(`an iteration would take ${takes} of ${has} s`);
    }
    const name = `${NETWORK}-r${count}`;
    const { facts: { ms, memoryBytes }, ...end } = await runMeasurement<WorkloadFacts>(
      "workload",
      { name, seriesMs },
      turn,
    );
    if (ms === undefined) return withoutResult(end, turn);
    each = ms / count;
    alone ??= ms;
    const figures = [ms, 1e3 / each, alone / each, memoryBytes! / 1e6];
    return { cells: figures.map(threeDigits), passed: true };
  };
  return printMeasured(session, {
    title: `Replicas of ${NETWORK}`,
    text: "The gain is the number of replicas trained a second in multiples of the first row.",
    columns: ["replicas", "measured, ms", "replicas trained, 1/s", "gain", "memory, MB"],
    items: counts,
    until,
    nameOf: String,
    measure,
  });
}
